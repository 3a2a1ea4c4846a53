import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formatFixed, formatInterval } from "../display/number-format.js";
import { shownTable } from "../display/shown.js";
import { hasFields, requireList, requireText } from "../files/arguments.js";
import { writeFileAtomic } from "../files/atomic.js";
import type { Effect } from "../statistics/effect.js";
import type { Verdict } from "../statistics/verdict.js";
import { type DecisionRule, decide, decisionRules, marginText } from "./decision-rules.js";
import { inRegime, regimes } from "./in-regime.js";
import { figuresFolder } from "./save-figure.js";
import type { RegimeName, Study } from "./study.js";

/** Fewest seeds from which a claim is decided; with fewer a verdict is provisional. */
const SEEDS = 3;

/** A statistic that a rule cannot be applied to, and why. */
export interface Undecided {
  undecided: string;
}

/** What a claim's rule is applied to: a statistic with its interval, or why there is none. */
export type ClaimEffect = Effect | Undecided;

/** Statistics by the id of their rule; what is undefined is left out. */
export type ClaimEffects = Record<string, ClaimEffect | undefined>;

/** A claim in one regime: the statistic with its interval and verdict, or why there is none. */
export type ClaimVerdict = (Effect & { verdict: Verdict | `provisional: ${Verdict}` }) | Undecided;

/** A claim as a profile's numbers have it: in the paper's regime, and controlled. */
export interface ScorecardRow {
  id: string;
  regimes: Partial<Record<RegimeName, ClaimVerdict>>;
  /** Seeds and methods of the adapters that decide it. */
  seeds: number;
  methods: string[];
}

/** Both regimes, in the order of the scorecard. */
const names = Object.keys(regimes) as RegimeName[];

/** The rows of a profile's scorecard, in the order of the rules; `folder` holds the figures of all profiles. */
export function readScorecard(label: string, folder = figuresFolder): ScorecardRow[] {
  requireText(label, "readScorecard takes the name of a profile");
  requireText(folder, "readScorecard takes the path of the folder of figures, second");
  const file = join(folder, label, "scorecard.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ScorecardRow[]) : [];
}

/**
 * Decides claims by the committed rules and nothing else, in the paper's regime and controlled, and writes them into the
 * profile's scorecard (`figures/<profile>/scorecard.json`), in place of what stood there for the same claims.
 *
 * @param effectsOf gives statistics by the id of their rule. It is called once for each regime, with the study as it would
 *   be in that regime and with the methods of `poolMethods` alone, so that both columns compare the same adapters. Where it
 *   lacks an id in one regime, that claim has no entry there
 * @returns a table of the claims given, which shows itself
 * @throws naming an id that has no rule
 */
export async function scoreClaims(
  study: Study,
  effectsOf: (study: Study, regime: RegimeName) => ClaimEffects | Promise<ClaimEffects>,
): Promise<Record<string, string>[]> {
  const rules = decisionRules();
  const { seeds, poolMethods: methods } = study.settings;
  const pool = { ...study, settings: { ...study.settings, methods } };
  const decided = new Map<string, ScorecardRow>();
  for (const regime of names) {
    const effects = await effectsOf(inRegime(pool, regime), regime);
    for (const [id, effect] of Object.entries(effects)) {
      const rule = rules.find((one) => one.id === id);
      if (!rule) throw new Error(`There is no rule "${id}"; the rules are ${rules.map((one) => one.id).join(", ")}.`);
      if (!effect) continue;
      const row = decided.get(id) ?? { id, regimes: {}, seeds: seeds.length, methods };
      row.regimes[regime] = verdictIn(rule, effect, seeds.length);
      decided.set(id, row);
    }
  }
  const folder = study.figures ?? figuresFolder;
  const kept = readScorecard(study.label, folder).filter(({ id }) => !decided.has(id));
  const all = rules.flatMap(({ id }) => [...decided.values(), ...kept].filter((row) => row.id === id));
  writeFileAtomic(join(folder, study.label, "scorecard.json"), `${JSON.stringify(all, null, 2)}\n`);
  return shownTable(scorecardTable(all.filter(({ id }) => decided.has(id))));
}

function verdictIn(rule: DecisionRule, given: ClaimEffect, seeds: number): ClaimVerdict {
  if ("undecided" in given) return { undecided: given.undecided };
  const { effect, low, high } = given;
  const verdict = decide(rule, { effect, low, high });
  return { effect, low, high, verdict: seeds < SEEDS ? `provisional: ${verdict}` : verdict };
}

/** Scorecard rows as a table to show. */
export function scorecardTable(rows: readonly ScorecardRow[]): Record<string, string>[] {
  requireList(rows, "scorecardTable takes the rows that readScorecard gives", (row) =>
    hasFields(row, { id: "text", regimes: "object" }),
  );
  const rules = decisionRules();
  return rows.flatMap((row) => {
    const rule = rules.find(({ id }) => id === row.id);
    if (!rule) return [];
    return [
      {
        ...{ id: rule.id, claim: rule.claim, "holds if": marginText(rule), paper: paperText(rule) },
        "in the paper's regime": verdictText(rule, row.regimes.paper),
        controlled: verdictText(rule, row.regimes.controlled),
      },
    ];
  });
}

/** The paper's number for a rule's statistic. */
export function paperText({ paper, unit }: DecisionRule): string {
  return paper.effect === null ? "not read off" : numberText(paper.effect, unit);
}

/** "14.3 [9.2, 19.3] points: holds", with two digits after the point for a correlation, or why nothing is decided. */
export function verdictText({ unit }: Pick<DecisionRule, "unit">, found: ClaimVerdict | undefined): string {
  if (!found) return "not measured";
  if ("undecided" in found) return `undecided: ${found.undecided}`;
  const digits = unit === "points" ? 1 : 2;
  const points = unit === "points" ? " points" : "";
  return `${formatFixed(found.effect, digits)} ${formatInterval(found, digits)}${points}: ${found.verdict}`;
}

function numberText(value: number, unit: DecisionRule["unit"]): string {
  return unit === "points" ? `${formatFixed(value, 1)} points` : formatFixed(value, 2);
}
