import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "#src/engine/random.js";
import { type PairedCounts, pairedCounts, pairedDifference, rowsToDecide } from "#src/statistics/paired-difference.js";
import { lookAt, lookLevels, raceLooks } from "#src/statistics/race.js";

const near = (value: number, wanted: number, within = 5e-5) =>
  assert.ok(Math.abs(value - wanted) <= within, `${value} is not ${wanted}`);

test("counts of what only one of two has right", () => {
  const [yes, no] = [true, false];
  assert.deepEqual(pairedCounts([yes, yes, no, no], [yes, no, yes, no]), { lost: 1, gained: 1, rows: 4 });
  assert.throws(() => pairedCounts([yes], []), /1 verdicts do not pair with 0/);
});

test("Tango's interval: the example of his paper, and the one of the documentation", () => {
  const paper = pairedDifference({ lost: 12, gained: 2, rows: 50 });
  near(paper.low, 0.0611);
  near(paper.high, 0.3447);
  const own = pairedDifference({ lost: 12, gained: 4, rows: 200 });
  near(own.effect, 0.04, 1e-12);
  near(own.low, 0.001, 5e-4);
  near(own.high, 0.085, 5e-4);
});

/** log-likelihood of the share gained q, where the difference is fixed. */
function logLikelihood({ lost, gained, rows }: PairedCounts, difference: number, q: number): number {
  const part = (count: number, share: number) => (count === 0 ? 0 : count * Math.log(share));
  return part(lost, q + difference) + part(gained, q) + part(rows - lost - gained, 1 - 2 * q - difference);
}

test("its ends are where the score statistic, at the likeliest nuisance by search, is 1.96", () => {
  for (const counts of [
    { lost: 9, gained: 3, rows: 80 },
    { lost: 1, gained: 7, rows: 64 },
    { lost: 30, gained: 30, rows: 300 },
  ]) {
    const { effect, low, high } = pairedDifference(counts);
    for (const end of [low, high]) {
      const [from, to] = [Math.max(0, -end), (1 - end) / 2];
      const grid = Array.from({ length: 200_001 }, (_, i) => from + ((to - from) * i) / 200_000).slice(1, -1);
      const q = grid.reduce((best, one) =>
        logLikelihood(counts, end, one) > logLikelihood(counts, end, best) ? one : best,
      );
      const score = (counts.rows * (effect - end)) / Math.sqrt(counts.rows * (2 * q + end * (1 - end)));
      near(Math.abs(score), 1.96, 2e-3);
    }
  }
});

test("where nothing differs the interval is not a point, and it turns over with the two", () => {
  const none = pairedDifference({ lost: 0, gained: 0, rows: 64 });
  assert.equal(none.effect, 0);
  assert.ok(none.low < -0.03 && none.high > 0.03 && Math.abs(none.low + none.high) < 1e-9);
  const [one, other] = [
    pairedDifference({ lost: 9, gained: 3, rows: 80 }),
    pairedDifference({ lost: 3, gained: 9, rows: 80 }),
  ];
  near(one.low, -other.high, 1e-9);
  near(one.high, -other.low, 1e-9);
  assert.equal(pairedDifference({ lost: 64, gained: 0, rows: 64 }).high, 1);
  assert.throws(() => pairedDifference({ lost: 0, gained: 0, rows: 0 }), /at least one example/);
});

test("so many rows as are said decide where the shares stay", () => {
  const rows = rowsToDecide(0.2, 0.03);
  assert.equal(rows, Math.ceil((1.959963984540054 ** 2 * 0.2) / 0.03 ** 2));
  assert.equal(rowsToDecide(0.2, 0), Number.POSITIVE_INFINITY);
});

test("looks double, the last has all rows, and their errors sum to that of the whole", () => {
  assert.deepEqual(raceLooks(40), [40]);
  assert.deepEqual(raceLooks(95), [95]);
  assert.deepEqual(raceLooks(200), [64, 128, 200]);
  for (const looks of [1, 2, 5]) {
    const error = lookLevels(looks, 0.95).reduce((sum, level) => sum + 1 - level, 0);
    near(error, 0.05, 1e-12);
  }
});

test("a race whose true loss is the margin says either verdict in a fortieth of the cases at most", () => {
  const random = createRandom("race test");
  const [margin, runs, rows] = [0.03, 3000, 400];
  const looks = raceLooks(rows);
  const levels = lookLevels(looks.length, 0.95);
  const verdicts = { below: 0, above: 0, open: 0 };
  for (let run = 0; run < runs; run++) {
    const counts = { lost: 0, gained: 0, rows: 0 };
    let state: keyof typeof verdicts = "open";
    for (let look = 0; look < looks.length && state === "open"; look++) {
      for (; counts.rows < looks[look]; counts.rows++) {
        const draw = random.uniform();
        if (draw < 0.115) counts.lost++;
        else if (draw < 0.2) counts.gained++;
      }
      ({ state } = lookAt(counts, { margin }, levels[look]));
    }
    verdicts[state]++;
  }
  const most = 0.025 + 3 * Math.sqrt((0.025 * 0.975) / runs);
  assert.ok(verdicts.below / runs < most, JSON.stringify(verdicts));
  assert.ok(verdicts.above / runs < most, JSON.stringify(verdicts));
  assert.ok(verdicts.open > 0.9 * runs);
});
