import tf = require("@tensorflow/tfjs");

import type { LayerHooks, LinearName } from "../encoder/hooks.js";
import { linear } from "../engine/ops.js";
import type { NamedTensors, TensorData } from "../engine/tensor-data.js";
import type { AdapterBase } from "./base.js";

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

/** alpha/rank, or alpha/√rank where rank-stabilised (Kalajdzievski 2023). */
export function loraScale(config: LoraConfig): number {
  return config.alpha / (config.rankStabilised ? Math.sqrt(config.rank) : config.rank);
}

/** Names and shapes of a LoRA's tensors: A [rank, in] and B [out, rank] for every matrix it changes. */
export function loraShapes(config: LoraConfig, base: AdapterBase): Record<string, number[]> {
  const { hiddenSize } = base;
  const intermediateSize = base.intermediateSize ?? 4 * hiddenSize;
  const sizes = (name: LinearName): [number, number] => {
    if (name === "intermediate") return [intermediateSize, hiddenSize];
    if (name === "output") return [hiddenSize, intermediateSize];
    return [hiddenSize, hiddenSize];
  };
  const shapes: Record<string, number[]> = {};
  for (let layer = 0; layer < base.layers; layer++) {
    if (config.leaveOut.includes(layer)) continue;
    for (const target of config.targets) {
      const [outSize, inSize] = sizes(target);
      shapes[`layers.${layer}.${target}.A`] = [config.rank, inSize];
      shapes[`layers.${layer}.${target}.B`] = [outSize, config.rank];
    }
  }
  return shapes;
}

/** LoRA: y + scale · B A x on each target matrix (Hu et al. 2021, equation 3). */
export function loraHooks(config: LoraConfig, tensors: NamedTensors): LayerHooks {
  const scale = loraScale(config);
  return {
    matrices: config.targets,
    linear(name, layer, x, y) {
      const a = tensors[`layers.${layer}.${name}.A`]; // [rank, in]
      const b = tensors[`layers.${layer}.${name}.B`]; // [out, rank]
      if (!a || !b) return y;
      const change = linear(linear(x, a), b); // [.., out]
      return tf.add(y, scale === 1 ? change : tf.mul(change, scale));
    },
  };
}

/** B·A of one matrix in float64, row-major, without the scale alpha/rank. [out, in] */
export function loraProduct(A: TensorData, B: TensorData): Float64Array {
  const [rank, columns] = A.shape;
  const rows = B.shape[0];
  const [a, b] = [new Float32Array(A.data), new Float32Array(B.data)]; // one type of array keeps the inner loop fast
  const product = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const into = row * columns;
    for (let r = 0; r < rank; r++) {
      const factor = b[row * rank + r];
      if (factor === 0) continue;
      const from = r * columns;
      for (let column = 0; column < columns; column++) product[into + column] += factor * a[from + column];
    }
  }
  return product;
}
