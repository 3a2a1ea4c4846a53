import { mean } from "simple-statistics";
import type { Effect } from "./effect.js";
import { jackknife } from "./jackknife.js";

/** Mean over (method, size) cells of the mean over their rows, with an interval over targets. */
export function overTargets<R extends { method: string; target: string; size: number }>(
  rows: readonly R[],
  value: (row: R) => number,
): Effect {
  return jackknife([...new Set(rows.map(({ target }) => target))], (without) => {
    const cells = new Map<string, number[]>();
    for (const row of rows) {
      if (row.target === without) continue;
      const key = `${row.method}/${row.size}`;
      cells.set(key, [...(cells.get(key) ?? []), value(row)]);
    }
    return mean([...cells.values()].map((cell) => mean(cell)));
  });
}
