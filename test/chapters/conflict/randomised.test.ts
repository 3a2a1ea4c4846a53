import assert from "node:assert/strict";
import { test } from "node:test";
import { measurePairs } from "#src/chapters/conflict/pairs.js";
import { conflictAndAccuracy, sameStartGain, sameStartP } from "#src/chapters/conflict/paper-claims.js";
import { measureRandomised, type RandomisedRow } from "#src/chapters/conflict/randomised.js";
import { describeRandomised, randomisedFigure } from "#src/chapters/conflict/randomised-figure.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import { createRandom } from "#src/engine/random.js";
import { inRegime } from "#src/study/in-regime.js";
import { bandOf, traces } from "../../figures/traces.js";
import { tinyStudy } from "../../study/tiny-study.js";

const domains = ["a", "b", "c", "d", "e", "f"];

/** Randomised pairs in which a partner of another start costs so many points, and each step a tenth. */
function planted(cost: number): RandomisedRow[] {
  const random = createRandom("randomised");
  return domains.flatMap((target) =>
    domains
      .filter((partner) => partner !== target)
      .flatMap((partner) =>
        [true, false].flatMap((sameStart) =>
          [10, 40].map(
            (steps): RandomisedRow => ({
              ...{ target, partner, members: [target, partner], method: "lora", seed: 1, sameStart, steps },
              ...{ fsd: sameStart ? steps / 200 : 0.5, flipShare: 0.1, partnerMoved: steps, accuracy: 0.8 },
              change: (sameStart ? 0 : -cost) - steps / 10 + 0.5 * random.normal(),
            }),
          ),
        ),
      ),
  );
}

test("on a study: every ordered pair, start and length; of the target's start and length the plain pair", async () => {
  const study = await tinyStudy({ set: { partnerSteps: [2, 3], poolMethods: ["pfeiffer"] } });
  const rows = await measureRandomised(inRegime(study, "paper"));
  assert.equal(rows.length, 4 * 3 * 2 * 2);
  const controlled = inRegime(study, "controlled");
  const pairs = await measurePairs(controlled, await trainSingles(controlled, { methods: ["pfeiffer"] }));
  for (const row of rows) {
    if (!row.sameStart) assert.ok(Math.abs(row.fsd - 0.5) < 0.05, `${row.fsd}`);
    if (!row.sameStart || row.steps !== 3) continue;
    const pair = pairs.find(({ target, partner }) => target === row.target && partner === row.partner);
    assert.deepEqual([row.accuracy, row.fsd, row.flipShare], [pair?.accuracy, pair?.fsd, pair?.flipShare]);
  }
});

test("a planted effect of starts is found with its size; without one nothing is", () => {
  const found = sameStartGain(planted(2), domains);
  assert.ok("effect" in found && Math.abs(found.effect - 2) < 0.3 && found.low > 0);
  assert.ok(sameStartP(planted(2), { permutations: 200 }) < 0.01);
  const none = sameStartGain(planted(0), domains);
  assert.ok("effect" in none && none.low < 0 && none.high > 0);
  const together = conflictAndAccuracy(planted(8), domains);
  assert.ok("effect" in together && together.effect < -0.8);
});

test("the figure has a line for each start, and its band holds it; the sentence says what was found, and over which targets", () => {
  const rows = planted(2);
  const figure = randomisedFigure(rows);
  const lines = traces(figure);
  const [same, other] = ["partner of the same start", "partner of a start of its own"];
  assert.deepEqual(lines[same].x, [10, 40]);
  const y = (name: string) => lines[name].y as number[];
  const mean = (sameStart: boolean, steps: number) => {
    const own = rows.filter((row) => row.sameStart === sameStart && row.steps === steps);
    return own.reduce((sum, { change }) => sum + change, 0) / own.length;
  };
  for (const [i, steps] of [10, 40].entries()) {
    assert.ok(Math.abs(y(same)[i] - mean(true, steps)) < 1e-9 && Math.abs(y(other)[i] - mean(false, steps)) < 1e-9);
  }
  const { low, high } = bandOf(figure, same) as { low: number[]; high: number[] };
  assert.ok(low[0] < y(same)[0] && y(same)[0] < high[0]);
  const few = { permutations: 100 };
  assert.match(
    describeRandomised(rows, domains, few),
    /leaves (1\.[89]|2\.[0-3]) points more than one of another .*6 targets/,
  );
  assert.match(
    describeRandomised(rows, ["a"], few),
    /^Nothing is decided .*1 target counts, an interval needs 3\. Over all targets, counted or not: With a partner/,
  );
});
