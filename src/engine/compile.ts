import * as tf from "@tensorflow/tfjs";
import { type NamedTensorData, type NamedTensors, toHost, toTensors } from "./tensor-data.js";

/** A function of named tensors, made of tfjs operations alone; it disposes nothing and keeps nothing. */
export type TensorFunction = (inputs: NamedTensors) => NamedTensors;

/** A tensor function ready to run on host numbers. */
export interface Compiled {
  /** Runs the function; inputs and outputs are host tensors by name. */
  run(inputs: NamedTensorData): NamedTensorData;
  /** Frees what the function holds. */
  dispose(): void;
}

/**
 * Makes a tensor function callable on host numbers, the fastest way the active backend offers.
 * Encoder weights that `fn` reaches by closure are constants.
 */
export function compile(fn: TensorFunction): Compiled {
  return {
    run(inputs) {
      const tensors = toTensors(inputs);
      try {
        const outputs = tf.tidy(() => fn(tensors));
        const host = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, toHost(value)]));
        tf.dispose(outputs);
        return host;
      } finally {
        tf.dispose(tensors);
      }
    },
    dispose() {},
  };
}
