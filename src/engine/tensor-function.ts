import type { NamedTensorData, NamedTensors } from "./tensor-data.js";

/** A function of named tensors, made of tfjs operations alone; it disposes nothing and keeps nothing. */
export type TensorFunction = (inputs: NamedTensors) => NamedTensors;

/** A tensor function ready to run on host numbers. */
export interface Compiled {
  /** Runs the function; inputs and outputs are host tensors by name. */
  run(inputs: NamedTensorData): NamedTensorData;
  /** How it runs, and why so where it could not be captured. */
  readonly how: string;
  /** Forgets what it kept of repeated rows. */
  forget(): void;
  /** Frees what the function holds. */
  dispose(): void;
}
