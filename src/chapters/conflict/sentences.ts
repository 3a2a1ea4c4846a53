import { mean } from "simple-statistics";
import { formatFixed, formatInterval } from "../../display/number-format.js";
import { methodName } from "../../figures/method-name.js";
import { rankCorrelation, rankCorrelationWithin } from "../../statistics/correlation.js";
import type { Study } from "../../study/study.js";
import { groupSingles } from "../train/groups.js";
import type { TrainRow } from "../train/train-unit.js";
import type { HarmRow } from "./harm.js";
import { pairwiseFsd } from "./pairwise.js";
import { fsdAndSimilarity } from "./paper-claims.js";
import type { SignAssociation } from "./sign-association.js";
import { measuresOf, type SimilarityRow, similarityMeasures } from "./similarity.js";

/** Describes the pairs of adapters of the first seed: by method, the pair that agrees most and the one that agrees least. */
export function describePairs(study: Study, singles: readonly TrainRow[]): string {
  const [{ seed: firstSeed }] = singles;
  const parts = groupSingles(singles.filter(({ seed }) => seed === firstSeed)).map(({ method, rows }) => {
    const matrix = pairwiseFsd(study, rows);
    const pairs = rows.flatMap((a, i) =>
      rows.slice(i + 1).map((b, j) => ({ name: `${a.domain} and ${b.domain}`, fsd: 100 * matrix[i][i + 1 + j] })),
    );
    const sorted = [...pairs].sort((a, b) => a.fsd - b.fsd);
    const [least, most] = [sorted[0], sorted[sorted.length - 1]];
    const average = mean(pairs.map(({ fsd }) => fsd));
    return (
      `${methodName(method)} ${formatFixed(average, 0)}% on average, from ${formatFixed(least.fsd, 0)}% (${least.name}) to ` +
      `${formatFixed(most.fsd, 0)}% (${most.name})`
    );
  });
  return `Sign difference by method: ${parts.join("; ")}.`;
}

/** Describes accuracy change against FSD, pooled and within sizes. */
export function describeHarm(rows: readonly HarmRow[]): string {
  const fsd = rows.map((row) => row.fsd);
  const change = rows.map(({ drop }) => -drop);
  const pooled = rankCorrelation(fsd, change);
  const within = rankCorrelationWithin(
    fsd,
    change,
    rows.map(({ method, seed, target, size }) => `${method}/${seed}/${target}/${size}`),
  );
  const direction = within < 0 ? "lose more" : within > 0 ? "lose less" : "lose as much";
  const text = Number.isNaN(within)
    ? "cannot be told apart"
    : `${direction} (rank correlation ${formatFixed(within, 2)})`;
  return (
    `Over all ${rows.length} tests the rank correlation of sign difference and accuracy change ` +
    `${Number.isNaN(pooled) ? "is not defined, since one of them does not vary" : `is ${formatFixed(pooled, 2)}`}. ` +
    `Compared only with mixtures of the same target and the same size, those with more sign conflict ${text}. ` +
    "So few domains decide nothing; notebook 03 asks the question properly."
  );
}

/** Why a small p and a wide interval may stand side by side. */
function disagreement({ within, p }: SignAssociation): string {
  if (p >= 0.05 || within.high < 0 || within.low > 0) return "";
  return (
    "The small p says that among these very domains it is no chance; the wide interval says that it hangs on a few of them, so that " +
    "other domains may show none. The interval decides. "
  );
}

/** Describes an association: does more sign conflict go with more harm, and with more than distance explains? */
export function describeAssociation(drop: SignAssociation): string {
  const { within } = drop;
  const sign = within.high < 0 ? "Yes" : within.low > 0 ? "No, the other way round" : "It cannot be told";
  const given = drop.givenCovariate;
  const weaker = Math.abs(given) < Math.abs(within.effect) ? "weaker" : "no weaker";
  return (
    `Do mixtures with more sign conflict lose more, at equal method, target and size? ${sign}: the rank correlation of FSD and accuracy ` +
    `change is ${formatFixed(within.effect, 2)} ${formatInterval(within, 2)} (p = ${drop.p.toPrecision(2)} by permuting domains). ` +
    disagreement(drop) +
    (Number.isNaN(drop.pooled)
      ? "Pooled over everything it is not defined, since FSD or the change of accuracy does not vary. "
      : `Pooled over everything it is ${formatFixed(drop.pooled, 2)}, which mixes in the effect of k and of the domains. `) +
    (Number.isNaN(given)
      ? "Given the distance that the other adapters moved it is not defined."
      : `Given the distance that the other adapters moved it is ${formatFixed(given, 2)}, ${weaker} than without.`)
  );
}

/** Describes how FSD goes with the similarity of the domains' texts, in each measure, once starts and distances are taken out. */
export function describeSimilarity(rows: readonly SimilarityRow[]): string {
  const parts = measuresOf(rows).map((measure) => {
    const found = fsdAndSimilarity(rows, measure);
    const name = similarityMeasures[measure].by;
    const text = "undecided" in found ? found.undecided : `${formatFixed(found.effect, 2)} ${formatInterval(found, 2)}`;
    return `by ${name} ${text}`;
  });
  return (
    `Partial rank correlation of FSD with the similarity of texts, given what starts and distances give: ${parts.join("; ")}. ` +
    "The paper finds no relation by eye, from sentence embeddings and topics; its similarities could not be read off."
  );
}
