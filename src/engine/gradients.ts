import tf = require("@tensorflow/tfjs");

import type { NamedTensors } from "./tensor-data.js";

/**
 * A function's value and its gradient with respect to every named tensor.
 *
 * @param fn gives a scalar from tensors of the same names
 * @param at where to take the gradient
 * @returns the value, and gradients by the same names, each in its tensor's shape; the caller disposes both, or tidies
 */
export function valueAndGradients(
  fn: (tensors: NamedTensors) => tf.Tensor,
  at: NamedTensors,
): { value: tf.Tensor; gradients: NamedTensors } {
  const names = Object.keys(at);
  const positional = (...tensors: tf.Tensor[]) =>
    fn(Object.fromEntries(names.map((name, i) => [name, tensors[i]]))).asScalar();
  const { value, grads } = tf.valueAndGrads(positional)(names.map((name) => at[name]));
  return { value, gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]])) };
}
