import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type CoefficientResult,
  coefficientFigure,
  describeCoefficients,
  sweepCoefficients,
} from "#src/chapters/mix/coefficients.js";
import { sweep } from "#src/chapters/mix/mixtures.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import { tinyStudy } from "../../study/tiny-study.js";

const study = await tinyStudy();
const singles = await trainSingles(study, { methods: ["houlsby"], seeds: [1] });
const two = study.settings.domains.slice(0, 2);

test("a pair is tested at eleven coefficients on both domains: one end is an adapter alone, the middle the plain average", async () => {
  const results = await sweepCoefficients(study, singles, two);
  assert.equal(results.length, 22);
  const at = (target: string, coefficient: number) =>
    results.find((row) => row.target === target && row.coefficient === coefficient) as CoefficientResult;
  assert.equal(at(two[0], 1).accuracy, singles[0].accuracy);
  assert.equal(at(two[1], 0).accuracy, singles[1].accuracy);
  for (const { target, accuracy, drop } of await sweep(study, singles, [[0, 1]])) {
    assert.equal(at(target, 0.5).accuracy, accuracy);
    assert.equal(at(target, 0.5).drop, drop);
  }
  const again = await sweepCoefficients(study, singles, two, {
    onProgress: ({ done, reused }) => assert.equal(done, reused, "a second call computes nothing"),
  });
  assert.deepEqual(again, results);
  const { data, layout } = coefficientFigure(results);
  assert.deepEqual(
    data.slice(0, 2).map(({ name, y }) => [name, (y as number[]).length]),
    two.map((name) => [name, 11]),
  );
  assert.equal((layout.sliders as { steps: object[] }[])[0].steps.length, 11);
});

test("two domains that have adapters are named, or told what is wrong", async () => {
  await assert.rejects(sweepCoefficients(study, singles, two.slice(1)), /divides two domains, not 1/);
  await assert.rejects(sweepCoefficients(study, singles, [two[0], "no"]), /"no" has no adapter here: /);
});

test("the sentence says what equal parts cost, and where the greater loss is least", () => {
  const members: [string, string] = ["a", "b"];
  const results = Array.from({ length: 11 }, (_, i) => i / 10).flatMap((coefficient): CoefficientResult[] => [
    { target: "a", members, coefficient, accuracy: 0.5, drop: 20 * (1 - coefficient) },
    { target: "b", members, coefficient, accuracy: 0.5, drop: coefficient === 0.5 ? -1 : 30 * coefficient },
  ]);
  assert.equal(
    describeCoefficients(results),
    "In equal parts a loses 10.0 points and b gains 1.0 points. The greater of both losses is least at a coefficient of 0.5 for a: a loses 10.0 points and b gains 1.0 points.",
  );
});
