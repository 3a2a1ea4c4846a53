import { join } from "node:path";
import { compile } from "../engine/compile.js";
import { createRandom } from "../engine/random.js";
import type { NamedTensorData } from "../engine/tensor-data.js";
import type { Compiled } from "../engine/tensor-function.js";
import { appendJsonLines } from "../files/json-lines.js";
import { countWords, trainVocabulary } from "../text/vocabulary.js";
import { AdamW, type AdamWOptions } from "./adamw.js";
import { type BatchOptions, drawBatch } from "./batches.js";
import { loadPretraining, type PretrainingCheckpoint, savePretraining } from "./checkpoint.js";
import { type EncodedCorpus, encodeCorpus } from "./corpus.js";
import { gradientFunction, initialParameters, lossFunction } from "./objective.js";
import { learningRateAt, type RateSchedule } from "./schedule.js";
import { indexSentences, type SentenceIndex } from "./sentences.js";
import { wordVectors } from "./word-vectors.js";

/** Everything that decides a pre-training run. */
export interface PretrainingOptions extends RateSchedule {
  /** The text, one passage an entry, in a fixed order; neighbours may belong together. */
  passages: string[];
  /** Where checkpoints and `log.jsonl` go. */
  output: string;
  /** Folder of a checkpoint to go on from; its shape and vocabulary are kept. */
  resume?: string;
  vocabularySize: number;
  layers: number;
  width: number;
  heads: number;
  /** The longest sequence the encoder will take. */
  maxPositions: number;
  /** Shapes of batches, taken in turn; held-out text is measured in the first. */
  batches: BatchOptions[];
  optimiser?: AdamWOptions;
  /** Weight of the pair loss beside the masked loss. */
  pairWeight: number;
  seed: string;
  /** The run ends after so many steps, or so many hours, whichever comes first. */
  steps?: number;
  hours?: number;
  /** Minutes between checkpoints. */
  checkpointMinutes: number;
  /** Steps between measurements on held-out text. */
  heldOutEvery: number;
  /** Ask whether to stop early; the checkpoint is written then too. */
  stopped?: () => boolean;
  /** Hears how the run goes, one sentence at a time. */
  report?: (line: string) => void;
}

/** One line of `log.jsonl`: means since the line before. */
export interface PretrainingLogEntry {
  step: number;
  tokens: number;
  /** Loss of the hidden pieces, in nats, and of the sentence pairs; share of pairs guessed right. */
  masked: number;
  pair: number;
  pairAccuracy: number;
  learningRate: number;
  gradientNorm: number;
  tokensPerSecond: number;
  /** The same losses on held-out text, where they were measured. */
  heldOut?: Losses;
}

/** Losses of pre-training. */
export interface Losses {
  masked: number;
  pair: number;
  pairAccuracy: number;
}

const HELD_OUT_BATCHES = 6;
const LOG_EVERY = 25;

/**
 * Pre-trains a BERT encoder on hidden pieces and sentence pairs, on the active backend. One passage in a hundred (in
 * blocks, so that neighbours stay together) is held out. Checkpoints are written now and then and at the end.
 *
 * @returns the last checkpoint
 */
export async function pretrain(options: PretrainingOptions): Promise<PretrainingCheckpoint> {
  const { output, batches, seed, report = () => {} } = options;
  const { training, heldOut } = holdOut(options.passages);
  const started = options.resume ? loadPretraining(options.resume) : undefined;
  const pieces = started?.pieces ?? learnVocabulary(training, options.vocabularySize);
  const corpus = encodeCorpus(training, pieces);
  report(`${training.length} passages, ${corpus.ids.length} tokens of ${pieces.length} pieces.`);
  const checkpoint = started ?? begin(options, corpus, pieces);
  const index = indexSentences(corpus, pieces);
  const heldOutIndex: SentenceIndex = { ...indexSentences(encodeCorpus(heldOut, pieces), pieces), kinds: index.kinds };

  const { config, parameters } = checkpoint;
  const names = Object.keys(parameters);
  const gradients = compile(gradientFunction(config, names, options.pairWeight));
  const losses = compile(lossFunction(config));
  const optimiser = new AdamW(parameters, options.optimiser);
  const begun = Date.now();
  let saved = begun;
  let meter = new Meter(checkpoint.tokens);
  try {
    for (let done = 0; ; done++) {
      const hours = (Date.now() - begun) / 3.6e6;
      const progress = Math.max(done / (options.steps ?? Infinity), hours / (options.hours ?? Infinity));
      if (progress >= 1 || options.stopped?.()) break;
      const learningRate = learningRateAt(options, done, progress);
      const shape = batches[checkpoint.step % batches.length];
      const drawn = drawBatch(index, shape, `${seed}/${checkpoint.step}`);
      const outputs = gradients.run({ ...parameters, ...drawn });
      const ofParameters = Object.fromEntries(names.map((name) => [name, outputs[`gradient.${name}`]]));
      meter.add(outputs, optimiser.step(ofParameters, learningRate));
      checkpoint.step++;
      checkpoint.tokens += (drawn.attentionMask.data as Int32Array).reduce((sum, one) => sum + one, 0);
      if (checkpoint.step % LOG_EVERY === 0) {
        const measured = checkpoint.step % options.heldOutEvery === 0;
        const entry: PretrainingLogEntry = {
          step: checkpoint.step,
          tokens: checkpoint.tokens,
          ...meter.means(checkpoint.tokens),
          learningRate,
          ...(measured && { heldOut: measure(losses, parameters, heldOutIndex, batches[0]) }),
        };
        appendJsonLines(join(output, "log.jsonl"), entry);
        report(describe(entry));
        meter = new Meter(checkpoint.tokens);
      }
      if (Date.now() - saved > 60_000 * options.checkpointMinutes) {
        savePretraining(checkpoint, output);
        saved = Date.now();
      }
      await new Promise((resolve) => setImmediate(resolve)); // lets signals in
    }
    savePretraining(checkpoint, output);
  } finally {
    gradients.dispose();
    losses.dispose();
  }
  return checkpoint;
}

const BLOCK = 20;
const HELD_OUT_BLOCK = 99;

/** Of every hundred blocks of twenty passages, the last is held out. */
function holdOut(passages: string[]): { training: string[]; heldOut: string[] } {
  const isHeldOut = (at: number) => Math.floor(at / BLOCK) % 100 === HELD_OUT_BLOCK;
  const training = passages.filter((_, at) => !isHeldOut(at));
  const heldOut = passages.filter((_, at) => isHeldOut(at));
  if (heldOut.length === 0) throw new Error(`${passages.length} passages are too few; give 2,000 or more.`);
  return { training, heldOut };
}

function learnVocabulary(passages: string[], size: number): string[] {
  const counts = new Map<string, number>();
  for (const passage of passages) countWords(passage, counts);
  return trainVocabulary(counts, { size });
}

function begin(options: PretrainingOptions, corpus: EncodedCorpus, pieces: string[]): PretrainingCheckpoint {
  const random = createRandom(options.seed);
  const vocabSize = pieces.length;
  const config = {
    family: "bert" as const,
    vocabSize,
    hiddenSize: options.width,
    layers: options.layers,
    heads: options.heads,
    intermediateSize: 4 * options.width,
    maxPositions: options.maxPositions,
    typeVocabSize: 2,
    layerNormEpsilon: 1e-12,
    padTokenId: 0,
    activation: "relu" as const,
  };
  const counts = new Uint32Array(vocabSize);
  for (const id of corpus.ids) counts[id]++;
  options.report?.("Word vectors from the corpus …");
  const vectors = wordVectors(corpus, { vocabSize, size: options.width }, random.fork("vectors"));
  const parameters = initialParameters(config, random.fork("parameters"), { wordVectors: vectors, counts });
  return { config, parameters, pieces, step: 0, tokens: 0 };
}

function measure(losses: Compiled, parameters: NamedTensorData, index: SentenceIndex, batch: BatchOptions): Losses {
  const sums: Losses = { masked: 0, pair: 0, pairAccuracy: 0 };
  for (let i = 0; i < HELD_OUT_BATCHES; i++) {
    addLosses(sums, losses.run({ ...parameters, ...drawBatch(index, batch, `held-out/${i}`) }));
  }
  return scaled(sums, 1 / HELD_OUT_BATCHES);
}

function addLosses(sums: Losses, outputs: NamedTensorData): void {
  for (const name of ["masked", "pair", "pairAccuracy"] as const) sums[name] += outputs[name].data[0];
}

function scaled({ masked, pair, pairAccuracy }: Losses, by: number): Losses {
  const short = (x: number) => Number((x * by).toFixed(4));
  return { masked: short(masked), pair: short(pair), pairAccuracy: short(pairAccuracy) };
}

/** Means over the steps since it was made. */
class Meter {
  private readonly sums: Losses = { masked: 0, pair: 0, pairAccuracy: 0 };
  private norms = 0;
  private steps = 0;
  private readonly since = Date.now();

  constructor(private readonly tokensBefore: number) {}

  add(outputs: NamedTensorData, norm: number): void {
    addLosses(this.sums, outputs);
    this.norms += norm;
    this.steps++;
  }

  means(tokens: number) {
    const seconds = (Date.now() - this.since) / 1000;
    return {
      ...scaled(this.sums, 1 / this.steps),
      gradientNorm: Number((this.norms / this.steps).toFixed(3)),
      tokensPerSecond: Math.round((tokens - this.tokensBefore) / seconds),
    };
  }
}

function describe(entry: PretrainingLogEntry): string {
  const losses = ({ masked, pair, pairAccuracy }: Losses) =>
    `masked ${masked.toFixed(3)}, pairs ${pair.toFixed(3)} (${(100 * pairAccuracy).toFixed(0)}% right)`;
  const held = entry.heldOut ? `; held out: ${losses(entry.heldOut)}` : "";
  const million = (entry.tokens / 1e6).toFixed(2);
  return `step ${entry.step}, ${million} M tokens, ${losses(entry)}, ${entry.tokensPerSecond} tokens/s${held}`;
}
