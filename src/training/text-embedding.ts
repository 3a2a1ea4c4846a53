import tf = require("@tensorflow/tfjs");

import { type Example, requireExamples } from "../domains/domain.js";
import { type Encoder, requireEncoder } from "../encoder/encoder.js";
import { compile } from "../engine/compile.js";
import { requireOptions } from "../files/options.js";
import { batchesByLength } from "../text/batching.js";
import type { EvaluateOptions } from "./evaluate.js";
import { encodeExamples } from "./examples.js";
import { batchOf } from "./step.js";

/**
 * Where texts lie in a frozen encoder's space: the mean over texts of the mean over each text's tokens of the last
 * hidden state. What AdapterSoup (Chronopoulou et al., 2023, arXiv 2302.07027) does with a sentence encoder.
 *
 * @returns [hidden]
 * @throws if there is no text
 */
export function textEmbedding(
  encoder: Encoder,
  examples: readonly Example[],
  options: EvaluateOptions = {},
): Float64Array {
  requireEncoder(encoder, "textEmbedding");
  requireExamples(examples, "textEmbedding");
  requireOptions(options, "textEmbedding", "batchSize");
  if (examples.length === 0) throw new Error("An embedding of texts needs at least one text.");
  const { batchSize = 32, maxLength = 128 } = options;
  const encodings = encodeExamples(encoder, examples, maxLength);
  const batches = batchesByLength(encodings, { batchSize, maxLength, padTokenId: encoder.config.padTokenId });
  const compiled = compile((inputs) => {
    const tokens = batchOf(inputs);
    const { lastHiddenState } = encoder.forward(tokens); // [batch, time, hidden]
    const mask = tf.cast(tokens.attentionMask, "float32").expandDims(2); // [batch, time, 1]
    return { mean: tf.sum(tf.mul(lastHiddenState, mask), 1).div(tf.sum(mask, 1)) }; // [batch, hidden]
  });
  const sum = new Float64Array(encoder.config.hiddenSize);
  try {
    for (const { rows, batch } of batches) {
      const { data } = compiled.run(batch).mean;
      rows.forEach((_, row) => {
        for (let i = 0; i < sum.length; i++) sum[i] += data[row * sum.length + i];
      });
    }
  } finally {
    compiled.dispose();
  }
  return sum.map((value) => value / examples.length);
}

/** Cosine of the angle between two vectors; 0 where one is all zeros. */
export function cosineOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, left, right] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i] * b[i];
    left += a[i] * a[i];
    right += b[i] * b[i];
  }
  return product === 0 ? 0 : product / Math.sqrt(left * right);
}
