import { createHash } from "node:crypto";
import type { LinearName } from "../encoder/hooks.js";
import type { NamedTensorData } from "../engine/tensor-data.js";

/** The three adapter methods of the study. */
export type AdapterMethod = "houlsby" | "pfeiffer" | "lora";

/** Non-linearity between the two matrices of a bottleneck. */
export type Activation = "swish" | "relu" | "gelu" | "tanh";

/** A bottleneck adapter: up(act(down(h))) added to a sub-layer's output. */
export interface BottleneckConfig {
  method: "houlsby" | "pfeiffer";
  /** Bottleneck width = ⌊hidden / reductionFactor⌋, at least 1. */
  reductionFactor: number;
  activation: Activation;
  afterAttention: boolean;
  afterFeedForward: boolean;
  /** Whether the sub-layer's own LayerNorm runs on hidden + input before the adapter. */
  originalNormBefore: boolean;
  /** Whether it runs after the adapter. */
  originalNormAfter: boolean;
  /** Whether the adapter's own residual is taken before that LayerNorm. */
  residualBeforeNorm: boolean;
  scaling: number;
  /** Layers without an adapter, from 0. */
  leaveOut: number[];
  initialisation: "bert" | "houlsby";
}

/** LoRA: W x + b + scale · B A x on chosen matrices. */
export interface LoraConfig {
  method: "lora";
  rank: number;
  alpha: number;
  /** scale = alpha/√rank rather than alpha/rank. */
  rankStabilised: boolean;
  targets: LinearName[];
  leaveOut: number[];
}

/** The configuration of an adapter: a bottleneck's or LoRA's. */
export type AdapterConfig = BottleneckConfig | LoraConfig;

/** What a library's folder told of the model that an adapter was trained in, kept so that an export is as the import was. */
export interface SavedModel {
  /** The libraries' name of the model (`model_type`) where it is not the family's. */
  modelType?: string;
  /** PEFT: whether it was the bare encoder, whose tensors bear no prefix such as `bert.` */
  bare?: boolean;
  /** PEFT's task type, such as `FEATURE_EXTRACTION`; null for none. */
  taskType?: string | null;
  /** PEFT's class of the model, where it had no task type. */
  autoMapping?: Record<string, unknown>;
}

/** The encoder an adapter was made for; an adapter fits encoders of equal shape. */
export interface AdapterBase {
  /** `bert`, `roberta` or `distilbert`, or {@link EITHER_FAMILY}. */
  family: string;
  hiddenSize: number;
  /** Absent where unknown: an imported adapter does not always tell. */
  intermediateSize?: number;
  layers: number;
  /** True where the encoder may have more layers than that: an adapter that leaves layers out does not tell. */
  layersAtLeast?: true;
  saved?: SavedModel;
  /** Name or hash of the encoder where it is known. */
  encoder?: string;
}

/** The family of an adapter whose file fits BERT and RoBERTa, and tells not which it is for. */
export const EITHER_FAMILY = "bert or roberta";

/**
 * Named float32 tensors with what made them. Tensor names are
 * `layers.<n>.<attention|feedForward>.<down|up>.<weight|bias>` (weights [out, in]) for bottlenecks and
 * `layers.<n>.<matrix>.<A|B>` (A [rank, in], B [out, rank]) for LoRA.
 */
export interface Adapter {
  name: string;
  config: AdapterConfig;
  base: AdapterBase;
  tensors: NamedTensorData;
  /** Seed of the initial tensors, from which `initialTensors` rebuilds them; absent where unknown (imports). */
  seed?: string | number;
}

/** Where a tensor of an adapter sits. */
export interface TensorPlace {
  layer: number;
  /** `attention`, `feedForward`, or the name of the matrix that LoRA changes. */
  module: string;
  /** `down.weight`, `down.bias`, `up.weight`, `up.bias`, `A` or `B`. */
  part: string;
}

/** Splits an adapter tensor's name into layer, module and part. */
export function placeOf(tensorName: string): TensorPlace {
  const match = /^layers\.(\d+)\.([A-Za-z]+)\.(.+)$/.exec(tensorName);
  if (!match) throw new Error(`"${tensorName}" is not an adapter tensor; names read layers.<n>.<module>.<part>.`);
  return { layer: Number(match[1]), module: match[2], part: match[3] };
}

/** SHA-256 (hex) of an adapter's config and numbers; its name does not count. */
export function adapterHash(adapter: Adapter): string {
  const hash = createHash("sha256").update(JSON.stringify([adapter.config, adapter.base.hiddenSize]));
  for (const name of Object.keys(adapter.tensors).sort()) {
    const { shape, data } = adapter.tensors[name];
    hash.update(`${name}[${shape}]`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}
