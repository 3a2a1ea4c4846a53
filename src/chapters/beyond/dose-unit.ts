import { averageAdapters } from "../../mixing/average.js";
import { scaleChange } from "../../mixing/dilute.js";
import { withSignAgreement, withStartShared } from "../../signs/dose.js";
import { flipShare } from "../../signs/flip-share.js";
import { changeOf } from "../../signs/initialisation.js";
import { fractionOfSignDifference } from "../../signs/sign-difference.js";
import { defineUnit, domainKey } from "../../study/define-unit.js";
import { testAdapter } from "../../study/test-adapter.js";
import { trainedAdapter } from "../../study/trained-adapter.js";

/** What is done to a partner before it is mixed with a target. */
export interface Dose {
  /** Share of the signs of its change that are made to agree with the target's; null leaves them as trained. */
  signs: number | null;
  /** Factor on the size of its change. */
  size: number;
  /** Share of its starting weights that are the target's; the others are of another start. */
  starts: number;
}

/** A target mixed with a dosed partner, on the target's test examples. */
export interface DoseUnitResult {
  accuracy: number;
  /** Which test examples were right, packed. */
  correct: string;
  /** Share of the weights at which the two changes have one sign, of those where neither is zero. */
  agreement: number;
  /** The partner's change along the target's, in lengths of that: δ_p·δ_t/‖δ_t‖². */
  along: number;
  fsd: number;
  flipShare: number;
}

/** Seed of the signs and starts that are drawn, and of the other start. */
const DRAW = "dose";

/** Sets a partner's signs, sizes or starts, averages it with a target, and tests the target. */
export const doseUnit = defineUnit({
  kind: "dose",
  module: import.meta.url,
  async settings(study, input: { domain: string; target: string; partner: string; dose: Dose }) {
    const { batchSize, maxLength } = study.settings;
    return { ...input, domain: domainKey(await study.domain(input.domain)), batchSize, maxLength };
  },
  async run(study, { domain, target: own, partner: other, dose, ...test }): Promise<DoseUnitResult> {
    const { adapter: target, head } = trainedAdapter(study, own);
    let partner = trainedAdapter(study, other).adapter;
    if (dose.signs !== null) partner = withSignAgreement(partner, target, dose.signs, { seed: DRAW });
    if (dose.size !== 1) partner = scaleChange(partner, dose.size);
    const { agreement, along } = compareChanges(changeOf(partner), changeOf(target));
    if (dose.starts !== 1) partner = withStartShared(partner, DRAW, dose.starts, { seed: DRAW });
    const mixture = averageAdapters([target, partner]);
    const options = { split: "test" as const, ...test };
    const { accuracy, correct } = await testAdapter(study, await study.domain(domain.name), mixture, head, options);
    const fsd = fractionOfSignDifference(target, partner).overall;
    return { accuracy, correct, agreement, along, fsd, flipShare: flipShare([target, partner], target).overall };
  },
});

type Change = Record<string, Float64Array>;

function compareChanges(partner: Change, target: Change): Pick<DoseUnitResult, "agreement" | "along"> {
  let [agree, both, product, square] = [0, 0, 0, 0];
  for (const [name, own] of Object.entries(target)) {
    const other = partner[name];
    for (let i = 0; i < own.length; i++) {
      const term = own[i] * other[i];
      if (term > 0) agree++;
      if (term !== 0) both++;
      product += term;
      square += own[i] * own[i];
    }
  }
  return { agreement: both === 0 ? 0 : agree / both, along: square === 0 ? 0 : product / square };
}
