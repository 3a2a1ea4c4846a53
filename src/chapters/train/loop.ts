import { adapterConfig } from "../../adapters/create.js";
import { type AdapterConfig, type AdapterMethod, methods } from "../../adapters/methods.js";
import type { Domain } from "../../domains/domain.js";
import type { Settings } from "../../study/profile.js";
import { ownEpochs, startSeed } from "../../study/regime.js";
import type { Study } from "../../study/study.js";
import type { LoopOptions } from "../../training/loop-options.js";

/** The settings of a training loop as units name them. */
export interface LoopSettings {
  steps: number;
  batchSize: number;
  learningRate: number;
  warmupShare: number;
  weightDecay: number;
  maxLength: number;
}

/** The study's training loop for a domain, as long as its schedule says. */
export function loopOf({ settings }: Study, domain: Pick<Domain, "name" | "train">): LoopSettings {
  const { batchSize, learningRate, warmupShare, weightDecay, maxLength } = settings;
  return { steps: stepsFor(settings, domain), batchSize, learningRate, warmupShare, weightDecay, maxLength };
}

/** Steps of a domain: the same for all, or by its epochs; a domain of one's own takes the length nearest to five epochs. */
function stepsFor(
  { schedule, steps, epochSteps, batchSize }: Settings,
  { name, train }: Pick<Domain, "name" | "train">,
): number {
  if (schedule === "equal") return steps;
  const lengths = Object.values(epochSteps);
  const wanted = Math.log((ownEpochs * train.length) / batchSize);
  const far = (length: number) => Math.abs(Math.log(length) - wanted);
  return epochSteps[name] ?? lengths.reduce((best, length) => (far(length) < far(best) ? length : best));
}

/** The seed that a domain's adapter starts from, where it is another than the run's own. */
export function startOf({ settings }: Study, { name, labels }: Domain, seed: number): { start?: string | number } {
  const start = startSeed(settings.start, seed, { name, classes: labels.length });
  return start === seed ? {} : { start };
}

/** A unit's loop as the options of a training. */
export function loopOptions({ warmupShare: warmup, ...loop }: LoopSettings): LoopOptions {
  const { steps, batchSize, learningRate, weightDecay, maxLength } = loop;
  return { steps, batchSize, learningRate, warmup, weightDecay, maxLength };
}

/** The configuration of a method's adapters at the study's size. */
export function adapterConfigOf({ settings }: Study, method: AdapterMethod): AdapterConfig {
  return adapterConfig({ method, ...methods[method].ofSize(settings) });
}
