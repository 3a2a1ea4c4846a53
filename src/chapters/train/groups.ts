import type { TrainRow } from "./train-unit.js";

/** Trained adapters of one method and one seed, in the order of the domains. */
export interface SinglesGroup {
  method: string;
  seed: number;
  rows: TrainRow[];
}

/** Trained adapters by method and seed: only adapters of one group may be mixed. */
export function groupSingles(singles: readonly TrainRow[]): SinglesGroup[] {
  const groups = new Map<string, SinglesGroup>();
  for (const row of singles) {
    const { method, seed } = row;
    const key = `${method}/${seed}`;
    const group = groups.get(key) ?? { method, seed, rows: [] };
    groups.set(key, group);
    group.rows.push(row);
  }
  return [...groups.values()];
}
