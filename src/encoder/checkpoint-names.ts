import type { EncoderFamily } from "./config.js";

/** Pairs of a DistilBERT name and the BERT name of the same tensor, within one layer. */
const DISTILBERT_LAYER: [string, string][] = [
  ["attention.q_lin", "attention.self.query"],
  ["attention.k_lin", "attention.self.key"],
  ["attention.v_lin", "attention.self.value"],
  ["attention.out_lin", "attention.output.dense"],
  ["sa_layer_norm", "attention.output.LayerNorm"],
  ["ffn.lin1", "intermediate.dense"],
  ["ffn.lin2", "output.dense"],
  ["output_layer_norm", "output.LayerNorm"],
];

/** Pairs of a checkpoint's name and signmix's name of each head module. */
const HEADS: Record<EncoderFamily, [string, string][]> = {
  bert: [
    ["classifier", "classifier.out"],
    ["cls.predictions.transform.dense", "mlm.dense"],
    ["cls.predictions.transform.LayerNorm", "mlm.norm"],
    ["cls.predictions.decoder", "mlm.decoder"],
    ["cls.predictions", "mlm"],
  ],
  roberta: [
    ["classifier.dense", "classifier.dense"],
    ["classifier.out_proj", "classifier.out"],
    ["lm_head.dense", "mlm.dense"],
    ["lm_head.layer_norm", "mlm.norm"],
    ["lm_head.decoder", "mlm.decoder"],
    ["lm_head", "mlm"],
  ],
  distilbert: [
    ["pre_classifier", "classifier.dense"],
    ["classifier", "classifier.out"],
    ["vocab_transform", "mlm.dense"],
    ["vocab_layer_norm", "mlm.norm"],
    ["vocab_projector", "mlm.decoder"],
  ],
};

/** Where a tensor of a checkpoint belongs. */
export interface CheckpointPlace {
  part: "encoder" | "head";
  /** The name within signmix: Hugging Face's BERT names for the encoder, `classifier.…` and `mlm.…` for heads. */
  name: string;
}

/**
 * Reads a tensor's name in a checkpoint of the given family. The family's prefix may be there or not;
 * the names of TensorFlow days (`gamma`, `beta`) are read too. Undefined for tensors that signmix has no use for.
 */
export function readCheckpointName(family: EncoderFamily, fileName: string): CheckpointPlace | undefined {
  const name = fileName.replace(/LayerNorm\.gamma$/, "LayerNorm.weight").replace(/LayerNorm\.beta$/, "LayerNorm.bias");
  const bare = name.startsWith(`${family}.`) ? name.slice(family.length + 1) : name;
  if (bare.endsWith(".position_ids")) return undefined;
  if (/^(embeddings|encoder|pooler)\./.test(bare)) return { part: "encoder", name: bare };
  const inLayer = /^transformer\.(layer\.\d+)\.(.+)\.(weight|bias)$/.exec(bare);
  if (inLayer) {
    const module = DISTILBERT_LAYER.find(([theirs]) => theirs === inLayer[2])?.[1];
    return module ? { part: "encoder", name: `encoder.${inLayer[1]}.${module}.${inLayer[3]}` } : undefined;
  }
  const [, module, part] = /^(.+)\.(weight|bias)$/.exec(bare) ?? [];
  const head = HEADS[family].find(([theirs]) => theirs === module)?.[1];
  if (!head) return undefined;
  // The decoder's bias is a parameter of the head under two names.
  return { part: "head", name: head === "mlm.decoder" && part === "bias" ? "mlm.bias" : `${head}.${part}` };
}

/** The name of an encoder tensor in a checkpoint of the given family, without the family's prefix. */
export function encoderCheckpointName(family: EncoderFamily, name: string): string {
  if (family !== "distilbert") return name;
  const match = /^encoder\.(layer\.\d+)\.(.+)\.(weight|bias)$/.exec(name);
  if (!match) return name;
  const module = DISTILBERT_LAYER.find(([, ours]) => ours === match[2])![0];
  return `transformer.${match[1]}.${module}.${match[3]}`;
}

/** The name of a head tensor (`classifier.…`, `mlm.…`) in a checkpoint of the given family. */
export function headCheckpointName(family: EncoderFamily, name: string): string {
  if (name === "mlm.bias" && family === "distilbert") return "vocab_projector.bias";
  const [, module, part] = /^(.+)\.(weight|bias)$/.exec(name)!;
  const pair = HEADS[family].find(([, ours]) => ours === module);
  if (!pair) throw new Error(`A ${family} checkpoint has no place for the head tensor "${name}".`);
  return `${pair[0]}.${part}`;
}
