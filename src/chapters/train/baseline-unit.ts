import type { Domain } from "../../domains/domain.js";
import { instructionSet } from "../../engine/instruction-set.js";
import { packBits } from "../../results/bits.js";
import { codeHash } from "../../results/code-hash.js";
import type { Outcome } from "../../results/plan.js";
import type { Row, Unit } from "../../results/unit.js";
import type { Study } from "../../study/study.js";
import { trainBagOfWords } from "../../training/bag-of-words.js";
import { majorityAccuracy, trainProbe } from "../../training/baselines.js";
import { evaluate } from "../../training/evaluate.js";

/** The row of a `baseline` unit: what a domain gives without any adapter. Accuracies on the test examples. */
export interface BaselineRow extends Row {
  domain: string;
  seed: number;
  majority: number;
  bagOfWords: number;
  /** The adapter's own head, trained as long on the frozen encoder, at its own learning rate. */
  frozenProbe: number;
  probeCorrect: string;
  ran: string;
}

/** The unit that measures a domain's baselines. */
export function baselineUnit(study: Study, domain: Domain, seed: number): Unit {
  const { steps, batchSize, warmupShare, weightDecay, maxLength, probeLearningRate } = study.settings;
  return {
    kind: "baseline",
    settings: {
      encoder: study.encoder.hash.slice(0, 32),
      domain: { name: domain.name, hash: domain.hash.slice(0, 32) },
      ...{ seed, steps, batchSize, warmupShare, weightDecay, maxLength, probeLearningRate },
    },
    code: codeHash(["chapters/train/baseline-unit.js", "text/tokenizer.js"]).slice(0, 32),
  };
}

/** Measures the baselines of a unit's domain. */
export async function runBaselineUnit(unit: Unit, study: Study): Promise<Outcome> {
  const { domain: named, seed, ...settings } = unit.settings;
  const domain = await study.domain((named as { name: string }).name);
  const loop = {
    steps: settings.steps as number,
    batchSize: settings.batchSize as number,
    learningRate: settings.probeLearningRate as number,
    warmup: settings.warmupShare as number,
    weightDecay: settings.weightDecay as number,
    maxLength: settings.maxLength as number,
  };
  const { head } = await trainProbe(study.encoder, domain, { ...loop, seed: seed as number });
  const probe = evaluate(study.encoder, { head }, domain.test, loop);
  const right = (predictions: readonly number[]) => domain.test.map(({ label }, i) => predictions[i] === label);
  const row: BaselineRow = {
    domain: domain.name,
    seed: seed as number,
    majority: majorityAccuracy(domain, domain.test),
    bagOfWords: trainBagOfWords(domain).evaluate(domain.test).accuracy,
    frozenProbe: probe.accuracy,
    probeCorrect: packBits(right(probe.predictions)),
    ran: `${study.backend.name} ${instructionSet()}`,
  };
  return { row };
}
