import tf = require("@tensorflow/tfjs");

import type { LayerHooks, SubLayer } from "../encoder/hooks.js";
import { gelu, linear } from "../engine/ops.js";
import type { NamedTensors } from "../engine/tensor-data.js";
import { shown } from "../files/shown.js";
import type { AdapterBase } from "./base.js";
import type { MethodDefinition } from "./method.js";

/** Non-linearity between the two matrices of a bottleneck. */
export type Activation = "swish" | "relu" | "gelu" | "tanh";

/** A bottleneck adapter: up(act(down(h))) added to a sub-layer's output. */
export interface BottleneckConfig<Method extends string = string> {
  method: Method;
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

/** The non-linearity of a bottleneck. */
export function activate(activation: Activation, x: tf.Tensor): tf.Tensor {
  if (activation === "relu") return tf.relu(x);
  if (activation === "tanh") return tf.tanh(x);
  if (activation === "gelu") return gelu(x);
  return tf.mul(x, tf.sigmoid(x)); // swish
}

const activations = ["swish", "relu", "gelu", "tanh"];

/** What the methods that are bottlenecks have in common. */
export const bottleneck: Omit<MethodDefinition<BottleneckConfig>, "label" | "defaults"> = {
  check({ reductionFactor, scaling, activation }, refuse) {
    if (!(reductionFactor > 0 && reductionFactor < Number.POSITIVE_INFINITY)) {
      throw new Error(`The reduction factor is a finite number above 0, not ${shown(reductionFactor)}.`);
    }
    if (!Number.isFinite(scaling)) refuse("scaling", scaling, "a finite number");
    if (!activations.includes(activation)) refuse("activation", activation, activations.join(", "));
  },
  shapes: bottleneckShapes,
  hooks: bottleneckHooks,
  draw({ initialisation }, part, _shape, random) {
    if (part.endsWith("bias")) return undefined;
    if (initialisation === "bert") return () => 0.02 * random.normal(); // N(0, 0.02²)
    return () => {
      // Houlsby et al. (2019), section 2.1: N(0, 10⁻⁴) cut at two standard deviations.
      let value = random.normal();
      while (Math.abs(value) > 2) value = random.normal();
      return 0.01 * value;
    };
  },
  size: ({ reductionFactor }) => `reduction factor ${reductionFactor}`,
  ofSize: ({ reductionFactor }) => ({ reductionFactor }),
  pruneScope: "global",
};
