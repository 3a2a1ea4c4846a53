import assert from "node:assert/strict";
import { test } from "node:test";
import { bestLine, fitLossLines, type LossPair } from "#src/chapters/beyond/loss-lines.js";
import { firstSingles, measurePredictors } from "#src/chapters/beyond/measure.js";
import { readLossLines, type WeightMeasure, weightMeasures } from "#src/chapters/conflict/foretold-loss.js";
import { createRandom } from "#src/engine/random.js";
import { inRegime } from "#src/study/in-regime.js";
import { openStudy, type Study } from "#src/study/study.js";
import { trainedAdapter } from "#src/study/trained-adapter.js";

const targets = ["a", "b", "c", "d"];
const names = Object.keys(weightMeasures) as WeightMeasure[];

/** A world in which the drop is 4 + 20 × FSD plus what the target brings, and nothing else tells anything. */
function world(own: (t: number) => number): LossPair[] {
  const random = createRandom("loss lines");
  return (["paper", "controlled"] as const).flatMap((regime) =>
    targets.flatMap((target, t) =>
      targets
        .filter((partner) => partner !== target)
        .map((partner) => {
          const measures = Object.fromEntries(names.map((name) => [name, random.uniform()]));
          return { ...(measures as Record<WeightMeasure, number>), target, partner, regime, drop: own(t) };
        }),
    ),
  );
}

test("the measure that was planted is chosen, with its line, and errs by nothing elsewhere", () => {
  const pairs = world(() => 4).map((pair) => ({ ...pair, drop: 4 + 20 * pair.fsd }));
  const line = bestLine(pairs, targets, names);
  assert.equal(line.measure, "fsd");
  assert.equal(line.label, "FSD");
  for (const [found, planted] of [
    [line.slope, 20],
    [line.intercept, 4],
    [line.rank.effect, 1],
    [line.error, 0],
    [line.ninety, 0],
  ]) {
    assert.ok(Math.abs(found - planted) < 1e-9, `${found} is ${planted}`);
  }
  assert.ok(line.errorOfMean > 1);
  assert.deepEqual(
    [line.from, line.to],
    [Math.min, Math.max].map((of) => of(...pairs.map(({ fsd }) => fsd))),
  );
});

test("what differs between targets makes no slope, and is the error of a domain left out", () => {
  const line = bestLine(
    world((t) => 10 * t),
    targets,
    ["fsd"],
  );
  assert.ok(Math.abs(line.slope) < 1e-9);
  assert.ok(Math.abs(line.intercept - 15) < 1e-9);
  // a target left out is foretold the mean of the others: 20, 16⅔, 13⅓ and 10, where 0, 10, 20 and 30 are true
  assert.ok(Math.abs(line.error - (20 + 20 / 3 + 20 / 3 + 20) / 4) < 1e-9);
  assert.equal(line.error, line.errorOfMean);
});

test("the shipped lines are those of the stored rows, and measure what the rows measured", async (t) => {
  const study: Study = { ...(await openStudy({ profile: "classroom", quiet: true })), stored: true };
  let fitted: Awaited<ReturnType<typeof fitLossLines>>;
  try {
    fitted = await fitLossLines(study);
  } catch (error) {
    if (!/^Not at hand/.test((error as Error).message)) throw error;
    return t.skip("the rows of classroom are of older code (npx signmix results adopt)");
  }
  assert.deepEqual(readLossLines(), JSON.parse(JSON.stringify(fitted)), "node environment/foretell.mjs writes them");
  const singles = await firstSingles(inRegime(study, "controlled"));
  const rows = await measurePredictors(inRegime(study, "controlled"), singles);
  for (const row of rows.filter((_, i) => i % 37 === 0)) {
    const [target, partner] = [row.target, row.partner].map((name) => {
      const single = singles.find(({ domain }) => domain === name);
      return trainedAdapter(study, single?.adapter ?? "").adapter;
    });
    for (const name of names) assert.equal(weightMeasures[name].of(target, partner), row[name], name);
  }
});
