import assert from "node:assert/strict";
import { test } from "node:test";
import { type MeasuredSpecification, measureSpecifications } from "#src/chapters/conflict/measured-specifications.js";
import { type Prediction, readPredictions, specificationKey } from "#src/chapters/conflict/specification.js";
import { describeSpecifications, specificationFigure } from "#src/chapters/conflict/specification-figure.js";
import { regimes } from "#src/study/in-regime.js";
import { traces } from "../../figures/traces.js";
import { tinyStudy } from "../../study/tiny-study.js";

const base = { start: "shared", schedule: "equal", method: "pfeiffer", size: 2 } as const;
const measured: MeasuredSpecification[] = [
  { ...base, measure: "fsd", found: { effect: 0.1, low: -0.2, high: 0.4 } },
  { ...base, measure: "sameStart", found: { undecided: "all adapters have one start" } },
  { ...base, measure: "distance", found: { effect: -0.5, low: -0.7, high: -0.3 } },
];
const predictions = [
  { ...base, measure: "fsd", expected: -0.05, low: -0.25, high: 0.15, reason: "" },
  { ...base, measure: "sameStart", expected: null, low: null, high: null, reason: "" },
  { ...base, measure: "distance", expected: -0.15, low: -0.35, high: 0.05, reason: "" },
] as Prediction[];

test("the curve rises, with each prediction beside it and what is not defined at its end; every choice has its mark", () => {
  const lines = traces(specificationFigure(measured, predictions));
  const found = lines["found, 95% interval"];
  assert.deepEqual(
    [found.x, found.y],
    [
      [1, 2],
      [-0.5, 0.1],
    ],
  );
  const bars = found.error_y as { array: number[]; arrayminus: number[] };
  assert.ok(Math.abs(bars.array[0] - 0.2) < 1e-9 && Math.abs(bars.arrayminus[1] - 0.3) < 1e-9);
  assert.deepEqual(
    [lines["predicted, 4 in 5 sure"].x, lines["predicted, 4 in 5 sure"].y],
    [
      [1, 2],
      [-0.15, -0.05],
    ],
  );
  assert.deepEqual(lines["not defined"].x, [3]);
  assert.match(String((lines["not defined"].text as string[])[0]), /same start alone: all adapters have one start/);
  const figure = specificationFigure(measured, predictions);
  const choices = figure.data.find(({ name }) => name === "choices");
  assert.ok(choices);
  assert.equal((choices.x as number[]).length, 3 * 5);
});

test("the sentence counts intervals, hits of predictions and gaps", () => {
  assert.match(
    describeSpecifications(measured, predictions),
    /^Of 2 correlations 1 are below 0 with their whole interval and 0 above; 1 of 2 lie where they were predicted\. The least is -0\.50 .*1 of 3 combinations are not defined/,
  );
  assert.match(describeSpecifications([measured[1]], predictions), /^No combination has a correlation\. 1 of 1/);
});

test("on a study: every combination of both regimes has a row, those not defined say why, and each has a prediction", async () => {
  const study = await tinyStudy({ set: { poolMethods: ["pfeiffer"] } });
  const rows = await measureSpecifications(study, Object.values(regimes));
  assert.equal(rows.length, 2 * 3 * 5); // regimes, sizes 2 to 4, measures
  const known = new Set(readPredictions().map(specificationKey));
  for (const row of rows) {
    const why = "undecided" in row.found ? row.found.undecided : "";
    if (row.size === 4) assert.match(why, /one mixture of all/);
    else if (row.measure === "sameStart" && row.start === "shared") assert.match(why, /one start/);
    else if ("effect" in row.found) assert.ok(Math.abs(row.found.effect) <= 1);
    if (row.size < 4) assert.ok(known.has(specificationKey(row)));
  }
});
