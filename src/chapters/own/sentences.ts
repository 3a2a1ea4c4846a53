import { formatEffect, formatFixed } from "../../display/number-format.js";
import { methodName } from "../../figures/method-name.js";
import { readLossLines } from "../conflict/foretold-loss.js";

import type { Advice, ForetoldLoss, Proposal } from "./advice.js";
import { USUAL_ROWS } from "./usual-rows.js";

/** The verdict in some sentences: how many pairs may be mixed, and what is proposed. */
export function describeAdvice(advice: Advice): string[] {
  const { pairs, proposal, texts, margin } = advice;
  const of = (verdict: string) => pairs.filter((pair) => pair.verdict === verdict).length;
  const tested = pairs.filter(({ targets }) => targets.length > 0);
  if (tested.length === 0) return describeUntested(advice);
  const [apart, close] = [of("cannot be mixed"), of("too close to call")];
  const only = pairs.length === 1;
  const counts = only
    ? `${pairs[0].members.join(" + ")}: ${pairs[0].verdict}; ${pairs[0].why}`
    : `Of ${pairs.length} pairs ${of("mix")} may be mixed at less than ${margin} points, ${of("do not mix")} may not, ${close} ${close === 1 ? "is" : "are"} too close to call${apart > 0 ? `, and ${apart} cannot be mixed` : ""}.`;
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
  const comparable = pairs.flatMap(({ members, why, signs }) => (signs ? [{ members, why, signs }] : []));
  if (comparable.length === 0) return ["No two of these adapters can be mixed."];
  const least = comparable.reduce((best, pair) => (pair.signs.fsd < best.signs.fsd ? pair : best));
  return [
    comparable.length === 1
      ? `No verdict: nothing was tested. Of ${least.members.join(" + ")}: ${least.why}`
      : `No verdict: nothing was tested. Of ${comparable.length} pairs that can be mixed, ${least.members.join(" + ")} differ least in sign.`,
    ...describeForetold(comparable.map(({ signs }) => signs.foretold)),
    `What would settle it: some ${USUAL_ROWS} labelled texts of each domain that the adapters were not trained on (--data), which tell a loss of ${margin} points from none; fewer settle plain cases.`,
  ];
}

/** What is foretold of some pairs, how far it errs, and what sets them apart from the pairs that it was learnt on. */
function describeForetold(found: readonly ForetoldLoss[]): string[] {
  const { fittedOn } = readLossLines();
  const measures = [...new Set(found.map(({ by }) => by))];
  const told = measures.map((by) => {
    const own = found.filter((one) => one.by === by);
    const [{ error, ninety, errorOfMean, mean, rank }] = own;
    const points = own.flatMap((one) => one.points);
    const [low, high] = [Math.min(...points), Math.max(...points)].map((value) => formatFixed(value));
    const than = error < 0.9 * errorOfMean ? "" : error < errorOfMean ? " hardly" : " not";
    return (
      `Foretold by ${by}, not tested: each loses ${low === high ? low : `${low} to ${high}`} points in the plain average of two. ` +
      `On domains that this was not fitted on it errs by ${formatFixed(error)} points on average, nine of ten times by less than ${formatFixed(ninety)}; ` +
      `that is${than} better than saying ${formatFixed(mean)} of every pair, which errs by ${formatFixed(errorOfMean)}. Its order of partners has a rank ` +
      `correlation of ${formatEffect(rank, 2)} with what they cost.`
    );
  });
  const outside = [...new Set(found.flatMap((one) => one.outside))];
  const inside =
    `It was fitted on ${fittedOn.pairs} pairs of ${fittedOn.domains.length} generated domains, with ${methodName(fittedOn.method)} adapters of ${fittedOn.encoder}` +
    ` that beat their floor by five points`;
  return [
    ...told,
    outside.length === 0
      ? `${inside}; on real texts its error is not known.`
      : `${inside}. ${found.length === 1 ? "This pair lies" : "These pairs lie"} outside of that (${outside.join("; ")}), so how far it errs here is not known.`,
  ];
}
