import { packBits } from "../../results/bits.js";
import { defineUnit, domainKey, type Ran } from "../../study/define-unit.js";
import { trainBagOfWords } from "../../training/bag-of-words.js";
import { majorityAccuracy, trainProbe } from "../../training/baselines.js";
import { evaluate } from "../../training/evaluate.js";
import { loopOf, loopOptions } from "./loop.js";

/** What a domain gives without any adapter. Accuracies on the test examples. */
export interface BaselineResult {
  domain: string;
  seed: number;
  majority: number;
  bagOfWords: number;
  /** The adapter's own head, trained as long on the frozen encoder, at its own learning rate. */
  frozenProbe: number;
  probeCorrect: string;
}

/** The row of a `baseline` unit. */
export type BaselineRow = Ran<BaselineResult>;

/** Measures a domain's baselines. */
export const baselineUnit = defineUnit({
  kind: "baseline",
  module: import.meta.url,
  async settings(study, { domain, seed }: { domain: string; seed: number }) {
    const loaded = await study.domain(domain);
    const { learningRate: _, ...loop } = loopOf(study, loaded);
    const { probeLearningRate } = study.settings;
    return { domain: domainKey(loaded), seed, ...loop, probeLearningRate };
  },
  async run(study, settings): Promise<BaselineResult> {
    const { seed, batchSize, maxLength, probeLearningRate } = settings;
    const domain = await study.domain(settings.domain.name);
    const loop = loopOptions({ ...settings, learningRate: probeLearningRate });
    const { head } = await trainProbe(study.encoder, domain, { ...loop, seed });
    const probe = evaluate(study.encoder, { head }, domain.test, { batchSize, maxLength });
    return {
      ...{ domain: domain.name, seed, majority: majorityAccuracy(domain, domain.test) },
      bagOfWords: trainBagOfWords(domain).evaluate(domain.test).accuracy,
      frozenProbe: probe.accuracy,
      probeCorrect: packBits(domain.test.map(({ label }, i) => probe.predictions[i] === label)),
    };
  },
});
