import tf = require("@tensorflow/tfjs");

import type { NamedTensors } from "../engine/tensor-data.js";

/** Settings of AdamW that stay the same through training; the defaults are PyTorch's but for the decay, which is 0. */
export interface AdamwSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Decoupled weight decay, on matrices alone. */
  weightDecay: number;
  /** Gradients are scaled down together if their joint norm exceeds this. */
  clipNorm?: number;
}

export const adamwDefaults: AdamwSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

/** Running means of the gradients and of their squares, by the parameters' names. */
export interface Moments {
  first: NamedTensors;
  second: NamedTensors;
}

/** What changes from step to step; scalars, so that a compiled step takes them as inputs. */
export interface StepRates {
  learningRate: tf.Tensor;
  /** 1 − β₁ᵗ, t counted from 1 */
  correction1: tf.Tensor;
  /** 1 − β₂ᵗ */
  correction2: tf.Tensor;
}

/** The numbers of {@link StepRates} at step t, counted from 1. */
export function biasCorrections(settings: AdamwSettings, step: number): { correction1: number; correction2: number } {
  return { correction1: 1 - settings.beta1 ** step, correction2: 1 - settings.beta2 ** step };
}

/**
 * One step of AdamW (Loshchilov & Hutter 2019, algorithm 2), in PyTorch's order of operations:
 * θ ← θ − ηλθ − η (m/c₁) / (√(v/c₂) + ε).
 */
export function adamwStep(
  settings: AdamwSettings,
  parameters: NamedTensors,
  gradients: NamedTensors,
  moments: Moments,
  rates: StepRates,
): { parameters: NamedTensors; moments: Moments } {
  const { beta1, beta2, epsilon, weightDecay } = settings;
  const clipped = settings.clipNorm === undefined ? gradients : clip(gradients, settings.clipNorm);
  const updated: { parameters: NamedTensors; moments: Moments } = {
    parameters: {},
    moments: { first: {}, second: {} },
  };
  for (const [name, parameter] of Object.entries(parameters)) {
    const gradient = clipped[name];
    const first = tf.add(tf.mul(moments.first[name], beta1), tf.mul(gradient, 1 - beta1));
    const second = tf.add(tf.mul(moments.second[name], beta2), tf.mul(tf.mul(gradient, gradient), 1 - beta2));
    const scale = tf.add(tf.div(tf.sqrt(second), tf.sqrt(rates.correction2)), epsilon);
    const move = tf.div(tf.mul(first, tf.div(rates.learningRate, rates.correction1)), scale);
    const decayed =
      weightDecay > 0 && parameter.rank > 1
        ? tf.mul(parameter, tf.sub(1, tf.mul(rates.learningRate, weightDecay)))
        : parameter;
    updated.parameters[name] = tf.sub(decayed, move);
    updated.moments.first[name] = first;
    updated.moments.second[name] = second;
  }
  return updated;
}

/** Scales gradients by min(1, limit / (joint norm + 10⁻⁶)). */
function clip(gradients: NamedTensors, limit: number): NamedTensors {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.mul(gradient, gradient)));
  const norm = tf.sqrt(tf.addN(squares));
  const scale = tf.minimum(tf.div(limit, tf.add(norm, 1e-6)), 1);
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, scale)]));
}
