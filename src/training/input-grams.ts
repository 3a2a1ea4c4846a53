import tf = require("@tensorflow/tfjs");

import type { Adapter } from "../adapters/adapter.js";
import { requireFit } from "../adapters/fit.js";
import { watchedHooks } from "../adapters/matrix-inputs.js";
import type { Example } from "../domains/domain.js";
import type { Encoder } from "../encoder/encoder.js";
import { forward } from "../encoder/forward.js";
import { under } from "../encoder/heads.js";
import { compile } from "../engine/compile.js";
import { float32, type NamedTensorData, type NamedTensors } from "../engine/tensor-data.js";
import { batchesByLength } from "../text/batching.js";
import type { EvaluateOptions } from "./evaluate.js";
import { encodeExamples } from "./examples.js";
import { batchOf, prefixed } from "./step.js";

/**
 * The Gram matrix XᵀX of what goes into every matrix of an adapter, over all tokens of some texts; padding is left out. No
 * label is used. It is what RegMean weighs adapters by, and the roots of its diagonal are the norms of Wanda.
 *
 * @returns by the name of the matrix, [in, in]
 * @throws if there is no text, or the adapter does not fit the encoder
 */
export function inputGrams(
  encoder: Encoder,
  adapter: Adapter,
  examples: readonly Example[],
  options: EvaluateOptions = {},
): NamedTensorData {
  if (examples.length === 0) throw new Error("A Gram matrix of inputs needs at least one text.");
  requireFit(adapter, encoder);
  const { batchSize = 32, maxLength = 128 } = options;
  const compiled = encoder.compiled(JSON.stringify(["grams", adapter.config]), () =>
    compile((inputs) => {
      const mask = tf.mul(tf.cast(inputs.attentionMask, "float32"), tf.expandDims(inputs.counted, 1)); // [batch, time]
      const grams: NamedTensors = {};
      const hooks = watchedHooks(adapter.config, under(inputs, "adapter"), (name, input) => {
        const rows = tf.reshape(tf.mul(input, tf.expandDims(mask, 2)), [-1, input.shape[2] as number]); // [tokens, in]
        grams[name] = tf.matMul(rows as tf.Tensor2D, rows as tf.Tensor2D, true, false); // [in, in]
      });
      // not encoder.forward, which would dispose what hooks have seen
      forward(encoder.tensors(), encoder.config, batchOf(inputs), { adapter: hooks });
      return grams;
    }),
  );
  const encodings = encodeExamples(encoder, examples, maxLength);
  const sums: Record<string, { shape: number[]; data: Float64Array }> = {};
  for (const { rows, batch } of batchesByLength(encodings, {
    ...{ batchSize, maxLength, padTokenId: encoder.config.padTokenId },
  })) {
    const counted = float32([batch.inputIds.shape[0]]);
    counted.data.fill(1, 0, rows.length); // the others only fill the batch
    for (const [name, { shape, data }] of Object.entries(
      compiled.run({ ...prefixed("adapter", adapter.tensors), ...batch, counted }),
    )) {
      sums[name] ??= { shape, data: new Float64Array(data.length) };
      for (let i = 0; i < data.length; i++) sums[name].data[i] += data[i];
    }
  }
  return Object.fromEntries(
    Object.entries(sums).map(([name, { shape, data }]) => [name, float32(shape, new Float32Array(data))]),
  );
}
