import { formatBytes, LIMITS, MOST_LAYERS } from "../files/budget.js";
import { float } from "../files/json-text.js";
import { shown, shownValue } from "../files/shown.js";

/** The three families of encoder that signmix reads. */
export type EncoderFamily = "bert" | "roberta" | "distilbert";

/** Families by the libraries' name of a model (`model_type`). XLM-RoBERTa and CamemBERT compute what RoBERTa does. */
const FAMILIES: Readonly<Record<string, EncoderFamily>> = {
  bert: "bert",
  roberta: "roberta",
  "xlm-roberta": "roberta",
  camembert: "roberta",
  distilbert: "distilbert",
};

/** Shape and constants of an encoder, the same names for every family. */
export interface EncoderConfig {
  family: EncoderFamily;
  vocabSize: number;
  hiddenSize: number;
  layers: number;
  heads: number;
  intermediateSize: number;
  /** Rows of the position table. RoBERTa's first two are not used for tokens. */
  maxPositions: number;
  /** Segment embeddings: 2 for BERT, 1 for RoBERTa, 0 for DistilBERT. */
  typeVocabSize: number;
  layerNormEpsilon: number;
  padTokenId: number;
  activation: "gelu" | "relu" | "gelu_new";
  /** The libraries' name of the model (`model_type`) where it is not the family's: `xlm-roberta`, `camembert`. */
  modelType?: string;
}

/** Most rows of an embedding, and widest layer, that a configuration may ask for. */
const MOST_ROWS = 4_000_000;
const MOST_WIDTH = 131_072;

/** A `config.json` of the Hugging Face layout, as parsed. */
export type CheckpointConfig = Record<string, unknown>;

/**
 * Reads the Hugging Face configuration of a BERT, RoBERTa (XLM-RoBERTa, CamemBERT) or DistilBERT checkpoint.
 *
 * @throws if the model is of another family, or of a variant whose arithmetic differs
 */
export function fromCheckpointConfig(json: CheckpointConfig): EncoderConfig {
  const family = familyNamed(json.model_type);
  const number = (key: string, otherwise?: number): number => {
    const value = json[key] ?? otherwise;
    if (value === undefined) throw new Error(`config.json lacks "${key}".`);
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
      throw new Error(`config.json needs a number ≥ 0 at "${key}", not ${shownValue(json[key])}.`);
    }
    return value;
  };
  const whole = (key: string, most: number, otherwise?: number): number => {
    const value = number(key, otherwise);
    if (Number.isInteger(value) && value <= most) return value;
    throw new Error(`config.json has ${shown(value)} at "${key}"; it must be a whole number up to ${most}.`);
  };
  const distil = family === "distilbert";
  const config: EncoderConfig = {
    family,
    vocabSize: whole("vocab_size", MOST_ROWS),
    hiddenSize: whole(distil ? "dim" : "hidden_size", MOST_WIDTH),
    layers: whole(distil ? "n_layers" : "num_hidden_layers", MOST_LAYERS),
    heads: whole(distil ? "n_heads" : "num_attention_heads", MOST_WIDTH),
    intermediateSize: whole(distil ? "hidden_dim" : "intermediate_size", MOST_WIDTH),
    maxPositions: whole("max_position_embeddings", MOST_ROWS),
    typeVocabSize: distil ? 0 : whole("type_vocab_size", MOST_ROWS, 2),
    layerNormEpsilon: distil ? 1e-12 : number("layer_norm_eps", 1e-12),
    padTokenId: whole("pad_token_id", MOST_ROWS, family === "roberta" ? 1 : 0),
    activation: activationOf(json[distil ? "activation" : "hidden_act"] ?? "gelu"),
    ...(json.model_type !== family && { modelType: json.model_type as string }),
  };
  if (config.hiddenSize % config.heads !== 0) {
    throw new Error(`A hidden size of ${config.hiddenSize} does not divide into ${config.heads} attention heads.`);
  }
  refuseVariants(json);
  const numbers = Object.values(encoderShapes(config)).reduce(
    (sum, shape) => sum + shape.reduce((a, b) => a * b, 1),
    0,
  );
  if (!(4 * numbers <= LIMITS.encoder.bytes)) {
    const limit = formatBytes(LIMITS.encoder.bytes);
    throw new Error(`config.json asks for an encoder of ${formatBytes(4 * numbers)}; up to ${limit} are read.`);
  }
  return config;
}

/**
 * A family by its name in the libraries (`model_type`).
 *
 * @throws if signmix does not know it
 */
export function familyNamed(name: unknown): EncoderFamily {
  if (typeof name === "string" && Object.hasOwn(FAMILIES, name)) return FAMILIES[name];
  const known = Object.keys(FAMILIES).join(", ");
  if (name === undefined) throw new Error(`"model_type" is missing; signmix knows models of type ${known}.`);
  throw new Error(`A model of type "${shown(name)}" computes otherwise than those that signmix knows: ${known}.`);
}

function activationOf(name: unknown): EncoderConfig["activation"] {
  if (name === "gelu" || name === "relu" || name === "gelu_new") return name;
  throw new Error(`config.json names the activation "${shown(name)}"; signmix has gelu, gelu_new and relu.`);
}

function refuseVariants(json: CheckpointConfig): void {
  const positions = json.position_embedding_type ?? "absolute";
  if (positions !== "absolute") {
    throw new Error(`The encoder has "${shown(positions)}" positions; signmix has absolute ones only.`);
  }
  if (json.is_decoder === true || json.add_cross_attention === true) {
    throw new Error("The checkpoint is a decoder; signmix reads encoders.");
  }
}

/** The Hugging Face `config.json` of an encoder, without heads. */
export function toCheckpointConfig(config: EncoderConfig): CheckpointConfig {
  const common = {
    model_type: config.modelType ?? config.family,
    vocab_size: config.vocabSize,
    max_position_embeddings: config.maxPositions,
    pad_token_id: config.padTokenId,
    initializer_range: float(0.02),
  };
  if (config.family === "distilbert") {
    return {
      ...common,
      dim: config.hiddenSize,
      n_layers: config.layers,
      n_heads: config.heads,
      hidden_dim: config.intermediateSize,
      activation: config.activation,
    };
  }
  return {
    ...common,
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    intermediate_size: config.intermediateSize,
    type_vocab_size: config.typeVocabSize,
    layer_norm_eps: float(config.layerNormEpsilon),
    hidden_act: config.activation,
    position_embedding_type: "absolute",
  };
}

/** Every tensor an encoder of this shape must have, by name; the pooler, which it may have, is left out. */
export function encoderShapes(config: EncoderConfig): Record<string, number[]> {
  const { hiddenSize: hidden, intermediateSize: inner } = config;
  const shapes: Record<string, number[]> = {
    "embeddings.word_embeddings.weight": [config.vocabSize, hidden],
    "embeddings.position_embeddings.weight": [config.maxPositions, hidden],
  };
  if (config.typeVocabSize > 0) shapes["embeddings.token_type_embeddings.weight"] = [config.typeVocabSize, hidden];
  const norm = (name: string) => Object.assign(shapes, { [`${name}.weight`]: [hidden], [`${name}.bias`]: [hidden] });
  const linear = (name: string, outSize: number, inSize: number) =>
    Object.assign(shapes, { [`${name}.weight`]: [outSize, inSize], [`${name}.bias`]: [outSize] });
  norm("embeddings.LayerNorm");
  for (let layer = 0; layer < config.layers; layer++) {
    const prefix = `encoder.layer.${layer}`;
    for (const matrix of ["query", "key", "value"]) linear(`${prefix}.attention.self.${matrix}`, hidden, hidden);
    linear(`${prefix}.attention.output.dense`, hidden, hidden);
    norm(`${prefix}.attention.output.LayerNorm`);
    linear(`${prefix}.intermediate.dense`, inner, hidden);
    linear(`${prefix}.output.dense`, hidden, inner);
    norm(`${prefix}.output.LayerNorm`);
  }
  return shapes;
}
