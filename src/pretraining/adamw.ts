import { type NamedTensorData, sizeOf } from "../engine/tensor-data.js";

/** Constants of AdamW. */
export interface AdamWOptions {
  /** Decay of the mean of gradients. Default 0.9. */
  beta1?: number;
  /** Decay of the mean of squared gradients. Default 0.99: a run of few steps forgets sooner than the usual 0.999. */
  beta2?: number;
  /** Default 1e-6. */
  epsilon?: number;
  /** Pull of matrices towards zero; biases and LayerNorms have none. Default 0.01. */
  weightDecay?: number;
  /** Gradients of a larger norm, over all parameters, are scaled down to it. Default 1. */
  largestNorm?: number;
}

/**
 * AdamW (Loshchilov & Hutter 2019, algorithm 2) on host numbers, with clipping by the norm of all gradients together.
 * The parameters are changed in place.
 */
export class AdamW {
  private readonly means: Record<string, Float32Array> = {};
  private readonly squares: Record<string, Float32Array> = {};
  private steps = 0;

  constructor(
    private readonly parameters: NamedTensorData,
    private readonly options: AdamWOptions = {},
  ) {
    for (const [name, { shape }] of Object.entries(parameters)) {
      this.means[name] = new Float32Array(sizeOf(shape));
      this.squares[name] = new Float32Array(sizeOf(shape));
    }
  }

  /**
   * Moves every parameter by one step.
   *
   * @param gradients by the parameters' names
   * @returns the norm of the gradients before clipping
   * @throws when that norm is not a number, before anything is changed
   */
  step(gradients: NamedTensorData, learningRate: number): number {
    const { beta1 = 0.9, beta2 = 0.99, epsilon = 1e-6, weightDecay = 0.01, largestNorm = 1 } = this.options;
    const norm = normOf(gradients);
    if (!Number.isFinite(norm)) throw new Error(`The gradients' norm is ${norm}; lower the learning rate.`);
    const clip = norm > largestNorm ? largestNorm / norm : 1;
    this.steps++;
    const correction1 = 1 - beta1 ** this.steps;
    const correction2 = 1 - beta2 ** this.steps;
    const size = learningRate / correction1;
    for (const name of Object.keys(this.means)) {
      const weights = this.parameters[name].data as Float32Array;
      const gradient = gradients[name].data as Float32Array;
      const mean = this.means[name];
      const square = this.squares[name];
      const keep = this.parameters[name].shape.length > 1 ? 1 - learningRate * weightDecay : 1;
      for (let i = 0; i < weights.length; i++) {
        const g = clip * gradient[i];
        const m = beta1 * mean[i] + (1 - beta1) * g;
        const v = beta2 * square[i] + (1 - beta2) * g * g;
        mean[i] = m;
        square[i] = v;
        // θ ← θ (1 − η λ) − η m̂ / (√v̂ + ε)
        weights[i] = keep * weights[i] - (size * m) / (Math.sqrt(v / correction2) + epsilon);
      }
    }
    return norm;
  }
}

function normOf(gradients: NamedTensorData): number {
  let sum = 0;
  for (const { data } of Object.values(gradients)) for (let i = 0; i < data.length; i++) sum += data[i] * data[i];
  return Math.sqrt(sum);
}
