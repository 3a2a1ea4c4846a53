import { mean } from "simple-statistics";
import { partialRankCorrelation, rankCorrelation } from "../../statistics/correlation.js";
import { jackknife } from "../../statistics/jackknife.js";
import { permuteAssigned } from "../../statistics/permutation.js";
import { claimCorrelation, claimMean } from "../../study/claim-effects.js";
import type { ClaimEffect, ClaimEffects } from "../../study/scorecard.js";
import type { RegimeName, Study } from "../../study/study.js";
import { trainSingles } from "../train/singles.js";
import { type FlipRow, flipSets, measureFlips, measurePairs, type PairRow } from "./pairs.js";
import { measureRandomised, type RandomisedRow } from "./randomised.js";
import { measureSimilarity, type SimilarityMeasure, type SimilarityRow } from "./similarity.js";

/** Claims S1 and S1s: rank correlation of FSD and accuracy within targets, two adapters, over the targets that count. */
export function conflictAndAccuracy(
  rows: readonly (PairRow | RandomisedRow)[],
  targets: readonly string[],
): ClaimEffect {
  const drawn = (row: PairRow | RandomisedRow) => ("steps" in row ? `${row.sameStart}/${row.steps}` : "");
  return claimCorrelation(
    rows,
    ({ fsd }) => fsd,
    ({ change }) => change,
    targets,
    drawn,
  );
}

/** A randomised pair, the partner once from the target's start and once from its own, trained equally long. */
interface StartDifference {
  target: string;
  members: string[];
  /** Accuracy with the partner of the same start minus with the other, in points. */
  gain: number;
}

function startDifferences(rows: readonly RandomisedRow[]): StartDifference[] {
  const key = (row: RandomisedRow) => `${row.method}/${row.seed}/${row.target}/${row.partner}/${row.steps}`;
  const others = new Map(rows.filter(({ sameStart }) => !sameStart).map((row) => [key(row), row]));
  return rows.flatMap((row) => {
    const other = row.sameStart ? others.get(key(row)) : undefined;
    return other ? [{ target: row.target, members: row.members, gain: row.change - other.change }] : [];
  });
}

/** Claim S1c: accuracy with a partner of the same start minus with one of another, same domain and length, in points. */
export function sameStartGain(rows: readonly RandomisedRow[], targets: readonly string[]): ClaimEffect {
  return claimMean(startDifferences(rows), ({ gain }) => gain, targets);
}

/** P of the mean gain of a same start, from permuting starts within target, partner and length, as they were assigned. */
export function sameStartP(rows: readonly RandomisedRow[], options: { permutations?: number } = {}): number {
  const strata = rows.map((row) => `${row.method}/${row.seed}/${row.target}/${row.partner}/${row.steps}`);
  const gain = (assigned: readonly boolean[]) => {
    const [same, other] = [true, false].map((kind) =>
      rows.filter((_, i) => assigned[i] === kind).map(({ change }) => change),
    );
    return mean(same) - mean(other);
  };
  return permuteAssigned(
    rows.map(({ sameStart }) => sameStart),
    strata,
    gain,
    { permutations: options.permutations ?? 2_000 },
  ).p;
}

/**
 * Claim S2: by how much more the flip share of a target grows from pairs to the largest mixture than starts and distances
 * give by arithmetic, in points.
 */
export function growthBeyondArithmetic(rows: readonly FlipRow[], targets: readonly string[]): ClaimEffect {
  const largest = Math.max(...rows.map(({ size }) => size));
  if (largest < 3) return { undecided: "there are no mixtures of more than two" };
  const beyond = ({ flipShare, byArithmetic }: FlipRow) => 100 * (flipShare - byArithmetic);
  const all = [...new Set(rows.flatMap(({ members }) => members))];
  const growths = [...new Set(rows.map(({ target }) => target))].flatMap((target) => {
    const at = (size: number) => rows.filter((row) => row.target === target && row.size === size).map(beyond);
    const [pairs, most] = [at(2), at(largest)];
    return pairs.length > 0 && most.length > 0 ? [{ target, members: all, growth: mean(most) - mean(pairs) }] : [];
  });
  return claimMean(growths, ({ growth }) => growth, targets);
}

/**
 * Claim S3: partial rank correlation over pairs of domains of FSD with the similarity of their texts, given the FSD that
 * starts and distances give by arithmetic, seeds averaged. The interval leaves out one domain at a time.
 */
export function fsdAndSimilarity(
  rows: readonly SimilarityRow[],
  measure: SimilarityMeasure = "embedding",
): ClaimEffect {
  const pairs = [...new Set(rows.map(({ first, second }) => `${first}/${second}`))].map((key) => {
    const own = rows.filter(({ first, second }) => `${first}/${second}` === key);
    const average = (value: (row: SimilarityRow) => number) => mean(own.map(value));
    return {
      domains: [own[0].first, own[0].second],
      fsd: average(({ fsd }) => fsd),
      expected: average(({ expectedFsd }) => expectedFsd),
      similarity: average((row) => row[measure] ?? Number.NaN),
    };
  });
  const domains = [...new Set(pairs.flatMap((pair) => pair.domains))];
  if (domains.length < 5) return { undecided: `${domains.length} domains make too few pairs` };
  const partial = (without?: string) => {
    const own = pairs.filter((pair) => !pair.domains.includes(without ?? ""));
    const [fsd, similarity, expected] = [
      own.map((pair) => pair.fsd),
      own.map((pair) => pair.similarity),
      own.map((pair) => pair.expected),
    ];
    const given = partialRankCorrelation(fsd, similarity, expected);
    return Number.isFinite(given) ? given : rankCorrelation(fsd, similarity);
  };
  const { effect, low, high } = jackknife(domains, partial);
  if (![effect, low, high].every(Number.isFinite)) return { undecided: "FSD or similarity does not vary" };
  return { effect, low: Math.max(-1, low), high: Math.min(1, high) };
}

/**
 * Claims S1 to S3 of a study as it is, over the targets that count. In the paper's regime S1 is of all pairs, and S1c is left
 * out, since there starts go with the number of labels; controlled, both are of randomised partners.
 */
export async function signClaims(study: Study, regime: RegimeName, targets: readonly string[]): Promise<ClaimEffects> {
  const singles = await trainSingles(study);
  const randomised = regime === "controlled" ? await measureRandomised(study) : undefined;
  const S1 = conflictAndAccuracy(randomised ?? (await measurePairs(study, singles)), targets);
  const flips = await measureFlips(study, singles, flipSets(study));
  return {
    ...{ S1, S1s: S1 },
    S1c: randomised
      ? sameStartGain(randomised, targets)
      : { undecided: "starts go with the number of labels, so nothing is randomised" },
    S2: growthBeyondArithmetic(flips, targets),
    S3: fsdAndSimilarity(await measureSimilarity(study, singles)),
  };
}
