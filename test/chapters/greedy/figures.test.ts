import assert from "node:assert/strict";
import { test } from "node:test";

import { greedyFigure, regretFigure } from "#src/chapters/greedy/figures.js";
import { luckBySize } from "#src/chapters/greedy/luck.js";
import type { PoolSpread, RegretRow } from "#src/chapters/greedy/regret.js";
import { describeLuck } from "#src/chapters/greedy/sentences.js";
import { luckTable } from "#src/chapters/greedy/tables.js";
import { traces } from "../../figures/traces.js";

function spreadOf(target: string, size: number, shift: number): PoolSpread {
  const shares = { worst: 0.4, median: 0.55, mean: 0.5, crossFitted: 0.6, testChosen: 0.7 };
  const moved = Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, share + shift]));
  return { ...{ method: "houlsby", seed: 1, target, size, mixtures: 3, luck: 0.04 }, ...(moved as typeof shares) };
}

const spread = [spreadOf("a", 2, 0), spreadOf("b", 2, 0.25), spreadOf("a", 3, 0.125)];

function row(picker: RegretRow["picker"], size: number, regret: number): RegretRow {
  return { method: "houlsby", seed: 1, target: "a", size, picker, accuracy: 0.75 - regret / 100, regret };
}

const rows = [row("fsd", 2, 25), row("fsd", 2, 0), row("fsd", 3, 50), row("random", 2, 5), row("random", 3, 7)];

test("greedy between best and worst: means over targets by size", () => {
  const figure = traces(greedyFigure(spread, rows));
  assert.deepEqual(figure["greedy, least FSD"].x, [2, 3]);
  assert.deepEqual(figure["greedy, least FSD"].y, [0.625, 0.25]);
  assert.deepEqual(figure.worst.y, [0.525, 0.525]);
  assert.deepEqual(figure["mean, or at random"].y, [0.625, 0.625]);
  assert.deepEqual(Object.keys(figure).sort(), [
    ...["best on test (flattered)", "cross-fitted best", "greedy, least FSD", "mean, or at random", "median", "worst"],
  ]);
});

test("regret has a line for each picker and a level at the best", () => {
  const figure = traces(
    regretFigure([
      ...rows,
      ...(["fsdOfChange", "cosine", "text", "movedLeast"] as const).flatMap((p) => [row(p, 2, 1), row(p, 3, 2)]),
    ]),
  );
  assert.deepEqual(figure["least FSD, grown"].y, [12.5, 50]);
  assert.deepEqual(figure["at random"].y, [5, 7]);
  assert.deepEqual(figure["cross-fitted best"].y, [0, 0]);
  assert.equal(Object.keys(figure).length, 7);
});

test("luck by size, its table and its sentence come from the same rows", () => {
  const [two] = luckBySize(spread);
  assert.deepEqual([two.size, two.mixtures, two.mean], [2, 3, 0.625]);
  const [cells] = luckTable(spread);
  assert.ok(Math.abs(Number(cells["best on test over mean"]) - 20) < 1e-9);
  assert.match(describeLuck(spread), /lies 20\.0 points above the mean, but 4\.0 points of that/);
});
