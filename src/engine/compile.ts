import tf = require("@tensorflow/tfjs");

import { type CaptureOptions, capture } from "./capture.js";
import { CaptureError } from "./symbolic.js";
import { type NamedTensorData, toHost, toTensors } from "./tensor-data.js";
import type { Compiled, TensorFunction } from "./tensor-function.js";

/**
 * Makes a tensor function callable on host numbers, the fastest way the active backend offers: on the `onnx` backend
 * as one ONNX graph for each set of input shapes ({@link capture}), elsewhere operation by operation. Tensors that
 * `fn` reaches by closure are constants. What cannot be captured runs operation by operation, and `how` says why.
 */
export function compile(fn: TensorFunction, options: CaptureOptions = {}): Compiled {
  const captured = capture(fn, options);
  let refused: string | undefined;
  let how = "not run yet";
  return {
    get how() {
      return how;
    },
    run(inputs) {
      if (tf.getBackend() === "onnx" && refused === undefined) {
        try {
          const outputs = captured.run(inputs);
          how = captured.how;
          return outputs;
        } catch (error) {
          if (!(error instanceof CaptureError)) throw error;
          refused = error.message;
        }
      }
      how =
        refused === undefined ? `operation by operation on ${tf.getBackend()}` : `operation by operation: ${refused}`;
      return runEagerly(fn, inputs);
    },
    forget: () => captured.forget(),
    dispose: () => captured.dispose(),
  };
}

function runEagerly(fn: TensorFunction, inputs: NamedTensorData): NamedTensorData {
  const tensors = toTensors(inputs);
  try {
    const host: NamedTensorData = {};
    tf.tidy(() => {
      for (const [name, value] of Object.entries(fn(tensors))) host[name] = toHost(value);
    });
    return host;
  } finally {
    tf.dispose(tensors);
  }
}
