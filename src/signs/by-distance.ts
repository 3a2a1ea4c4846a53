import { type Adapter, requireAdapter, requireAdapters } from "../adapters/adapter.js";
import { requireList, shownArgument } from "../files/arguments.js";
import { requireOptions } from "../files/options.js";
import { byPlace, inScope, type ParameterScope } from "./adapter-signs.js";
import { assertComparable } from "./comparable.js";
import { changeOf, initialOf } from "./initialisation.js";
import { sameStart } from "./same-start.js";

/** One adapter as a random draw: θ = θ₀ + δ with θ₀ ~ N(0, σ²) and δ ~ N(0, moved²) at every parameter. */
export interface DrawnAdapter {
  /** Standard deviation of its change, in the units of σ. */
  moved: number;
  /** Adapters of equal `start` share θ₀; all do by default. */
  start?: string | number;
}

/**
 * FSD that two adapters have from the distances they moved alone, were their changes independent:
 * arccos(ρ)/π with ρ the correlation of their weights. From one start ρ = σ²/√((σ² + s_A²)(σ² + s_B²)); from separate
 * starts ρ = 0 and the FSD is ½.
 *
 * The signs of two normal variables of correlation ρ differ with probability arccos(ρ)/π (Sheppard 1899).
 *
 * @param spread σ, the standard deviation of the start
 */
export function signDifferenceByDistance(spread: number, a: DrawnAdapter, b: DrawnAdapter): number {
  checkSpread(spread, [a, b]);
  const covariance = a.start === b.start ? spread ** 2 : 0;
  return angle(covariance, (spread ** 2 + a.moved ** 2) * (spread ** 2 + b.moved ** 2));
}

/**
 * Flip share of a target in a plain average that follows from starts and distances alone: arccos(ρ)/π with ρ the
 * correlation of θ_t and θ̄ = (1/k) Σ θ_j. With n_g members of start g and g(t) the target's,
 *   cov = (n_{g(t)} σ² + s_t²)/k,  var θ̄ = (Σ_g n_g² σ² + Σ_j s_j²)/k².
 *
 * It grows with k by this arithmetic alone, whatever the domains.
 *
 * @param target the target's position among `members`
 */
export function flipShareByDistance(spread: number, members: readonly DrawnAdapter[], target: number): number {
  checkSpread(spread, members);
  const own = members[target];
  if (!own)
    throw new Error(`There is no adapter ${shownArgument(target)} in this mixture of ${members.length}; count from 0.`);
  if (members.length === 1) return 0;
  const counts = new Map<string | number | undefined, number>();
  for (const { start } of members) counts.set(start, (counts.get(start) ?? 0) + 1);
  const starts = [...counts.values()].reduce((sum, n) => sum + n * n, 0);
  const changes = members.reduce((sum, { moved }) => sum + moved * moved, 0);
  const covariance = (counts.get(own.start) as number) * spread ** 2 + own.moved ** 2;
  return angle(covariance, (spread ** 2 + own.moved ** 2) * (starts * spread ** 2 + changes));
}

function checkSpread(spread: number, adapters: readonly DrawnAdapter[]): void {
  requireList(adapters, "The mixture is a list such as [{ moved: 1 }]");
  if (!(spread >= 0) || adapters.some((one) => !(one?.moved >= 0))) {
    throw new Error(
      "The spread of the start and the distances moved are numbers of 0 or more, such as 0.02 and { moved: 1 }.",
    );
  }
}

/** arccos(covariance/√(product of the variances))/π; 0 where one side is all zeros, which conflict with nothing. */
function angle(covariance: number, variances: number): number {
  if (variances === 0) return 0;
  return Math.acos(Math.min(1, covariance / Math.sqrt(variances))) / Math.PI;
}

/** Spreads of one tensor of a trained adapter: root mean squares of its start and of its change. */
export interface TensorSpread {
  size: number;
  start: number;
  moved: number;
}

/** What the formulas take of a trained adapter: its tensors' spreads, by name, and what it started from. */
export interface AdapterSpreads {
  adapter: Adapter;
  tensors: ReadonlyMap<string, TensorSpread>;
}

/**
 * The spreads of an adapter's start and change, tensor by tensor. They take a drawing of its start to compute, so whoever
 * compares many adapters computes them once for each.
 * Throws where the start is unknown.
 */
export function spreadsOf(adapter: Adapter, options: { parameters?: ParameterScope } = {}): AdapterSpreads {
  const [start, change] = [initialOf(adapter), changeOf(adapter)];
  const names = Object.keys(adapter.tensors)
    .filter((name) => inScope(adapter.tensors[name], options.parameters))
    .sort(byPlace);
  const tensors = names.map((name): [string, TensorSpread] => [
    name,
    { size: change[name].length, start: rootMeanSquare(start[name].data), moved: rootMeanSquare(change[name]) },
  ]);
  return { adapter, tensors: new Map(tensors) };
}

/**
 * FSD expected of two trained adapters from how far each moved, tensor by tensor, with the root mean squares of their
 * starts and changes for σ, s_A and s_B; beside the FSD that they have, it tells whether their changes were more alike,
 * or more opposed, than independent ones. Adapters that moved nowhere have 0 from one start.
 * Throws where the start of either is unknown, or where the two cannot be compared.
 */
export function expectedSignDifference(
  a: Adapter | AdapterSpreads,
  b: Adapter | AdapterSpreads,
  options: { parameters?: ParameterScope } = {},
): number {
  requireOptions(options, "expectedSignDifference", "parameters");
  for (const one of [a, b]) requireAdapter(adapterIn(one), "expectedSignDifference");
  const [first, second] = [a, b].map((one) => ("adapter" in one ? one : spreadsOf(one, options)));
  assertComparable([first.adapter, second.adapter]);
  const shared = sameStart(first.adapter, second.adapter);
  return overTensors(first, (name, { start, moved }) => {
    const other = { moved: second.tensors.get(name)?.moved ?? 0, start: shared ? 0 : 1 };
    return signDifferenceByDistance(start, { moved, start: 0 }, other);
  });
}

/**
 * Flip share expected of every member of a plain average from starts and distances alone (`flipShareByDistance`), tensor by
 * tensor as in `expectedSignDifference`.
 * Throws where a start is unknown, or where the members cannot be compared.
 */
export function expectedFlipShares(
  members: readonly (Adapter | AdapterSpreads)[],
  options: { parameters?: ParameterScope } = {},
): number[] {
  requireOptions(options, "expectedFlipShares", "parameters");
  requireList(members, "expectedFlipShares takes a list of adapters");
  requireAdapters(members.map(adapterIn), "expectedFlipShares");
  const all = members.map((one) => ("adapter" in one ? one : spreadsOf(one, options)));
  assertComparable(all.map(({ adapter }) => adapter));
  const starts = all.map(({ adapter }) => all.findIndex((other) => sameStart(other.adapter, adapter)));
  return all.map((own, target) =>
    overTensors(own, (name, { start }) => {
      const drawn = all.map(({ tensors }, i) => ({ moved: tensors.get(name)?.moved ?? 0, start: starts[i] }));
      return flipShareByDistance(start, drawn, target);
    }),
  );
}

/** The adapter itself where its spreads were given. */
function adapterIn(one: Adapter | AdapterSpreads): unknown {
  return (one as Partial<AdapterSpreads> | undefined)?.tensors instanceof Map ? (one as AdapterSpreads).adapter : one;
}

/** The mean over an adapter's parameters of what each of its tensors gives; 0 where it has none. */
function overTensors({ tensors }: AdapterSpreads, value: (name: string, spread: TensorSpread) => number): number {
  let sum = 0;
  let size = 0;
  for (const [name, spread] of tensors) {
    sum += spread.size * value(name, spread);
    size += spread.size;
  }
  return size === 0 ? 0 : sum / size;
}

function rootMeanSquare(values: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i] * values[i];
  return values.length === 0 ? 0 : Math.sqrt(squares / values.length);
}
