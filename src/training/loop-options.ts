import type { NamedTensorData } from "../engine/tensor-data.js";
import type { OptionNames } from "../files/options.js";
import { shownValue } from "../files/shown.js";

/** Settings of a training loop. */
export interface LoopOptions {
  /** Optimiser steps, the same for every domain whatever its size. Default 500. */
  steps?: number;
  /** Examples of a step. Default 32. */
  batchSize?: number;
  /** Most tokens of a text, or pair, special ones included. Default 128. */
  maxLength?: number;
  /** Peak learning rate. Default 1e-4, AdapterHub's advice for adapters. */
  learningRate?: number;
  /** Share of the steps over which the learning rate rises from 0; it then falls to 0. Default 0.1. */
  warmup?: number;
  /** Decoupled weight decay on matrices. Default 0. */
  weightDecay?: number;
  /** Limit of the gradients' joint norm. Default: none. */
  clipNorm?: number;
  /** Share of the head's inputs dropped at each step. Default 0. */
  dropout?: number;
  /** Seed of the order of the examples and of dropout. Default: `seed`. */
  orderSeed?: string | number;
  /** Which step's numbers are kept: the last, or those best on the dev examples. Default "last". */
  select?: "last" | "best-on-dev";
  /** Steps between evaluations on the dev examples; 0 for none. Default: a tenth of the steps with "best-on-dev", else 0. */
  evaluateEvery?: number;
  onProgress?: (progress: TrainingProgress) => void;
  /** Is given where the training stands, every `checkpointEvery` steps but after the last. */
  onCheckpoint?: (checkpoint: TrainingCheckpoint) => void;
  /** Steps between checkpoints. Default: a tenth of the steps. */
  checkpointEvery?: number;
  /** A checkpoint of a training with the same settings: it goes on from there, to the same bytes. */
  resume?: TrainingCheckpoint;
  /** Stops the training: the promise is rejected with the signal's reason. */
  signal?: AbortSignal;
}

/** Settings of a training loop, all of them given. */
export type Loop = LoopOptions &
  Required<Omit<LoopOptions, "clipNorm" | "onProgress" | "onCheckpoint" | "resume" | "signal">>;

/** Where a training stands, with all that its other steps need. */
export interface TrainingCheckpoint {
  /** Steps done. */
  step: number;
  /** Parameters and both moments of AdamW, as the training step takes them. */
  state: NamedTensorData;
  /** The numbers that did best on the dev examples, with "best-on-dev". */
  best?: { state: NamedTensorData; accuracy: number };
  history: TrainingHistory;
}

/** Where a training stands. */
export interface TrainingProgress {
  /** Steps done. */
  step: number;
  steps: number;
  loss: number;
}

/** How a training went. */
export interface TrainingHistory {
  /** Loss of each step's batch, before the step. */
  losses: number[];
  /** Accuracy on the dev examples after so many steps. */
  dev: { step: number; accuracy: number }[];
  /** The step whose numbers were kept. */
  selectedStep: number;
}

/** Every option of a training loop. */
export const loopOptionNames: OptionNames<LoopOptions> = {
  steps: true,
  batchSize: true,
  maxLength: true,
  learningRate: true,
  warmup: true,
  weightDecay: true,
  clipNorm: true,
  dropout: true,
  orderSeed: true,
  select: true,
  evaluateEvery: true,
  onProgress: true,
  onCheckpoint: true,
  checkpointEvery: true,
  resume: true,
  signal: true,
};

/** Most steps of a training, and examples of a step: more is a slip, and would be found out after memory was taken for it. */
const MOST = 10_000_000;

/** A loop's options with every default filled in. @throws naming one that is none */
export function loopWithDefaults(options: LoopOptions): Loop {
  const { steps = 500, batchSize = 32, dropout = 0, select = "last" } = options;
  for (const [name, value] of Object.entries({ steps, batchSize })) {
    if (!(Number.isInteger(value) && value >= 1 && value <= MOST)) {
      throw new Error(`Training needs a whole number of ${name} from 1 to ${MOST}, not ${shownValue(value)}.`);
    }
  }
  if (!(dropout >= 0 && dropout < 1)) throw new Error(`Dropout is a share in [0, 1), not ${shownValue(dropout)}.`);
  const { learningRate = 1e-4, warmup = 0.1, weightDecay = 0, clipNorm, maxLength = 128 } = options;
  for (const [name, value] of Object.entries({ learningRate, weightDecay })) {
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new Error(`Training needs a finite number ≥ 0 of ${name}, not ${shownValue(value)}.`);
    }
  }
  if (!(warmup >= 0 && warmup <= 1)) throw new Error(`The warm-up is a share in [0, 1], not ${shownValue(warmup)}.`);
  if (clipNorm !== undefined && !(clipNorm > 0))
    throw new Error(`clipNorm is a number above 0, not ${shownValue(clipNorm)}.`);
  if (!(Number.isInteger(maxLength) && maxLength >= 1)) {
    throw new Error(`Training needs a whole number ≥ 1 of maxLength, not ${shownValue(maxLength)}.`);
  }
  const tenth = Math.max(1, Math.round(steps / 10));
  const { checkpointEvery = tenth } = options;
  if (!(Number.isInteger(checkpointEvery) && checkpointEvery >= 1)) {
    throw new Error(`Training needs a whole number ≥ 1 of checkpointEvery, not ${shownValue(checkpointEvery)}.`);
  }
  return {
    ...options,
    checkpointEvery,
    steps,
    batchSize,
    dropout,
    select,
    maxLength,
    learningRate,
    warmup,
    weightDecay,
    orderSeed: options.orderSeed ?? "order",
    evaluateEvery: options.evaluateEvery ?? (select === "best-on-dev" ? tenth : 0),
  };
}
