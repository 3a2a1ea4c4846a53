import { type Encoder, requireEncoder } from "../encoder/encoder.js";
import { type HeadConfig, standardHead, under } from "../encoder/heads.js";
import { createRandom, requireSeed } from "../engine/random.js";
import { float32, type NamedTensorData, sizeOf } from "../engine/tensor-data.js";
import { hasFields, refuseArgument, requireList } from "../files/arguments.js";
import { MOST_CLASSES } from "../files/budget.js";
import { checkOptions, requireOptions } from "../files/options.js";

/** A classification head: trained with an adapter, never mixed. */
export interface Head {
  name: string;
  config: HeadConfig;
  /** Class names; the logits are in this order. */
  labels: string[];
  /** `out.weight` [classes, hidden], `out.bias`; with two layers also `dense.weight` [hidden, hidden], `dense.bias`. */
  tensors: NamedTensorData;
  /** Seed of the initial tensors. */
  seed?: string | number;
}

/**
 * A new head, weights from N(0, 0.02²) by seed, biases zero. By default one matrix on the first token's last hidden
 * state; `layers: 2` is AdapterHub's default head, `standardHead(family)` Hugging Face's.
 */
export function createHead(
  encoder: Encoder,
  labels: string[],
  options: { seed: string | number; name?: string } & Partial<HeadConfig>,
): Head {
  requireEncoder(encoder, "createHead");
  requireList(labels, "createHead takes a list of labels, such as domain.labels", (label) => typeof label === "string");
  requireOptions(options, "createHead", "seed");
  checkOptions(options, { seed: true, name: true, input: true, layers: true, activation: true }, "createHead");
  const { seed, name, ...given } = options;
  const config: HeadConfig = { input: "firstToken", layers: 1, activation: "tanh", ...given };
  if (config.input === "pooled" && !encoder.weights["pooler.dense.weight"]) {
    throw new Error(`The encoder "${encoder.name}" has no pooler; use a head on the first token.`);
  }
  requireSeed(seed);
  const random = createRandom(`head/${seed}`);
  const fill = (tensor: string, shape: number[]) => {
    const data = new Float32Array(sizeOf(shape));
    const { normal } = random.fork(tensor);
    return tensor.endsWith("bias") ? data : data.map(() => 0.02 * normal());
  };
  const shapes = Object.entries(headShapes(config, encoder.config.hiddenSize, labels.length));
  const tensors = Object.fromEntries(shapes.map(([key, shape]) => [key, float32(shape, fill(key, shape))]));
  return { name: name ?? "head", config, labels, tensors, seed };
}

/** Refuses what is no head. */
export function requireHead(value: unknown, whose: string): void {
  if (hasFields(value, { name: "text", config: "object", labels: "list", tensors: "object" })) return;
  refuseArgument(value, `${whose} takes a head, as createHead makes it, or as \`.head\` of what trainAdapter gives`);
}

/** Names and shapes of a head's tensors. */
export function headShapes(config: HeadConfig, hiddenSize: number, classes: number): Record<string, number[]> {
  const out = { "out.weight": [classes, hiddenSize], "out.bias": [classes] };
  if (config.layers === 1) return out;
  return { "dense.weight": [hiddenSize, hiddenSize], "dense.bias": [hiddenSize], ...out };
}

/** Why tensors are not those of a head of two classes or more; undefined where they are. */
export function whyNotWhole(tensors: NamedTensorData, config: HeadConfig, hiddenSize: number): string | undefined {
  const classes = tensors["out.weight"]?.shape[0];
  if (classes === 1) return "has one output: a regression, or multiple choice";
  for (const [name, shape] of Object.entries(headShapes(config, hiddenSize, classes ?? 2))) {
    if (!tensors[name]) return `is not whole: it lacks ${name}`;
    if (String(tensors[name].shape) !== String(shape)) {
      return `has ${name} in the shape [${tensors[name].shape}] where [${shape}] is needed`;
    }
  }
  return undefined;
}

/** The classifier that came with the encoder's checkpoint, or undefined where it has none. */
export function checkpointHead(encoder: Encoder): Head | undefined {
  requireEncoder(encoder, "checkpointHead");
  const tensors = under(encoder.heads, "classifier");
  if (!tensors["out.weight"]) return undefined;
  const labels = encoder.labels ?? numberedLabels(tensors["out.weight"].shape[0]);
  return { name: encoder.name, config: standardHead(encoder.config.family), labels, tensors };
}

/** LABEL_0, LABEL_1, …: Hugging Face's names for classes that have none. */
export function numberedLabels(classes: number): string[] {
  if (!(classes >= 1 && classes <= MOST_CLASSES)) {
    throw new Error(`The head has ${classes ?? "no"} classes; 1 to ${MOST_CLASSES} are read.`);
  }
  return Array.from({ length: classes }, (_, i) => `LABEL_${i}`);
}
