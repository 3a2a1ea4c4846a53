import type { Adapter } from "../adapters/adapter.js";
import { type ClassifierPlan, classifierTensors, requireClassifier } from "../adapters/classify.js";
import { createAdapter } from "../adapters/create.js";
import { createHead, type Head } from "../adapters/head.js";
import type { AdapterMethod, MethodChanges } from "../adapters/methods.js";
import { type Domain, type Example, requireDomain } from "../domains/domain.js";
import { type Encoder, requireEncoder } from "../encoder/encoder.js";
import { type HeadConfig, under } from "../encoder/heads.js";
import { createRandom, type Random } from "../engine/random.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { requireAllFinite } from "../files/finite.js";
import { checkOptions, type OptionNames, requireOptions } from "../files/options.js";
import { shownValue } from "../files/shown.js";
import { type AdamwSettings, adamwDefaults, biasCorrections } from "./adamw.js";
import { featureSource, labelsOf, tokenSource, trainingOrder } from "./batches.js";
import { createEvaluator } from "./evaluate.js";
import { linearSchedule } from "./schedule.js";
import { prefixed, trainingStep } from "./step.js";

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

/** Settings of `trainAdapter`. */
export interface TrainOptions extends LoopOptions {
  method: AdapterMethod;
  /** What differs from the method's defaults. */
  config?: MethodChanges;
  /** Kind of head; by default one matrix on the first token. */
  head?: Partial<HeadConfig>;
  /** Seed of the initial numbers of adapter and head, and of the order of the examples. */
  seed: string | number;
  /** Seed of the adapter's initial numbers alone, where it is another: adapters of one `start` begin from the same numbers. */
  start?: string | number;
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

/**
 * Trains a new adapter and its head on a domain, the encoder frozen.
 *
 * @returns the adapter and head named after the domain, and how the training went
 */
export async function trainAdapter(
  encoder: Encoder,
  domain: Domain,
  options: TrainOptions,
): Promise<{ adapter: Adapter; head: Head; history: TrainingHistory }> {
  requireEncoder(encoder, "trainAdapter");
  requireDomain(domain, "trainAdapter");
  requireOptions(options, "trainAdapter", "method");
  checkOptions(
    options,
    { ...loopOptionNames, method: true, config: true, head: true, seed: true, start: true },
    "trainAdapter",
  );
  const { method, config, head: headConfig, seed } = options;
  const adapter = createAdapter(encoder, {
    ...config,
    method,
    seed: options.start ?? seed,
    name: domain.name,
  } as Parameters<typeof createAdapter>[1]);
  const head = createHead(encoder, domain.labels, { ...headConfig, seed, name: domain.name });
  const trained = await trainClassifier(
    encoder,
    domain,
    { adapter, head },
    {
      ...options,
      orderSeed: options.orderSeed ?? seed,
    },
  );
  return { adapter: trained.adapter as Adapter, head: trained.head, history: trained.history };
}

/**
 * Trains a head, and an adapter if given, from where they stand.
 *
 * @returns new ones; those given stay as they are
 */
export async function trainClassifier(
  encoder: Encoder,
  domain: Domain,
  start: { adapter?: Adapter; head: Head },
  options: LoopOptions,
): Promise<{ adapter?: Adapter; head: Head; history: TrainingHistory }> {
  requireEncoder(encoder, "trainClassifier");
  requireDomain(domain, "trainClassifier");
  requireClassifier(start, "trainClassifier");
  requireOptions(options, "trainClassifier", "steps");
  const loop = withDefaults(options);
  const { steps, evaluateEvery } = loop;
  requireExamples(domain, evaluateEvery);
  const settings: AdamwSettings = { ...adamwDefaults, weightDecay: loop.weightDecay, clipNorm: loop.clipNorm };
  const plan: ClassifierPlan = { encoder, adapter: start.adapter?.config, head: start.head.config };
  const step = trainingStep(plan, settings);
  const evaluator = evaluateEvery > 0 ? createEvaluator(encoder, domain.dev, plan, loop) : undefined;
  const nextBatch = batches(encoder, domain.train, start, loop);
  const history: TrainingHistory = structuredClone(loop.resume?.history) ?? {
    losses: [],
    dev: [],
    selectedStep: steps,
  };
  let state = initialState(classifierTensors(start.adapter, start.head));
  if (loop.resume) state = resumed(loop.resume, state, steps);
  let best = loop.resume?.best ?? { state, accuracy: Number.NEGATIVE_INFINITY };
  const first = (loop.resume?.step ?? 0) + 1;
  for (let done = 1; done < first; done++) nextBatch(); // the order goes on where it was
  try {
    for (let done = first; done <= steps; done++) {
      loop.signal?.throwIfAborted();
      const learningRate = loop.learningRate * linearSchedule(done - 1, steps, Math.round(loop.warmup * steps));
      const rates = scalars({ learningRate, ...biasCorrections(settings, done) });
      const { loss, ...next } = step.run({ ...state, ...nextBatch(), ...rates });
      state = next;
      history.losses.push(loss.data[0]);
      if (!Number.isFinite(loss.data[0])) {
        throw new Error(`Training on "${domain.name}" diverged at step ${done}; lower the learning rate.`);
      }
      if (done === steps || (evaluator && done % evaluateEvery === 0)) requireConverged(state, domain, done);
      if (evaluator && (done % evaluateEvery === 0 || done === steps)) {
        const { adapter, head } = classifierOf(start, state);
        const { accuracy } = evaluator.run(adapter, head);
        history.dev.push({ step: done, accuracy });
        if (loop.select === "best-on-dev" && accuracy > best.accuracy) {
          best = { state, accuracy };
          history.selectedStep = done;
        }
      }
      if (done < steps && done % loop.checkpointEvery === 0) {
        const kept = loop.select === "best-on-dev" && { best };
        loop.onCheckpoint?.({ step: done, state, ...kept, history: structuredClone(history) });
      }
      loop.onProgress?.({ step: done, steps, loss: loss.data[0] });
      await new Promise((resolve) => setImmediate(resolve)); // lets signals and output through
    }
  } finally {
    step.forget();
  }
  return { ...classifierOf(start, loop.select === "last" ? state : best.state), history };
}

/** The loss of a step is taken before the step: what the last one did shows in the numbers alone. */
function requireConverged(state: NamedTensorData, domain: Domain, step: number): void {
  try {
    requireAllFinite(under(state, "parameter"), "what was trained");
  } catch (error) {
    throw new Error(`Training on "${domain.name}" diverged at step ${step}; lower the learning rate.`, {
      cause: error,
    });
  }
}

/** Most steps of a training, and examples of a step: more is a slip, and would be found out after memory was taken for it. */
const MOST = 10_000_000;

/** The options with every default filled in. */
function withDefaults(options: LoopOptions) {
  const { steps = 500, batchSize = 32, dropout = 0, select = "last" } = options;
  for (const [name, value] of Object.entries({ steps, batchSize })) {
    if (!(Number.isInteger(value) && value >= 1 && value <= MOST)) {
      throw new Error(`Training needs a whole number of ${name} from 1 to ${MOST}, not ${shownValue(value)}.`);
    }
  }
  if (!(dropout >= 0 && dropout < 1)) throw new Error(`Dropout is a share in [0, 1), not ${dropout}.`);
  const { learningRate = 1e-4, warmup = 0.1, weightDecay = 0, clipNorm, maxLength = 128 } = options;
  for (const [name, value] of Object.entries({ learningRate, weightDecay })) {
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new Error(`Training needs a finite number ≥ 0 of ${name}, not ${value}.`);
    }
  }
  if (!(warmup >= 0 && warmup <= 1)) throw new Error(`The warm-up is a share in [0, 1], not ${warmup}.`);
  if (clipNorm !== undefined && !(clipNorm > 0)) throw new Error(`clipNorm is a number above 0, not ${clipNorm}.`);
  if (!(Number.isInteger(maxLength) && maxLength >= 1)) {
    throw new Error(`Training needs a whole number ≥ 1 of maxLength, not ${maxLength}.`);
  }
  const tenth = Math.max(1, Math.round(steps / 10));
  const { checkpointEvery = tenth } = options;
  if (!(Number.isInteger(checkpointEvery) && checkpointEvery >= 1)) {
    throw new Error(`Training needs a whole number ≥ 1 of checkpointEvery, not ${checkpointEvery}.`);
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

function requireExamples(domain: Domain, evaluateEvery: number): void {
  if (domain.train.length === 0) throw new Error(`The domain "${domain.name}" has no training examples.`);
  if (evaluateEvery > 0 && domain.dev.length === 0) {
    throw new Error(`The domain "${domain.name}" has no dev examples to evaluate on; select the last step.`);
  }
  const classes = domain.labels.length;
  const stray = domain.train.find(({ label }) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (stray) {
    throw new Error(
      `The domain "${domain.name}" has an example of label ${stray.label}; its labels are 0 to ${classes - 1}.`,
    );
  }
}

/** Gives one batch after another: tokens for an adapter, features for a head on the frozen encoder. */
function batches(
  encoder: Encoder,
  examples: readonly Example[],
  start: { adapter?: Adapter; head: Head },
  loop: { batchSize: number; maxLength: number; dropout: number; orderSeed: string | number },
): () => NamedTensorData {
  const { lengths, batch } = start.adapter
    ? tokenSource(encoder, examples, loop.maxLength)
    : featureSource(encoder, start.head.config, examples, loop);
  const random = createRandom(loop.orderSeed);
  const nextRows = trainingOrder(lengths, loop.batchSize, random.fork("order"));
  const mask = random.fork("dropout");
  const maskShape: [number, number] = [loop.batchSize, encoder.config.hiddenSize];
  return () => {
    const rows = nextRows();
    return {
      ...batch(rows),
      ...labelsOf(examples, rows),
      ...(loop.dropout > 0 && { headMask: dropoutMask(maskShape, loop.dropout, mask) }),
    };
  };
}

/** 0 with probability `share`, else 1/(1 − share). */
function dropoutMask(shape: [number, number], share: number, random: Random) {
  const mask = float32(shape);
  mask.data.forEach((_, i) => {
    mask.data[i] = random.uniform() < share ? 0 : 1 / (1 - share);
  });
  return mask;
}

/** Parameters and zero moments, named as the training step takes them. */
function initialState(parameters: NamedTensorData): NamedTensorData {
  const zeros = Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, float32(shape)]));
  return { ...prefixed("parameter", parameters), ...prefixed("first", zeros), ...prefixed("second", zeros) };
}

/** A checkpoint's numbers. @throws if it is of another training than one that begins with `state` */
function resumed(checkpoint: TrainingCheckpoint, state: NamedTensorData, steps: number): NamedTensorData {
  const shapes = (tensors: NamedTensorData) =>
    Object.entries(tensors)
      .map(([name, { shape }]) => `${name} [${shape}]`)
      .sort()
      .join();
  const { step, history } = checkpoint;
  if (!(step < steps && history.losses.length === step && shapes(checkpoint.state) === shapes(state))) {
    throw new Error(`The checkpoint after ${step} steps is of another training; begin anew without it.`);
  }
  return checkpoint.state;
}

function scalars(values: Record<string, number>): NamedTensorData {
  return Object.fromEntries(Object.entries(values).map(([name, x]) => [name, float32([], Float32Array.of(x))]));
}

/** The adapter and head that began as `start`, with the numbers of a state. */
function classifierOf(start: { adapter?: Adapter; head: Head }, state: NamedTensorData) {
  const parameters = under(state, "parameter");
  const head: Head = { ...start.head, tensors: under(parameters, "head") };
  return start.adapter ? { adapter: { ...start.adapter, tensors: under(parameters, "adapter") }, head } : { head };
}
