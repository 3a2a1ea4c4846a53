import type { Adapter } from "../adapters/adapter.js";
import { classifierRunner } from "../adapters/classifier-runner.js";
import { requireFit } from "../adapters/fit.js";
import type { Example } from "../domains/domain.js";
import type { Encoder } from "../encoder/encoder.js";
import type { HeadConfig } from "../encoder/heads.js";
import { batchesByLength } from "../text/batching.js";
import type { EvaluateOptions } from "./evaluate.js";
import { encodeExamples } from "./examples.js";

/**
 * What a head would read of each text, with an adapter in the encoder. [texts, hidden], as rows
 * @throws if there is no text, or the adapter does not fit the encoder
 */
export function textFeatures(
  encoder: Encoder,
  adapter: Adapter,
  head: HeadConfig,
  examples: readonly Example[],
  options: EvaluateOptions = {},
): number[][] {
  if (examples.length === 0) throw new Error("Features of texts need at least one text.");
  requireFit(adapter, encoder);
  const { batchSize = 32, maxLength = 128 } = options;
  const runner = classifierRunner(encoder, { adapter: adapter.config, head });
  const encodings = encodeExamples(encoder, examples, maxLength);
  const width = encoder.config.hiddenSize;
  const found: number[][] = examples.map(() => []);
  for (const { rows, batch } of batchesByLength(encodings, {
    ...{ batchSize, maxLength, padTokenId: encoder.config.padTokenId },
  })) {
    const { data } = runner.features(adapter, batch);
    rows.forEach((example, row) => {
      found[example] = Array.from(data.slice(row * width, (row + 1) * width));
    });
  }
  return found;
}

/**
 * How alike two sets of features of the same texts are, whatever their axes: linear centred kernel alignment,
 * ‖YᵀX‖²_F / (‖XᵀX‖_F ‖YᵀY‖_F) of X and Y with their columns centred, in [0, 1]. Kornblith et al. (2019), arXiv 1905.00414, equation 3.
 *
 * @param x one row to each text; `y` likewise
 * @returns 0 where one does not vary
 */
export function kernelAlignment(x: readonly (readonly number[])[], y: readonly (readonly number[])[]): number {
  const [k, l] = [x, y].map(centredProducts);
  const dot = (a: number[][], b: number[][]) =>
    a.reduce((sum, row, i) => sum + row.reduce((own, value, j) => own + value * b[i][j], 0), 0);
  const cross = dot(k, l); // tr(XXᵀYYᵀ) = ‖YᵀX‖²
  return cross === 0 ? 0 : cross / Math.sqrt(dot(k, k) * dot(l, l));
}

/** XXᵀ of X with its columns centred. [texts, texts] */
function centredProducts(rows: readonly (readonly number[])[]): number[][] {
  const means = rows[0].map((_, j) => rows.reduce((sum, row) => sum + row[j], 0) / rows.length);
  const centred = rows.map((row) => row.map((value, j) => value - means[j]));
  return centred.map((a) => centred.map((b) => a.reduce((sum, value, j) => sum + value * b[j], 0)));
}
