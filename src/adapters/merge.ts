import { type Encoder, encoderOf, requireEncoder } from "../encoder/encoder.js";
import type { LinearName } from "../encoder/hooks.js";
import { float32 } from "../engine/tensor-data.js";
import { type Adapter, requireAdapter } from "./adapter.js";
import { requireFit } from "./fit.js";
import { matrixPath } from "./layer-paths.js";
import { loraProduct, loraScale } from "./lora.js";
import { placeOf } from "./place.js";

/**
 * The encoder with a LoRA merged into its matrices, W + scale · B A, which computes what the two compute apart.
 *
 * @throws for bottleneck adapters, whose non-linearity no matrix can take in
 */
export function mergeAdapter(encoder: Encoder, adapter: Adapter): Encoder {
  requireEncoder(encoder, "mergeAdapter");
  requireAdapter(adapter, "mergeAdapter");
  const { config, tensors } = adapter;
  if (config.method !== "lora") {
    throw new Error(`Only LoRA merges into an encoder; "${adapter.name}" is a ${config.method} adapter.`);
  }
  requireFit(adapter, encoder);
  const scale = loraScale(config);
  const weights = { ...encoder.weights };
  for (const name of Object.keys(tensors).filter((tensor) => placeOf(tensor).part === "A")) {
    const { layer, module } = placeOf(name);
    // Encoders of every family have BERT's names inside.
    const key = `${matrixPath("bert", layer, module as LinearName)}.weight`;
    const change = loraProduct(tensors[name], tensors[name.replace(/A$/, "B")]); // [out, in]
    const { data, shape } = encoder.weights[key];
    weights[key] = float32(
      shape,
      Float32Array.from(data, (weight, i) => weight + scale * change[i]),
    );
  }
  const { name: encoderName, heads, labels, tokenizer } = encoder;
  return encoderOf({
    name: `${encoderName}+${adapter.name}`,
    config: encoder.config,
    weights,
    heads,
    labels,
    tokenizer,
  });
}
