import tf = require("@tensorflow/tfjs");

/**
 * Operations that some backends run as one kernel: declared to tfjs with their gradients. The kernels themselves are
 * in the kernel table; where a backend lacks them, `ops.ts` writes the operation in plain tfjs.
 */

/** Whether the active backend has a fused kernel. */
export function hasFused(kernel: string): boolean {
  return tf.getKernel(kernel, tf.getBackend()) !== undefined;
}

/** GELU as one kernel. */
export function fusedGelu(x: tf.Tensor): tf.Tensor {
  return run("FusedGelu", { x })[0];
}

/** Layer normalisation over the last axis as one kernel. */
export function fusedLayerNorm(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor {
  return run("FusedLayerNorm", { x, gain, bias }, { epsilon })[0];
}

function run(kernel: string, inputs: Record<string, tf.Tensor>, attributes: tf.NamedAttrMap = {}): tf.Tensor[] {
  return [tf.engine().runKernel(kernel, inputs, attributes) as tf.Tensor | tf.Tensor[]].flat();
}

tf.registerGradient({
  kernelName: "FusedGelu",
  inputsToSave: ["x"],
  gradFunc: (dy, [x]) => ({ x: () => run("FusedGeluGrad", { dy: dy as tf.Tensor, x })[0] }),
});

tf.registerGradient({
  kernelName: "FusedLayerNorm",
  inputsToSave: ["x", "gain"],
  outputsToSave: [false, true, true],
  gradFunc(dys, [x, gain, mean, inverseDeviation]) {
    const [dy] = dys as tf.Tensor[];
    const rows = x.shape.map((_, axis) => axis).slice(0, -1);
    return {
      x: () => run("FusedLayerNormGrad", { dy, x, gain, mean, inverseDeviation })[0],
      gain: () => run("FusedLayerNormGainGrad", { dy, x, mean, inverseDeviation })[0],
      bias: () => tf.sum(dy, rows),
    };
  },
});
