import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";

import tf = require("@tensorflow/tfjs");
import wasmBackend = require("@tensorflow/tfjs-backend-wasm");

import { sizeOf } from "./tensor-data.js";

/** Tells the "wasm" backend where its binaries lie, and gives it the kernel of a lookup table's gradient, which it lacks. */
export function prepareWasm(): void {
  const main = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  wasmBackend.setWasmPaths(join(dirname(main), sep));
  if (tf.getKernel("UnsortedSegmentSum", "wasm")) return;
  tf.registerKernel({ kernelName: "UnsortedSegmentSum", backendName: "wasm", kernelFunc: unsortedSegmentSum });
}

/** output[s] = Σ x[i] over the rows i with segmentIds[i] = s; a negative id drops its row. */
const unsortedSegmentSum: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const wasm = backend as wasmBackend.BackendWasm;
  const { x, segmentIds } = inputs as unknown as Record<"x" | "segmentIds", tf.TensorInfo>;
  const { numSegments } = attrs as unknown as { numSegments: number };
  const rowShape = x.shape.slice(segmentIds.shape.length);
  const rowSize = sizeOf(rowShape);
  const output = wasm.makeOutput([numSegments, ...rowShape], x.dtype);
  const sums = wasm.typedArrayFromHeap(output);
  const values = wasm.typedArrayFromHeap(x);
  sums.fill(0);
  for (const [row, segment] of wasm.typedArrayFromHeap(segmentIds).entries()) {
    if (segment < 0) continue;
    for (let i = 0; i < rowSize; i++) sums[segment * rowSize + i] += values[row * rowSize + i];
  }
  return output;
};
