import { elementwiseKernels } from "./elementwise.js";
import { fusedKernels } from "./fused.js";
import { matrixKernels } from "./matrix.js";
import { reduceKernels } from "./reduce.js";
import { shapeKernels } from "./shape.js";
import type { KernelTable } from "./table.js";

/** Every tfjs kernel that has ONNX nodes; the one table behind capture and the `onnx` backend. */
export const kernelTable: KernelTable = {
  ...elementwiseKernels,
  ...reduceKernels,
  ...shapeKernels,
  ...matrixKernels,
  ...fusedKernels,
};
