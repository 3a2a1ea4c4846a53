import { mean } from "simple-statistics";
import { inRegime, regimes } from "../../study/in-regime.js";
import type { RegimeName, Study } from "../../study/study.js";
import type { BaselineRow } from "../train/baseline-unit.js";
import { measureBaselines, trainSingles } from "../train/singles.js";
import type { TrainRow } from "../train/train-unit.js";
import { type FloorRow, measureFloors } from "./mixtures.js";

/** Points by which a target's own adapter beats its floor, below which it has nothing to lose. */
export const GAIN = 5;

/** How far a target's own adapter stands above its floor in each regime, and whether it counts for claims. In points. */
export interface CountedTarget extends Record<RegimeName, number> {
  target: string;
  counts: boolean;
}

/**
 * What each domain's own adapters gain over the floor, in points, averaged over methods and seeds. The floor is the higher
 * of the most frequent label and the domain's own head without its adapter, or with the adapter as it was before training.
 */
export function gainsOverFloor(
  singles: readonly TrainRow[],
  floors: readonly FloorRow[],
  baselines: readonly BaselineRow[],
): Map<string, number> {
  const gains = singles.map(({ domain, method, seed, accuracy }) => {
    const own = (row: { domain: string; seed: number }) => row.domain === domain && row.seed === seed;
    const floor = floors.find((row) => own(row) && row.method === method);
    const baseline = baselines.find(own);
    if (!floor || !baseline) throw new Error(`The floor of ${domain}, ${method}, seed ${seed} was not measured.`);
    const highest = Math.max(baseline.majority, floor.withoutAdapter, floor.start);
    return { domain, gain: 100 * (accuracy - highest) };
  });
  const domains = [...new Set(gains.map(({ domain }) => domain))];
  return new Map(
    domains.map((domain) => [domain, mean(gains.filter((row) => row.domain === domain).map(({ gain }) => gain))]),
  );
}

/**
 * The targets of the study's claims: those whose own adapter beats its floor by five points or more in both regimes, as the
 * decision rules say, with the adapters of the pool's methods.
 */
export async function countedTargets(study: Study): Promise<CountedTarget[]> {
  const byRegime = new Map<RegimeName, Map<string, number>>();
  for (const regime of Object.keys(regimes) as RegimeName[]) {
    const own = inRegime(study, regime);
    const singles = await trainSingles(own, { methods: study.settings.poolMethods });
    const [floors, baselines] = [await measureFloors(own, singles), await measureBaselines(own)];
    byRegime.set(regime, gainsOverFloor(singles, floors, baselines));
  }
  return study.settings.domains.map((target) => {
    const [paper, controlled] = (["paper", "controlled"] as const).map(
      (regime) => byRegime.get(regime)?.get(target) ?? 0,
    );
    return { target, paper, controlled, counts: Math.min(paper, controlled) >= GAIN - 1e-9 };
  });
}

/** Names of the targets that count. */
export function countedNames(targets: readonly CountedTarget[]): string[] {
  return targets.filter(({ counts }) => counts).map(({ target }) => target);
}
