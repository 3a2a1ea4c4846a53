import tf = require("@tensorflow/tfjs");

import type { LayerHooks, SubLayer } from "../encoder/hooks.js";
import { linear } from "../engine/ops.js";
import type { NamedTensors } from "../engine/tensor-data.js";
import { activate } from "./bottleneck.js";
import { hooksOf } from "./create.js";
import type { AdapterConfig } from "./methods.js";

/**
 * The hooks of an adapter, which also tell what goes into each of its matrices.
 *
 * @param seen told the name of a matrix and its input [batch, time, in], as the encoder runs
 */
export function watchedHooks(
  config: AdapterConfig,
  tensors: NamedTensors,
  seen: (name: string, input: tf.Tensor) => void,
): LayerHooks {
  const hooks = hooksOf(config, tensors);
  if (config.method === "lora") {
    return {
      ...hooks,
      linear(name, layer, x, y) {
        const [a, b] = ["A", "B"].map((part) => `layers.${layer}.${name}.${part}`);
        if (tensors[a]) {
          seen(a, x);
          seen(b, linear(x, tensors[a]));
        }
        return hooks.linear?.(name, layer, x, y) ?? y;
      },
    };
  }
  const watch = (module: string, hook: LayerHooks["afterAttention"]) =>
    hook &&
    ((layer: number, at: SubLayer) => {
      const prefix = `layers.${layer}.${module}`;
      const [down, bias] = [tensors[`${prefix}.down.weight`], tensors[`${prefix}.down.bias`]];
      if (down) {
        // as in `adapt` of the bottleneck
        const before = config.originalNormBefore ? at.norm(tf.add(at.hidden, at.input)) : at.hidden;
        seen(`${prefix}.down.weight`, before);
        seen(`${prefix}.up.weight`, activate(config.activation, linear(before, down, bias)));
      }
      return hook(layer, at);
    });
  return {
    ...hooks,
    afterAttention: watch("attention", hooks.afterAttention),
    afterFeedForward: watch("feedForward", hooks.afterFeedForward),
  };
}
