import assert from "node:assert/strict";
import { test } from "node:test";

import { accuracyBySizeFigure, dropByDomainFigure, dropDistributionFigure } from "#src/chapters/mix/figures.js";
import type { MixtureResult } from "#src/chapters/mix/mixtures.js";
import { bandOf, traces } from "../../figures/traces.js";

/** A made-up test of a mixture; shares in percent. */
function result(target: string, size: number, accuracy: number, diluted: number, method = "houlsby"): MixtureResult {
  const shares = { accuracy: accuracy / 100, single: 0.8, diluted: diluted / 100 };
  const parts = { drop: 80 - accuracy, dilution: 80 - diluted, interference: diluted - accuracy };
  return { ...{ method, seed: 1, target, members: [target], size }, ...shares, ...parts };
}

const results = [
  ...[result("a", 1, 80, 80), result("a", 2, 75, 75), result("b", 2, 50, 75), result("a", 3, 50, 65)],
  result("a", 2, 40, 60, "lora"),
];

test("accuracy by size: means, the band from worst to best, the dilution control and levels of the panel's method", () => {
  const levels = [
    { method: "houlsby", name: "floor", y: 0.3 },
    { method: "lora", name: "another floor", y: 0.2 },
  ];
  const figure = accuracyBySizeFigure(results, { levels });
  const name = "mixture (mean; band: worst to best)";
  const { [name]: mixture, "own adapter, diluted by 1/k": diluted, floor, "another floor": other } = traces(figure);
  assert.deepEqual(mixture.x, [1, 2, 3]);
  assert.deepEqual(mixture.y, [0.8, 0.625, 0.5]);
  assert.deepEqual(bandOf(figure, name), { low: [0.8, 0.5, 0.5], high: [0.8, 0.75, 0.5] });
  assert.deepEqual(diluted.y, [0.8, 0.75, 0.65]);
  assert.deepEqual(floor.y, [0.3, 0.3]);
  assert.equal(other, undefined);
  assert.deepEqual(traces(figure, 2)[name].y, [0.4]);
  assert.deepEqual(traces(figure, 2)["another floor"].y, [0.2, 0.2]);
});

test("the drop by domain, the dearest first, is split into dilution and interference, over mixtures of two and more", () => {
  const figure = dropByDomainFigure(results);
  const { dilution, interference } = traces(figure);
  assert.deepEqual(dilution.x, ["b", "a"], "the dearest first");
  assert.deepEqual(dilution.y, [5, (5 + 15) / 2]);
  assert.deepEqual(interference.y, [25, (0 + 15) / 2]);
  assert.deepEqual(traces(figure, 2).dilution.y, [20]);
});

test("the distribution of the drop has a box for each method, by size, singles left out", () => {
  const { Houlsby, LoRA } = traces(dropDistributionFigure(results));
  assert.deepEqual(Houlsby.y, [5, 30, 30]);
  assert.deepEqual((Houlsby.x as unknown[]).map(String), ["2", "2", "3"]);
  assert.deepEqual(LoRA.y, [40]);
});
