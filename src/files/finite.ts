import type { NamedTensorData, TensorData } from "../engine/tensor-data.js";
import { shown } from "./shown.js";

/** @throws naming the tensor and the place of its first number that is not finite */
export function requireFinite(name: string, { dtype, data, shape }: TensorData): void {
  if (dtype !== "float32" || isFinite32(data as Float32Array)) return;
  const numbers = data as Float32Array;
  const first = numbers.findIndex((value) => !Number.isFinite(value));
  const place: number[] = [];
  for (let axis = shape.length - 1, rest = first; axis >= 0; axis--) {
    place.unshift(rest % shape[axis]);
    rest = Math.floor(rest / shape[axis]);
  }
  const count = numbers.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
  const more = count > 1 ? `, and ${count - 1} more of its ${data.length} numbers are not finite` : "";
  throw new Error(`tensor "${shown(name)}" holds ${describe(data[first])} at [${place}]${more}`);
}

/** @throws naming what they are of, the first tensor that is not all finite, and the place in it */
export function requireAllFinite(tensors: NamedTensorData, whose: string): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    try {
      requireFinite(name, tensor);
    } catch (error) {
      throw new Error(`${whose}: ${(error as Error).message}.`);
    }
  }
}

/** Whether no number is NaN or infinite: 0·x is 0 for all others, and any other sum of such products is NaN. */
function isFinite32(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0;
  return sum === 0;
}

function describe(value: number): string {
  return Number.isNaN(value) ? "NaN (not a number)" : value > 0 ? "Infinity" : "-Infinity";
}
