import { createRandom } from "../../engine/random.js";
import { enumerateMixtures } from "../../mixing/subsets.js";
import { unpackBits } from "../../results/bits.js";
import { madeFrom } from "../../results/origin.js";
import type { Score } from "../../statistics/cross-fit.js";
import { designSeeds } from "../../study/design-seeds.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { groupSingles } from "../train/groups.js";
import type { TrainRow } from "../train/train-unit.js";
import type { EvaluateRow } from "./evaluate-unit.js";
import { testRecipes } from "./mixtures.js";

/** All mixtures of a pool of adapters of one method and one seed, each tested on the domains of its members. */
export interface Pool {
  method: string;
  seed: number;
  /** The trained adapters, in the order of the study's domains. Members are positions in this list. */
  rows: TrainRow[];
  /** By {@link setKey}, then by target. Mixtures of one are the single adapters. */
  scores: Map<string, Map<number, Score>>;
}

/** Name of a set of members, whatever their order. */
export function setKey(members: readonly number[]): string {
  return [...members].sort((a, b) => a - b).join(",");
}

/** How a mixture did on the domain of one of its members. Throws where it was not tested. */
export function scoreOf(pool: Pool, members: readonly number[], target: number): Score {
  const score = pool.scores.get(setKey(members))?.get(target);
  if (!score) {
    const nameOf = (member: number) =>
      pool.rows[member]?.domain ?? `adapter ${member} (the pool has ${pool.rows.length})`;
    throw new Error(`The mixture ${members.map(nameOf).join(" + ") || "of none"} was not tested on ${nameOf(target)}.`);
  }
  return score;
}

/** The domains of the pool: `poolSize` of the study's, drawn by a fixed seed, in the study's order. */
export function poolDomains({ settings }: Study): string[] {
  const { domains, poolSize } = settings;
  if (poolSize > domains.length) throw new Error(`A pool of ${poolSize} needs as many domains, not ${domains.length}.`);
  const chosen = createRandom("pool").shuffle(domains).slice(0, poolSize);
  return domains.filter((domain) => chosen.includes(domain));
}

/**
 * The trained adapters that go into pools: of the study's pool domains and pool methods, by method and seed. Of the study's
 * seeds only `designSeeds` have pools.
 */
export function poolSingles(
  study: Study,
  singles: readonly TrainRow[],
): { method: string; seed: number; rows: TrainRow[] }[] {
  const names = poolDomains(study);
  const methods: readonly string[] = study.settings.poolMethods;
  const pooled = designSeeds(study.settings);
  const others = study.settings.seeds.filter((seed) => !pooled.includes(seed));
  const chosen = singles.filter(
    ({ domain, method, seed }) => names.includes(domain) && methods.includes(method) && !others.includes(seed),
  );
  if (chosen.length === 0) throw new Error(`None of the adapters is of the pool's methods, ${methods.join(", ")}.`);
  return groupSingles(chosen);
}

/** Tests every mixture of the pool, or takes it from the store: 2ⁿ − 1 mixtures, n·2ⁿ⁻¹ tests a method and seed. */
export async function measurePools(
  study: Study,
  singles: readonly TrainRow[],
  options: RunOptions = {},
): Promise<Pool[]> {
  const groups = poolSingles(study, singles);
  const tests = groups.flatMap((group, g) =>
    enumerateMixtures(group.rows.length)
      .filter(({ length }) => length > 1)
      .flatMap((members) => members.map((target) => ({ g, members, target }))),
  );
  const rows = await testRecipes(
    study,
    tests.map(({ g, members, target }) => ({
      own: groups[g].rows[target],
      recipe: { make: "mixture", of: members.map((member) => groups[g].rows[member].adapter) },
    })),
    options,
  );
  const pools = groups.map((group): Pool => ({ ...group, scores: singleScores(group.rows) }));
  tests.forEach(({ g, members, target }, i) => {
    addScore(pools[g].scores, members, target, readScore(rows[i], groups[g].rows[target].testRows));
  });
  return pools.map((pool, own) =>
    madeFrom(
      pool,
      pool.rows,
      rows.filter((_, i) => tests[i].g === own),
    ),
  );
}

/** Adds a score under its set and target. */
export function addScore(scores: Pool["scores"], members: readonly number[], target: number, score: Score): void {
  const key = setKey(members);
  const byTarget = scores.get(key) ?? new Map<number, Score>();
  scores.set(key, byTarget.set(target, score));
}

/** A stored row as a score. */
export function readScore(row: Pick<EvaluateRow, "accuracy" | "devAccuracy" | "correct">, testRows: number): Score {
  return { dev: row.devAccuracy, test: row.accuracy, correct: unpackBits(row.correct, testRows) };
}

/** The single adapters as mixtures of one. */
export function singleScores(rows: readonly TrainRow[]): Pool["scores"] {
  const scores: Pool["scores"] = new Map();
  rows.forEach((row, i) => {
    addScore(scores, [i], i, readScore(row, row.testRows));
  });
  return scores;
}

/** All sets of a size that hold a target, in the order of `enumerateMixtures`. */
export function setsWith(n: number, size: number, target: number): number[][] {
  return enumerateMixtures(n, { sizes: [size] }).filter((members) => members.includes(target));
}
