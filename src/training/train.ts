import type { Adapter } from "../adapters/adapter.js";
import { type ClassifierPlan, requireClassifier } from "../adapters/classify.js";
import { createAdapter } from "../adapters/create.js";
import { createHead, type Head } from "../adapters/head.js";
import type { AdapterMethod, MethodChanges } from "../adapters/methods.js";
import { type Domain, type Example, requireDomain } from "../domains/domain.js";
import { type Encoder, requireEncoder } from "../encoder/encoder.js";
import type { HeadConfig } from "../encoder/heads.js";
import { createRandom, type Random } from "../engine/random.js";
import { float32, type NamedTensorData } from "../engine/tensor-data.js";
import { checkOptions, requireOptions } from "../files/options.js";
import { featureSource, labelsOf, tokenSource, trainingOrder } from "./batches.js";
import { createEvaluator } from "./evaluate.js";
import { type LoopOptions, loopOptionNames, loopWithDefaults, type TrainingHistory } from "./loop-options.js";
import { runSteps } from "./run-steps.js";
import { trainingStep } from "./step.js";

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
  const loop = loopWithDefaults(options);
  requireExamples(domain, loop.evaluateEvery);
  const plan: ClassifierPlan = { encoder, adapter: start.adapter?.config, head: start.head.config };
  const evaluator = loop.evaluateEvery > 0 ? createEvaluator(encoder, domain.dev, plan, loop) : undefined;
  return runSteps(domain.name, start, loop, {
    stepOf: (settings) => trainingStep(plan, settings),
    nextBatch: batches(encoder, domain.train, start, loop),
    ...(evaluator && { score: ({ adapter, head }) => evaluator.run(adapter, head).accuracy }),
  });
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
