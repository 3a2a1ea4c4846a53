import * as tf from "@tensorflow/tfjs";
import type { LayerHooks, SubLayer } from "../encoder/hooks.js";
import { gelu, linear } from "../engine/ops.js";
import type { NamedTensors } from "../engine/tensor-data.js";
import type { Activation, AdapterBase, BottleneckConfig } from "./adapter.js";

/** Names and shapes of a bottleneck adapter's tensors: width ⌊hidden / reductionFactor⌋, at least 1. */
export function bottleneckShapes(config: BottleneckConfig, base: AdapterBase): Record<string, number[]> {
  const { hiddenSize } = base;
  const width = Math.max(1, Math.floor(hiddenSize / config.reductionFactor));
  const modules = [config.afterAttention && "attention", config.afterFeedForward && "feedForward"].filter(Boolean);
  const shapes: Record<string, number[]> = {};
  for (let layer = 0; layer < base.layers; layer++) {
    if (config.leaveOut.includes(layer)) continue;
    for (const module of modules) {
      const prefix = `layers.${layer}.${module}`;
      shapes[`${prefix}.down.weight`] = [width, hiddenSize];
      shapes[`${prefix}.down.bias`] = [width];
      shapes[`${prefix}.up.weight`] = [hiddenSize, width];
      shapes[`${prefix}.up.bias`] = [hiddenSize];
    }
  }
  return shapes;
}

/**
 * The bottleneck adapters of Houlsby et al. (2019) and Pfeiffer et al. (2021), in the order of operations of AdapterHub.
 * With h the sub-layer's output, x its input, a(·) = scaling · up(act(down(·))):
 * Houlsby LN(a(h) + h + x) after both sub-layers; Pfeiffer LN(a(LN(h + x)) + h + x) after feed-forward, one LN used twice.
 */
export function bottleneckHooks(config: BottleneckConfig, tensors: NamedTensors): LayerHooks {
  const insert = (module: string) => (layer: number, at: SubLayer) =>
    tensors[`layers.${layer}.${module}.down.weight`]
      ? adapt(config, tensors, `layers.${layer}.${module}`, at)
      : at.norm(tf.add(at.hidden, at.input)); // a layer left out
  return {
    afterAttention: config.afterAttention ? insert("attention") : undefined,
    afterFeedForward: config.afterFeedForward ? insert("feedForward") : undefined,
  };
}

function adapt(config: BottleneckConfig, tensors: NamedTensors, prefix: string, at: SubLayer): tf.Tensor {
  const sum = tf.add(at.hidden, at.input); // [batch, time, hidden]
  const before = config.originalNormBefore ? at.norm(sum) : at.hidden;
  const residual = config.residualBeforeNorm ? at.hidden : before;
  const down = linear(before, tensors[`${prefix}.down.weight`], tensors[`${prefix}.down.bias`]); // [.., width]
  const inner = activate(config.activation, down);
  const up = linear(inner, tensors[`${prefix}.up.weight`], tensors[`${prefix}.up.bias`]); // [batch, time, hidden]
  const scaled = config.scaling === 1 ? up : tf.mul(up, config.scaling);
  if (!config.originalNormAfter) return tf.add(scaled, residual);
  // h + x before a(·) is added: of Pfeiffer's first layer that sum is then all that need be kept of a text.
  return at.norm(tf.add(scaled, config.residualBeforeNorm ? sum : tf.add(residual, at.input)));
}

function activate(activation: Activation, x: tf.Tensor): tf.Tensor {
  if (activation === "relu") return tf.relu(x);
  if (activation === "tanh") return tf.tanh(x);
  if (activation === "gelu") return gelu(x);
  return tf.mul(x, tf.sigmoid(x)); // swish
}
