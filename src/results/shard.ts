import type { Unit } from "./unit.js";
import { unitKey } from "./unit.js";

/** One of the equal parts of a plan: the `index`-th `of` so many, counted from 1. */
export interface Shard {
  index: number;
  of: number;
}

/** The most parts that a plan is split into. */
const most = 100_000;

/**
 * Reads "2/4".
 *
 * @throws where it is not of that form, or there is no such part
 */
export function parseShard(text: string): Shard {
  const found = text.match(/^(\d+)\/(\d+)$/);
  const [index, of] = (found?.slice(1) ?? []).map(Number);
  if (found && of <= most && index >= 1 && index <= of) return { index, of };
  throw new Error(`--shard takes a part and the number of parts, such as 1/4 to 4/4, not "${text}".`);
}

/** The name of a part's folder. */
export const shardName = ({ index, of }: Shard): string => `${index}-of-${of}`;

/**
 * Deals units out to shards: the costliest first, each to the shard that has least so far (the longest-first rule of Graham,
 * 1969, whose longest shard takes at most 4/3 of the shortest possible). Every machine that asks with the same units and
 * costs gets the same answer.
 *
 * @param seconds what each unit costs, in the order of the units
 * @returns the positions of each shard's units, rising
 */
export function dealOut(units: readonly Unit[], seconds: readonly number[], shards: number): number[][] {
  const keys = units.map(unitKey);
  const order = units.map((_, i) => i).sort((a, b) => seconds[b] - seconds[a] || (keys[a] < keys[b] ? -1 : 1));
  const loads = new Float64Array(shards);
  const dealt: number[][] = Array.from({ length: shards }, () => []);
  for (const unit of order) {
    const least = loads.indexOf(loads.reduce((low, load) => Math.min(low, load)));
    loads[least] += seconds[unit];
    dealt[least].push(unit);
  }
  for (const own of dealt) own.sort((a, b) => a - b);
  return dealt;
}
