import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "#src/engine/random.js";
import { associate, type MixtureOutcome } from "#src/statistics/association.js";
import { jackknife } from "#src/statistics/jackknife.js";

const domains = 6;

/** A symmetric matrix of made-up FSDs, and anchored FSD over it. */
function fsdMatrix() {
  const random = createRandom("matrix");
  const matrix = Array.from({ length: domains }, () => new Array<number>(domains).fill(0));
  for (let i = 0; i < domains; i++) for (let j = 0; j < i; j++) matrix[i][j] = matrix[j][i] = random.uniform();
  return (members: readonly number[], target: number) => {
    const others = members.filter((d) => d !== target);
    return others.reduce((sum, d) => sum + matrix[target][d], 0) / others.length;
  };
}

function outcomes(change: (members: readonly number[], target: number) => number): MixtureOutcome[] {
  const rows: MixtureOutcome[] = [];
  for (let set = 1; set < 1 << domains; set++) {
    const members = Array.from({ length: domains }, (_, d) => d).filter((d) => (set >> d) & 1);
    for (const target of members) rows.push({ target, members, accuracyChange: change(members, target) });
  }
  return rows;
}

test("the jackknife of a mean by hand: se = s/√n", () => {
  const values = [1, 2, 3, 4];
  const mean = (without?: number) => {
    const kept = values.filter((v) => v !== without);
    return kept.reduce((a, b) => a + b, 0) / kept.length;
  };
  const { effect, low, high } = jackknife(values, mean);
  const se = Math.sqrt(5 / 3) / 2;
  assert.equal(effect, 2.5);
  assert.ok(Math.abs(high - low - 2 * 3.182446305 * se) < 1e-6);
  assert.throws(() => jackknife([1], mean), /at least two domains, not 1/);
});

test("an interval of a correlation ends at -1 and 1", () => {
  const random = createRandom("noise");
  const few = outcomes(() => random.uniform())
    .filter(({ members }) => members.length === 2)
    .slice(0, 9);
  const { within } = associate(few, fsdMatrix(), { domains, permutations: 1 });
  assert.ok(within.low >= -1 && within.high <= 1 && within.high - within.low > 1, JSON.stringify(within));
});

test("harm that follows FSD is found, with a small p", () => {
  const fsd = fsdMatrix();
  const found = associate(
    outcomes((s, t) => (s.length > 1 ? -fsd(s, t) : 0)),
    fsd,
    { domains, permutations: 200 },
  );
  assert.ok(found.within.effect < -0.99);
  assert.ok(found.p <= 0.02);
});

test("harm that follows size alone is not mistaken for FSD within sizes", () => {
  const fsd = fsdMatrix();
  const noise = createRandom("noise");
  const found = associate(
    outcomes((s) => -s.length + 0.01 * noise.uniform()),
    fsd,
    { domains, permutations: 200 },
  );
  assert.ok(Math.abs(found.within.effect) < 0.25);
  assert.ok(found.p > 0.02);
});
