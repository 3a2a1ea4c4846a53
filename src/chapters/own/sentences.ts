import { formatFixed } from "../../display/number-format.js";
import type { Advice, Proposal } from "./advice.js";

/** Rows of dev that would decide most pairs: those that leave ±3 points where a fifth of the answers differ. */
const USUAL_ROWS = 900;

/** The verdict in some sentences: how many pairs may be mixed, and what is proposed. */
export function describeAdvice(advice: Advice): string[] {
  const { pairs, proposal, texts, margin } = advice;
  const of = (verdict: string) => pairs.filter((pair) => pair.verdict === verdict).length;
  const tested = pairs.filter(({ targets }) => targets.length > 0);
  if (tested.length === 0) return describeUntested(advice);
  const apart = of("cannot be mixed");
  const only = pairs.length === 1;
  const counts = only
    ? `${pairs[0].members.join(" + ")}: ${pairs[0].verdict}; ${pairs[0].why}`
    : `Of ${pairs.length} pairs ${of("mix")} may be mixed at less than ${margin} points, ${of("do not mix")} may not, ${of("too close to call")} are too close to call${apart > 0 ? `, and ${apart} cannot be mixed` : ""}.`;
  const share = Math.round((100 * texts.pairs) / texts.allPairs);
  const kept = texts.kept > 0 ? `, ${texts.kept} of them kept from earlier runs` : "";
  return [
    counts,
    ...(proposal ? [describeProposal(proposal)] : []),
    `The pairs took ${texts.pairs} answers, ${share}% of what all pairs on all rows would; all together ${texts.computed + texts.kept}${kept}.`,
    ...(tested.length > 1
      ? [
          "Each verdict is wrong with a chance of 5% at most; of many, some will be. Try what you take on rows that were not used here (signmix evaluate).",
        ]
      : []),
    ...advice.notes,
  ];
}

function describeProposal(proposal: Proposal): string {
  const { members, lambda, coefficients, verdict, why } = proposal;
  const uneven = new Set(coefficients).size > 1;
  const weights = uneven
    ? `coefficients ${coefficients.map((one) => formatFixed(one, 2)).join(", ")}`
    : lambda === undefined || lambda * members.length === 1
      ? "the plain average"
      : `λ = ${formatFixed(lambda, 2)} on the summed changes`;
  if (verdict === "mix") return `Mix ${members.join(" + ")} by ${weights}: ${why}.`;
  return `Nothing is surely worth mixing. The nearest is ${members.join(" + ")} by ${weights} (${verdict}): ${why}.`;
}

function describeUntested({ pairs, margin }: Advice): string[] {
  const comparable = pairs.filter(({ signs }) => signs !== undefined);
  if (comparable.length === 0) return ["No two of these adapters can be mixed."];
  const least = comparable.reduce((best, pair) => ((pair.signs?.fsd ?? 1) < (best.signs?.fsd ?? 1) ? pair : best));
  return [
    comparable.length === 1
      ? `No verdict: nothing was tested. Of ${least.members.join(" + ")}: ${least.why}`
      : `No verdict: nothing was tested. Of ${comparable.length} pairs that can be mixed, ${least.members.join(" + ")} differ least in sign.`,
    "How far signs, starts and distances foretell what mixing costs is not known: this project's scorecard leaves the claim unclear, and no predictor with a known error stands behind these numbers.",
    `What would settle it: some ${USUAL_ROWS} labelled texts of each domain that the adapters were not trained on (--data), which tell a loss of ${margin} points from none; fewer settle plain cases.`,
  ];
}
