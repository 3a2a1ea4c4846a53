import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formatFixed } from "../display/number-format.js";
import { writeFileAtomic } from "../files/atomic.js";
import type { Effect } from "../statistics/effect.js";
import type { Verdict } from "../statistics/verdict.js";
import { decide, decisionRules } from "./decision-rules.js";
import { figuresFolder } from "./save-figure.js";
import type { Study } from "./study.js";

/** Fewest seeds from which a claim is decided; with fewer, only `smoke` says what it would say. */
const SEEDS = 3;

/** A claim as a profile's numbers have it. */
export interface ScorecardRow extends Effect {
  id: string;
  claim: string;
  statistic: string;
  unit: string;
  margin: string;
  /** `provisional …` where the rule's number of seeds is not reached. */
  verdict: Verdict | `provisional: ${Verdict}`;
  seeds: number;
}

/** The rows of a profile's scorecard, in the order of the rules. */
export function readScorecard(label: string): ScorecardRow[] {
  const file = join(figuresFolder, label, "scorecard.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ScorecardRow[]) : [];
}

/**
 * Decides claims by the committed rules and nothing else, and writes them into the profile's scorecard
 * (`figures/<profile>/scorecard.json`), in place of what stood there for the same claims.
 *
 * @param effects statistics by the id of their rule
 * @returns a table of the claims given
 * @throws naming an id that has no rule
 */
export function scoreClaims(study: Study, effects: Record<string, Effect>): Record<string, string | number>[] {
  const rules = decisionRules();
  const unknown = Object.keys(effects).find((id) => !rules.some((rule) => rule.id === id));
  if (unknown) throw new Error(`There is no rule "${unknown}"; the rules are ${rules.map(({ id }) => id).join(", ")}.`);
  const seeds = study.settings.seeds.length;
  const decided = rules
    .filter(({ id }) => effects[id])
    .map((rule): ScorecardRow => {
      const { effect, low, high } = effects[rule.id];
      const verdict = decide(rule, { effect, low, high });
      const { id, claim, statistic, unit, direction, margin } = rule;
      return {
        ...{ id, claim, statistic, unit, effect, low, high, seeds },
        margin: `${direction} ${margin}`,
        verdict: seeds < SEEDS ? `provisional: ${verdict}` : verdict,
      };
    });
  const kept = readScorecard(study.label).filter(({ id }) => !effects[id]);
  const all = rules.flatMap(({ id }) => [...decided, ...kept].filter((row) => row.id === id));
  writeFileAtomic(join(figuresFolder, study.label, "scorecard.json"), `${JSON.stringify(all, null, 2)}\n`);
  return scorecardTable(decided);
}

/** Scorecard rows as a table to show. */
export function scorecardTable(rows: readonly ScorecardRow[]): Record<string, string | number>[] {
  return rows.map((row) => ({
    id: row.id,
    claim: row.claim,
    "effect [95% interval]": effectText(row),
    "holds if": row.margin,
    verdict: row.verdict,
    seeds: row.seeds,
  }));
}

/** "14.3 [9.2, 19.3] points", or two digits after the point for a correlation. */
export function effectText({
  effect,
  low,
  high,
  unit,
}: Pick<ScorecardRow, "effect" | "low" | "high" | "unit">): string {
  const points = unit === "points";
  const [value, from, to] = [effect, low, high].map((one) => formatFixed(one, points ? 1 : 2));
  return `${value} [${from}, ${to}]${points ? " points" : ""}`;
}
