import type { Adapter } from "../../adapters/adapter.js";
import { formatFixed } from "../../display/number-format.js";
import { sharedInitialisation } from "../../signs/initialisation.js";
import { scaleEffect } from "../../statistics/effect.js";
import { pairedCounts, pairedDifference } from "../../statistics/paired-difference.js";
import { lookAt, type RaceState } from "../../statistics/race.js";
import type { AdviceVerdict, Proposal, Weighing } from "./advice.js";
import type { RaceContext } from "./race-set.js";
import { shareOf } from "./race-set.js";
import { type Way, weighedMixture } from "./weighed-mixture.js";

/**
 * Ways to weigh k adapters: that of the race first (the plain average, or a λ that was given); where they share a known start,
 * their summed change by a larger factor, θ₀ + λ Σ δ with λ halfway to 1 and 1, which undoes dilution (task arithmetic,
 * Ilharco et al. 2023); and each member twice as heavy as the others.
 */
function waysOf(adapters: readonly Adapter[], given?: number): Way[] {
  const k = adapters.length;
  const even = new Array<number>(k).fill(1 / k);
  const shared = sharedInitialisation(adapters);
  const heavier = adapters.map((_, heavy) => even.map((_, i) => (i === heavy ? 2 : 1) / (k + 1)));
  const factors = [...(given === undefined ? [] : [given]), 1 / k, (1 + 1 / k) / 2, 1];
  return [
    ...(shared ? [...new Set(factors)].map((lambda) => ({ coefficients: even, lambda })) : [{ coefficients: even }]),
    ...heavier.map((coefficients) => ({ coefficients, ...(shared && { lambda: 1 / k }) })),
  ];
}

/**
 * Tests ways to weigh a set on all rows of its members. Another than the plain average is proposed where no member is worse
 * off by it than the worst was, and it surely keeps all within the margin where the average does not, or the member that
 * was worst off surely gains by it. Its verdict is at a level that allows for the number of ways tried; the average keeps
 * the verdict of its race.
 */
export async function weighSet(
  set: readonly number[],
  verdict: AdviceVerdict,
  context: RaceContext,
): Promise<Proposal> {
  const { members, answers, rule, anyEncoder } = context;
  const adapters = set.map((i) => members[i].adapter);
  const targets = set.filter((target) => answers.rows(target) > 0);
  const alone = targets.map((target) => answers.of(members[target].adapter, target, answers.rows(target)));
  const tried: Tried[] = [];
  for (const way of waysOf(adapters, context.lambda)) {
    const mixture = weighedMixture(adapters, way, { anyEncoder });
    const right: boolean[][] = [];
    for (const target of targets) {
      await context.onStep?.(set);
      right.push(answers.of(mixture, target, answers.rows(target)));
    }
    const lost = right.map((own, i) => 100 * (shareOf(alone[i]) - shareOf(own)));
    tried.push({ ...way, coefficients: [...way.coefficients], lost, worst: Math.max(...lost), right });
  }
  const [average, ...others] = tried;
  const worst = average.lost.indexOf(average.worst);
  const level = 1 - (1 - rule.level) / others.length;
  const gains = (way: Tried) => pairedDifference(pairedCounts(average.right[worst], way.right[worst]), level).high < 0;
  const looksOf = (way: Tried) => way.right.map((own, i) => lookAt(pairedCounts(alone[i], own), rule, level));
  const isSafe = (way: Tried) => looksOf(way).every(({ state }) => state === "below");
  const better = others.filter(
    (way) => way.worst <= average.worst && (gains(way) || (verdict !== "mix" && isSafe(way))),
  );
  const safe = better.filter(isSafe);
  const least = (ways: readonly Tried[]) => ways.reduce((best, way) => (way.worst < best.worst ? way : best));
  const chosen = safe.length > 0 ? least(safe) : least([average, ...better]);
  const looks = looksOf(chosen);
  const names = set.map((i) => members[i].adapter.name);
  const name = members[targets[worst]].adapter.name;
  const [now, before] = [chosen.lost[worst], average.worst].map((points) => formatFixed(points));
  const usual = context.lambda === undefined ? "by the plain average" : `by λ = ${context.lambda}`;
  return {
    ...plain(chosen),
    members: names,
    verdict: chosen === average ? verdict : verdictOfStates(looks.map(({ state }) => state)),
    targets: targets.map((i, at) => ({ name: members[i].adapter.name, lost: scaleEffect(looks[at].lost, 100) })),
    tried: tried.map(plain),
    why:
      chosen === average
        ? "no other weights surely help the member that loses most"
        : `${name} loses ${now} points so, and ${before} ${usual}`,
  };
}

/** A way that was tested, with its verdicts on each target's rows. */
type Tried = Weighing & { right: boolean[][] };

function plain({ right: _, ...way }: Tried): Weighing {
  return way;
}

function verdictOfStates(states: readonly RaceState[]): AdviceVerdict {
  if (states.includes("above")) return "do not mix";
  return states.every((state) => state === "below") ? "mix" : "too close to call";
}
