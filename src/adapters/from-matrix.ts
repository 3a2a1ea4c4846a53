import { float32 } from "../engine/tensor-data.js";
import { requireList, requireText } from "../files/arguments.js";
import type { Adapter } from "./adapter.js";
import { pfeiffer } from "./methods/pfeiffer.js";

/**
 * An adapter of a single weight matrix written by hand, for examples that can be followed on paper.
 * It mixes, prunes and has signs like any other; no encoder is small enough to run it.
 *
 * @param rows the matrix, row by row
 * @throws if the rows differ in length
 */
export function adapterFromMatrix(name: string, rows: number[][]): Adapter {
  requireText(name, "adapterFromMatrix takes the adapter's name first");
  requireList(rows, "adapterFromMatrix takes a matrix, such as [[1, -2], [3, 4]]", Array.isArray);
  const width = rows[0]?.length ?? 0;
  const ragged = rows.findIndex((row) => row.length !== width);
  if (width === 0 || ragged > 0) {
    throw new Error(`The matrix of "${name}" needs rows of one length; row ${ragged + 1} has another.`);
  }
  return {
    name,
    config: { ...pfeiffer.defaults, reductionFactor: width / rows.length },
    base: { family: "by hand", hiddenSize: width, intermediateSize: width, layers: 1 },
    tensors: { "layers.0.feedForward.down.weight": float32([rows.length, width], Float32Array.from(rows.flat())) },
  };
}
