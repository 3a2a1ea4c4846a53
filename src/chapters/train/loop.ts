import type { AdapterConfig, AdapterMethod } from "../../adapters/adapter.js";
import { adapterConfig } from "../../adapters/create.js";
import type { Study } from "../../study/study.js";
import type { LoopOptions } from "../../training/train.js";

/** The settings of a training loop as units name them. */
export interface LoopSettings {
  steps: number;
  batchSize: number;
  learningRate: number;
  warmupShare: number;
  weightDecay: number;
  maxLength: number;
}

/** The study's training loop. */
export function loopOf({ settings }: Study): LoopSettings {
  const { steps, batchSize, learningRate, warmupShare, weightDecay, maxLength } = settings;
  return { steps, batchSize, learningRate, warmupShare, weightDecay, maxLength };
}

/** A unit's loop as the options of a training. */
export function loopOptions({ warmupShare: warmup, ...loop }: LoopSettings): LoopOptions {
  const { steps, batchSize, learningRate, weightDecay, maxLength } = loop;
  return { steps, batchSize, learningRate, warmup, weightDecay, maxLength };
}

/** The configuration of a method's adapters at the study's size. */
export function adapterConfigOf({ settings }: Study, method: AdapterMethod): AdapterConfig {
  const { reductionFactor, rank } = settings;
  return adapterConfig(method === "lora" ? { method, rank, alpha: rank } : { method, reductionFactor });
}
