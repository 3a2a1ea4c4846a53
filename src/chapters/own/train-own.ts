import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Adapter } from "../../adapters/adapter.js";
import { adapterConfig } from "../../adapters/create.js";
import { exportAdapter, importAdapter } from "../../adapters/folder.js";
import type { Head } from "../../adapters/head.js";
import type { AdapterMethod, MethodChanges } from "../../adapters/methods.js";
import type { Domain } from "../../domains/domain.js";
import type { Encoder } from "../../encoder/encoder.js";
import type { HeadConfig } from "../../encoder/heads.js";
import { writeFolderAtomic, writeJsonAtomic } from "../../files/atomic.js";
import { canonicalJson, sha256 } from "../../files/hash.js";
import { readJsonObject } from "../../files/json.js";
import { readSafetensors, writeSafetensors } from "../../files/safetensors.js";
import { type Effect, scaleEffect } from "../../statistics/effect.js";
import { pairedCounts, pairedDifference } from "../../statistics/paired-difference.js";
import { ownEpochs } from "../../study/regime.js";
import { trainBagOfWords } from "../../training/bag-of-words.js";
import { majorityAccuracy } from "../../training/baselines.js";
import { evaluate } from "../../training/evaluate.js";
import type { TrainingCheckpoint, TrainingHistory, TrainingProgress } from "../../training/loop-options.js";
import { wilsonInterval } from "../../training/metrics.js";
import { type TrainOptions, trainAdapter } from "../../training/train.js";

/** Settings of a training on a domain of one's own. */
export interface OwnSettings {
  method: AdapterMethod;
  /** What differs from the method's defaults, such as the rank. */
  config: MethodChanges;
  head: Partial<HeadConfig>;
  steps: number;
  batchSize: number;
  learningRate: number;
  maxLength: number;
  seed: string | number;
}

/** An adapter trained on a domain, beside the floors that it must beat. */
export interface OwnTraining {
  adapter: Adapter;
  head: Head;
  history: TrainingHistory;
  settings: OwnSettings;
  /** Accuracy on the dev rows, with its 95% interval. Shares. */
  dev: Effect;
  devRows: number;
  /** Accuracy of always answering the most frequent label of train, on the dev rows. */
  majority: number;
  /** Accuracy of a bag of words on the dev rows; its strength was chosen on them, which flatters it a little. */
  bagOfWords: number;
  /** What the adapter has over each floor on the same rows, in points with 95% intervals. */
  overMajority: Effect;
  overBagOfWords: Effect;
  /** Whether it was read from an earlier run of the same settings. */
  kept: boolean;
}

/** Most tokens that are read of a text of one's own: 128, or as many as the encoder has positions for. */
export function ownLength({ config: { maxPositions, family } }: Pick<Encoder, "config">): number {
  return Math.min(128, family === "roberta" ? maxPositions - 2 : maxPositions); // RoBERTa's positions begin at 2
}

/** Least and most steps of a domain of one's own. */
const STEPS: [number, number] = [100, 800];

/**
 * Settings for a domain of one's own: five epochs of its rows, 100 to 800 steps; the learning rate of the profile whose
 * encoder is of the same size (0.005 at a width of up to 256, 0.002 up to 512), and 0.0005 for wider ones, which is assumed.
 */
export function ownSettings(
  encoder: Pick<Encoder, "config">,
  domain: Pick<Domain, "train">,
  given: Partial<OwnSettings> = {},
): OwnSettings {
  const { hiddenSize } = encoder.config;
  const { batchSize = 16 } = given;
  const steps = Math.round((ownEpochs * domain.train.length) / batchSize);
  return {
    method: "pfeiffer",
    config: {},
    head: {},
    steps: Math.min(STEPS[1], Math.max(STEPS[0], steps)),
    learningRate: hiddenSize <= 256 ? 0.005 : hiddenSize <= 512 ? 0.002 : 0.0005,
    maxLength: ownLength(encoder),
    seed: 1,
    ...given,
    batchSize,
  };
}

/**
 * Trains an adapter with its head on a domain, and measures the floors beside it: the most frequent label and a bag of
 * words. Everything is compared on the dev rows; the test rows are not looked at.
 *
 * @param options.keptIn folder in which what is finished is kept, so that the same training is read and not done again,
 *   and a training that was stopped goes on
 */
export async function trainOwn(
  encoder: Encoder,
  domain: Domain,
  settings: OwnSettings,
  options: { keptIn?: string; onProgress?: (progress: TrainingProgress) => void; signal?: AbortSignal } = {},
): Promise<OwnTraining> {
  const { method, config, head: headConfig, seed, steps, batchSize, learningRate, maxLength } = settings;
  adapterConfig({ ...config, method } as Parameters<typeof adapterConfig>[0]); // refuses what it cannot be before anything is computed
  const bag = trainBagOfWords(domain).evaluate(domain.dev);
  const place = options.keptIn && join(options.keptIn, keyOf(encoder, domain, settings));
  const earlier = place ? readKept(place, domain.name) : undefined;
  const trained =
    earlier ||
    (await trainAdapter(encoder, domain, {
      ...{ method, config, head: headConfig, seed, steps, batchSize, learningRate, maxLength },
      evaluateEvery: Math.max(1, Math.ceil(steps / 10)),
      ...(place && goOn(`${place}.part`)),
      ...(options.onProgress && { onProgress: options.onProgress }),
      ...(options.signal && { signal: options.signal }),
    }));
  if (place && !earlier) {
    keep(place, trained);
    rmSync(`${place}.part`, { force: true });
  }
  const { adapter, head, history } = trained;
  const { predictions, accuracy } = evaluate(encoder, { adapter, head }, domain.dev, { maxLength });
  const [low, high] = wilsonInterval(accuracy, domain.dev.length);
  const right = domain.dev.map(({ label }, i) => predictions[i] === label);
  const counts = domain.labels.map((_, label) => domain.train.filter((example) => example.label === label).length);
  const frequent = counts.indexOf(Math.max(...counts));
  const over = (other: readonly boolean[]) => scaleEffect(pairedDifference(pairedCounts(right, other)), 100);
  return {
    ...{ adapter, head, history, settings, dev: { effect: accuracy, low, high }, devRows: domain.dev.length },
    majority: majorityAccuracy(domain, domain.dev),
    bagOfWords: bag.accuracy,
    overMajority: over(domain.dev.map(({ label }) => label === frequent)),
    overBagOfWords: over(domain.dev.map(({ label }, i) => bag.predictions[i] === label)),
    kept: Boolean(earlier),
  };
}

/** One or two sentences: whether the adapter is worth its training. */
export function describeTraining({ overMajority, overBagOfWords, dev, devRows }: OwnTraining): string {
  const [own, low, high] = [dev.effect, dev.low, dev.high].map((share) => `${(100 * share).toFixed(1)}%`);
  const accuracy = `It is right in ${own} [${low}, ${high}] of ${devRows} dev rows.`;
  const against = (floor: string, { effect, low, high }: Effect) => {
    const points = (by: number, from: number, to: number) =>
      `${by.toFixed(1)} points [${from.toFixed(1)}, ${to.toFixed(1)}]`;
    if (low > 0) return `beats ${floor} by ${points(effect, low, high)}`;
    if (high < 0) return `is WORSE than ${floor} by ${points(-effect, -high, -low)}`;
    return `does not surely beat ${floor} (${points(effect, low, high)})`;
  };
  return `${accuracy} It ${against("the most frequent label", overMajority)}, and ${against("a bag of words", overBagOfWords)}.`;
}

function keyOf(encoder: Encoder, domain: Domain, settings: OwnSettings): string {
  return sha256(canonicalJson([encoder.hash, domain.hash, { ...settings, seed: String(settings.seed) }])).slice(0, 32);
}

type Trained = { adapter: Adapter; head: Head; history: TrainingHistory };

function keep(place: string, { adapter, head, history }: Trained): void {
  writeFolderAtomic(place, (folder) => {
    exportAdapter(adapter, folder, "signmix", { head });
    writeJsonAtomic(join(folder, "history.json"), history);
  });
}

/** Keeps checkpoints in a file, and goes on from the one that is there. One that cannot be read is as none. */
function goOn(file: string): Pick<TrainOptions, "onCheckpoint" | "resume"> {
  const onCheckpoint = ({ step, state, history }: TrainingCheckpoint) => {
    mkdirSync(dirname(file), { recursive: true });
    writeSafetensors(file, state, { step: String(step), history: JSON.stringify(history) });
  };
  if (!existsSync(file)) return { onCheckpoint };
  try {
    const { tensors: state, metadata } = readSafetensors(file);
    return { onCheckpoint, resume: { step: Number(metadata.step), state, history: JSON.parse(metadata.history) } };
  } catch {
    return { onCheckpoint };
  }
}

function readKept(place: string, name: string): Trained | undefined {
  if (!existsSync(join(place, "history.json"))) return undefined;
  const { adapter, head } = importAdapter(place);
  const history = readJsonObject(join(place, "history.json")) as unknown as TrainingHistory;
  return head && { adapter: { ...adapter, name }, head: { ...head, name }, history };
}
