import type { Adapter } from "../../adapters/adapter.js";
import { formatEffect, formatFixed } from "../../display/number-format.js";
import { scaleChange } from "../../mixing/dilute.js";
import { sharedInitialisation } from "../../signs/initialisation.js";
import { scaleEffect } from "../../statistics/effect.js";
import { pairedCounts, rowsToDecide } from "../../statistics/paired-difference.js";
import { lookAt, lookLevels, type RaceRule, type RaceState, raceLooks } from "../../statistics/race.js";
import type { SetAdvice, TargetLoss } from "./advice.js";
import type { Answers } from "./answers.js";
import type { Member } from "./member.js";
import { weighedMixture } from "./weighed-mixture.js";

/** What a race needs beside the set. */
export interface RaceContext {
  members: readonly Member[];
  answers: Answers;
  /** The margin as a share, and the level of the whole set. */
  rule: RaceRule;
  anyEncoder?: boolean;
  /** Factor on the summed changes from the start, in place of the plain average's 1/k. */
  lambda?: number;
  /** Called before each piece of work; throws to stop. */
  onStep?: (set: readonly number[]) => Promise<void>;
}

/** A member under test while the race runs. */
interface Runner {
  target: number;
  looks: number[];
  levels: number[];
  /** Looks taken. */
  taken: number;
  alone: boolean[];
  mixed: boolean[];
  state: RaceState;
  lost: { effect: number; low: number; high: number };
}

/**
 * Tests the average of a set on the rows of its members, a few at first and twice as many at each look, and stops as
 * soon as the intervals decide. An interval is that of the look's own level, so that all looks together keep the rule's.
 * "Do not mix" is said as soon as one member surely loses more than the margin, "mix" where all surely lose less: each is
 * wrong with a chance of (1 − level) at most.
 *
 * @param set positions of members, two or more that can be mixed; at least one has rows
 */
export async function raceSet(set: readonly number[], context: RaceContext): Promise<SetAdvice> {
  const { members, answers, rule, anyEncoder, lambda } = context;
  const adapters = set.map((i) => members[i].adapter);
  const way = { coefficients: set.map(() => 1 / set.length), ...(lambda !== undefined && { lambda }) };
  const mixture = weighedMixture(adapters, way, { anyEncoder });
  const tested = set.filter((target) => answers.rows(target) > 0);
  // one side of each interval counts: two members may share what an interval of two sides misses
  const level = 1 - ((1 - rule.level) * 2) / Math.max(2, tested.length);
  const runners = tested.map((target): Runner => {
    const looks = raceLooks(answers.rows(target));
    const levels = lookLevels(looks.length, level);
    const lost = { effect: Number.NaN, low: Number.NaN, high: Number.NaN };
    return { target, looks, levels, taken: 0, alone: [], mixed: [], state: "open", lost };
  });
  while (runners.some(isRunning) && !runners.some(({ state }) => state === "above")) {
    for (const runner of runners.filter(isRunning)) {
      await context.onStep?.(set);
      look(runner, mixture, context);
    }
  }
  const targets = runners.map((runner) => lossOf(runner, set, context));
  return { members: set.map((i) => members[i].adapter.name), ...verdictOf(runners, targets, rule), targets };
}

function isRunning({ state, taken, looks }: Runner): boolean {
  return state === "open" && taken < looks.length;
}

function look(runner: Runner, mixture: Adapter, { members, answers, rule }: RaceContext): void {
  const { target, looks, levels, taken } = runner;
  runner.alone = answers.of(members[target].adapter, target, looks[taken]);
  runner.mixed = answers.of(mixture, target, looks[taken]);
  Object.assign(runner, lookAt(pairedCounts(runner.alone, runner.mixed), rule, levels[taken]));
  runner.taken = taken + 1;
}

function lossOf(runner: Runner, set: readonly number[], context: RaceContext): TargetLoss {
  const { members, answers, rule } = context;
  const { target, alone, mixed, lost, looks, levels, taken } = runner;
  const [own, with_] = [shareOf(alone), shareOf(mixed)];
  const counts = pairedCounts(alone, mixed);
  const discordant = Math.max(counts.lost + counts.gained, 1) / counts.rows;
  const distance = Math.abs(lost.effect - rule.margin);
  const wanted = runner.state === "open" ? rowsToDecide(discordant, distance, levels[taken - 1]) : undefined;
  const loss: TargetLoss = {
    name: members[target].adapter.name,
    ...{ rows: alone.length, of: looks[looks.length - 1], alone: own, mixed: with_, lost: scaleEffect(lost, 100) },
    ...(wanted !== undefined && wanted < 1e6 && { rowsWanted: Math.max(wanted, 2 * alone.length) }),
  };
  if (context.lambda !== undefined || !sharedInitialisation(set.map((i) => members[i].adapter))) return loss;
  const weak = scaleChange(members[target].adapter, 1 / set.length);
  const diluted = shareOf(answers.of(weak, target, looks[taken - 1]));
  return { ...loss, dilution: 100 * (own - diluted), interference: 100 * (diluted - with_) };
}

function verdictOf(runners: readonly Runner[], targets: readonly TargetLoss[], { margin }: RaceRule) {
  const points = formatFixed(100 * margin, Number.isInteger(Math.round(1e9 * margin) / 1e7) ? 0 : 1);
  const losses = targets.map(({ name, lost, rows }) => `${name} ${formatEffect(lost)} on ${rows} rows`).join(", ");
  const above = runners.flatMap(({ state }, i) => (state === "above" ? [targets[i].name] : []));
  if (above.length > 0) {
    return {
      verdict: "do not mix" as const,
      why: `${above.join(", ")} surely loses more than ${points} points: ${losses}.`,
    };
  }
  if (runners.every(({ state }) => state === "below")) {
    return { verdict: "mix" as const, why: `each surely loses less than ${points} points: ${losses}.` };
  }
  const open = targets.filter((_, i) => runners[i].state === "open");
  const wanted = open.map(({ name, rowsWanted }) =>
    rowsWanted === undefined ? `${name} too near the margin for any number` : `${name} about ${rowsWanted}`,
  );
  return {
    verdict: "too close to call" as const,
    why: `the rows do not tell whether ${open.map(({ name }) => name).join(" or ")} loses more than ${points} points: ${losses}. Rows that would: ${wanted.join(", ")}.`,
  };
}

/** Share of true values; 0 of none. */
export function shareOf(values: readonly boolean[]): number {
  return values.length === 0 ? 0 : values.filter(Boolean).length / values.length;
}
