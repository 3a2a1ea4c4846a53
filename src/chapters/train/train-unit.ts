import type { Adapter } from "../../adapters/adapter.js";
import { type AdapterMethod, adapterHash } from "../../adapters/adapter.js";
import { adapterConfig } from "../../adapters/create.js";
import type { Domain } from "../../domains/domain.js";
import { instructionSet } from "../../engine/instruction-set.js";
import { sizeOf } from "../../engine/tensor-data.js";
import { sha256OfTensors } from "../../files/hash.js";
import { packBits } from "../../results/bits.js";
import { codeHash } from "../../results/code-hash.js";
import type { Outcome } from "../../results/plan.js";
import { encodeTrained } from "../../results/trained-file.js";
import type { Json, Row, Unit } from "../../results/unit.js";
import { distanceMoved } from "../../signs/distance-moved.js";
import type { Study } from "../../study/study.js";
import { adapterPath } from "../../study/trained-adapter.js";
import { evaluate } from "../../training/evaluate.js";
import { trainAdapter } from "../../training/train.js";

/** The row of a `train` unit: one adapter trained on one domain. */
export interface TrainRow extends Row {
  domain: string;
  method: string;
  seed: number;
  /** Hash of the adapter, which names its file. */
  adapter: string;
  head: string;
  testRows: number;
  devRows: number;
  accuracy: number;
  devAccuracy: number;
  /** Which test examples were right, packed. */
  correct: string;
  devCorrect: string;
  adapterParameters: number;
  headParameters: number;
  /** ‖θ − θ₀‖ over all adapter weights. */
  moved: number;
  /** Mean training loss of up to 25 equal stretches of the steps. */
  losses: number[];
  /** Backend and instruction set. */
  ran: string;
}

/** The unit that trains one adapter with the study's settings. */
export function trainUnit(study: Study, domain: Domain, method: AdapterMethod, seed: number): Unit {
  const { steps, batchSize, learningRate, warmupShare, weightDecay, maxLength, reductionFactor, rank } = study.settings;
  const config = adapterConfig(method === "lora" ? { method, rank, alpha: rank } : { method, reductionFactor });
  return {
    kind: "train",
    settings: {
      encoder: study.encoder.hash.slice(0, 32),
      domain: { name: domain.name, hash: domain.hash.slice(0, 32) },
      config: config as unknown as Json,
      seed,
      steps,
      batchSize,
      learningRate,
      warmupShare,
      weightDecay,
      maxLength,
    },
    code: codeHash(["chapters/train/train-unit.js", "text/tokenizer.js"]).slice(0, 32),
  };
}

/** Trains the adapter of a unit; the last step's weights are kept. */
export async function runTrainUnit(unit: Unit, study: Study): Promise<Outcome> {
  const settings = unit.settings as {
    domain: { name: string };
    config: Adapter["config"] & { [key: string]: Json };
    [key: string]: Json;
  };
  const domain = await study.domain(settings.domain.name);
  const { method, ...config } = settings.config;
  const loop = {
    steps: settings.steps as number,
    batchSize: settings.batchSize as number,
    learningRate: settings.learningRate as number,
    warmup: settings.warmupShare as number,
    weightDecay: settings.weightDecay as number,
    maxLength: settings.maxLength as number,
  };
  const seed = settings.seed as number;
  const { adapter, head, history } = await trainAdapter(study.encoder, domain, { method, config, seed, ...loop });
  const examples = [...domain.dev, ...domain.test];
  const { predictions } = evaluate(study.encoder, { adapter, head }, examples, loop);
  const correct = examples.map(({ label }, i) => predictions[i] === label);
  const hash = adapterHash(adapter).slice(0, 32);
  const row: TrainRow = {
    domain: domain.name,
    method,
    seed,
    adapter: hash,
    head: sha256OfTensors(head.tensors).slice(0, 32),
    testRows: domain.test.length,
    devRows: domain.dev.length,
    ...verdicts(correct, domain.dev.length),
    adapterParameters: parameters(adapter.tensors),
    headParameters: parameters(head.tensors),
    moved: distanceMoved(adapter),
    losses: stretches(history.losses, 25),
    ran: `${study.backend.name} ${instructionSet()}`,
  };
  return { row, files: [{ path: adapterPath(study, hash, seed), bytes: encodeTrained({ adapter, head }) }] };
}

/** Accuracy and packed verdicts of the dev examples, which come first, and the test examples. */
export function verdicts(correct: boolean[], devRows: number) {
  const dev = correct.slice(0, devRows);
  const test = correct.slice(devRows);
  return {
    accuracy: shareOf(test),
    devAccuracy: shareOf(dev),
    correct: packBits(test),
    devCorrect: packBits(dev),
  };
}

function shareOf(values: boolean[]): number {
  return values.length === 0 ? 0 : values.filter(Boolean).length / values.length;
}

function parameters(tensors: Adapter["tensors"]): number {
  return Object.values(tensors).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Means of at most `count` stretches of equal length. */
function stretches(values: number[], count: number): number[] {
  const length = Math.ceil(values.length / count);
  const means: number[] = [];
  for (let start = 0; start < values.length; start += length) {
    const part = values.slice(start, start + length);
    means.push(part.reduce((sum, value) => sum + value, 0) / part.length);
  }
  return means;
}
