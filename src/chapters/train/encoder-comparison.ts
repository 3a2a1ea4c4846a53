import { mean } from "simple-statistics";
import { createEncoder, type Encoder, encoderOf } from "../../encoder/encoder.js";
import { projectPath } from "../../files/project.js";
import { unpackBits } from "../../results/bits.js";
import { ResultStore } from "../../results/store.js";
import { seededError } from "../../statistics/seeded-error.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import type { BaselineRow } from "./baseline-unit.js";
import { measureBaselines, trainSingles } from "./singles.js";
import type { TrainRow } from "./train-unit.js";

/** What one encoder gives on the domains of a study: a linear head on it frozen, and adapters on it. */
export interface EncoderMeasure {
  encoder: string;
  baselines: BaselineRow[];
  singles: TrainRow[];
}

/** One encoder on one domain. Accuracies are percentages of the test examples, means over seeds. */
export interface EncoderScore {
  encoder: string;
  domain: string;
  seeds: number;
  testRows: number;
  majority: number;
  bagOfWords: number;
  /** The adapter's own head, trained alone on the frozen encoder. */
  frozenProbe: number;
  adapter: number;
  /** Standard error of `adapter`: over the test examples and, with several seeds, between seeds. */
  adapterError: number;
  /** Standard error of `adapter` − `frozenProbe`, paired over the test examples. */
  gainError: number;
}

/** The same architecture, vocabulary and tokenizer, with weights as they are before any pre-training. */
export function randomised(encoder: Encoder, seed: string | number = "random encoder"): Encoder {
  const pooler = "pooler.dense.weight" in encoder.weights;
  const { weights } = createEncoder(encoder.config, { seed, pooler });
  return encoderOf({
    name: `${encoder.name}, random weights`,
    config: encoder.config,
    weights,
    tokenizer: encoder.tokenizer,
  });
}

/**
 * Measures an encoder on a study's domains with Houlsby adapters, from the study's settings.
 *
 * The study's own encoder uses the study's store and workers. Another one is measured in this process, with its results in
 * the cache alone, from where they are taken again when it is asked once more.
 */
export async function measureEncoder(
  study: Study,
  encoder: Encoder = study.encoder,
  options: RunOptions = {},
): Promise<EncoderMeasure> {
  const place = projectPath(".cache", "encoders", encoder.hash.slice(0, 16));
  const store = new ResultStore(study.label, { folder: place, cache: `${place}-cache` });
  const own = encoder === study.encoder ? study : { ...study, encoder, store, workers: 1 };
  const baselines = await measureBaselines(own, {}, options);
  const singles = await trainSingles(own, { methods: ["houlsby"] }, options);
  return { encoder: encoder.name, baselines, singles };
}

/** Means and standard errors of a measured encoder, by domain. */
export function encoderScores({ encoder, baselines, singles }: EncoderMeasure): EncoderScore[] {
  return [...new Set(singles.map(({ domain }) => domain))].map((domain) => {
    const trained = singles.filter((row) => row.domain === domain);
    const probes = trained.map(({ seed }) => baselines.find((row) => row.domain === domain && row.seed === seed));
    const measured = probes.filter((row) => row !== undefined);
    if (measured.length < trained.length) throw new Error(`A frozen probe of ${domain} was not measured.`);
    const right = trained.map((row) => unpackBits(row.correct, row.testRows).map(Number));
    const gains = right.map((row, s) => {
      const probe = unpackBits(measured[s].probeCorrect, row.length);
      return row.map((is, i) => is - Number(probe[i]));
    });
    const percent = (values: readonly number[]) => 100 * mean([...values]);
    return {
      ...{ encoder, domain, seeds: trained.length, testRows: trained[0].testRows },
      majority: percent(measured.map(({ majority }) => majority)),
      bagOfWords: percent(measured.map(({ bagOfWords }) => bagOfWords)),
      frozenProbe: percent(measured.map(({ frozenProbe }) => frozenProbe)),
      adapter: percent(trained.map(({ accuracy }) => accuracy)),
      adapterError: 100 * seededError(right),
      gainError: 100 * seededError(gains),
    };
  });
}
