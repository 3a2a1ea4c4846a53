import assert from "node:assert/strict";
import { test } from "node:test";
import type { Adapter } from "#src/adapters/adapter.js";
import { initialTensors } from "#src/adapters/create.js";
import { createRandom } from "#src/engine/random.js";
import { float32 } from "#src/engine/tensor-data.js";
import { scaleChange } from "#src/mixing/dilute.js";
import { mixAdapters } from "#src/mixing/mix.js";
import {
  expectedFlipShares,
  expectedSignDifference,
  flipShareByDistance,
  signDifferenceByDistance,
  spreadsOf,
} from "#src/signs/by-distance.js";
import { distanceMoved } from "#src/signs/distance-moved.js";
import { flipShare, flipShares } from "#src/signs/flip-share.js";
import { sameStart } from "#src/signs/same-start.js";
import { fractionOfSignDifference } from "#src/signs/sign-difference.js";
import { handAdapter, methods, trainedAdapter } from "./small-adapters.js";

test("distance moved is the length of the change of all parameters, zero at the start", () => {
  const adapter = trainedAdapter("houlsby", "p");
  const start = { ...adapter, tensors: initialTensors(adapter) };
  assert.equal(distanceMoved(start), 0);
  assert.ok(Math.abs(distanceMoved(scaleChange(adapter, 0.5)) / distanceMoved(adapter) - 0.5) < 1e-6);
  assert.throws(() => distanceMoved({ ...adapter, seed: undefined }), /not known what "p" started from/);
  const bias = "layers.0.attention.down.bias";
  const moved = { ...start.tensors, [bias]: float32([4], Float32Array.from([3, 0, 4, 0])) };
  assert.equal(distanceMoved({ ...start, tensors: moved }), 5, "biases count");
});

test("two adapters have the same start, another, or nobody knows", () => {
  const adapter = trainedAdapter("pfeiffer", "p");
  assert.equal(sameStart(adapter, trainedAdapter("pfeiffer", "q")), true);
  assert.equal(sameStart(adapter, trainedAdapter("pfeiffer", "q", "another")), false);
  assert.equal(sameStart(adapter, trainedAdapter("houlsby", "q")), false);
  assert.equal(sameStart(adapter, { ...adapter, seed: undefined }), undefined);
});

test("flip share by hand, and of one adapter alone 0", () => {
  const a = handAdapter("a", [
    [1, -2, 0],
    [3, -4, 5],
  ]);
  const b = handAdapter("b", [
    [1, 2, -1],
    [-3, -4, -7],
  ]);
  assert.equal(flipShare([a, b], a).overall, 1 / 6);
  assert.equal(flipShare([a, b], b).overall, 0);
  assert.equal(flipShare([a], a).overall, 0);
  // sums of 0 at two places where a is not 0, and −1 where it is: three thirds-sign changes and the flip
  assert.equal(flipShare([a, b], a, { zeros: "ownSign" }).overall, 4 / 6);
  assert.equal(flipShare([a, b], a, { zeros: "bothNonZero" }).overall, 1 / 3);
  assert.throws(() => flipShare([a], b), /"b" is not among the members/);
});

test("flip share is the sign difference of the target and the mixture that is made", () => {
  for (const method of methods) {
    const members = ["p", "q", "r"].map((name, i) => trainedAdapter(method, name, i < 2 ? "start" : "other"));
    const mixture = mixAdapters(members);
    flipShares(members).forEach((share, i) => {
      assert.deepEqual(share.overall, fractionOfSignDifference(members[i], mixture).overall);
    });
    const matrices = { parameters: "matrices" } as const;
    assert.equal(
      flipShare(members, members[2], matrices).overall,
      fractionOfSignDifference(members[2], mixture, matrices).overall,
    );
  }
});

/** An adapter of 40,000 weights that start from N(0, 1), by `seed`, and moved by N(0, moved²). */
function drawn(name: string, seed: string, moved: number): { adapter: Adapter; moved: number; start: string } {
  const [start, change] = [createRandom(`start/${seed}`), createRandom(`change/${name}`)];
  const rows = Array.from({ length: 200 }, () =>
    Array.from({ length: 200 }, () => start.normal() + moved * change.normal()),
  );
  return { adapter: handAdapter(name, rows), moved, start: seed };
}

test("sign differences and flip shares of drawn adapters are those that arithmetic gives", () => {
  const draws = [drawn("a", "one", 0.3), drawn("b", "one", 1), drawn("c", "two", 0.5), drawn("d", "one", 0.1)];
  for (const x of draws) {
    for (const y of draws) {
      if (x === y) continue;
      const found = fractionOfSignDifference(x.adapter, y.adapter).overall;
      assert.ok(Math.abs(found - signDifferenceByDistance(1, x, y)) < 0.012, `${x.adapter.name}${y.adapter.name}`);
    }
  }
  for (const members of [draws.slice(0, 2), draws.slice(0, 3), draws]) {
    const found = flipShares(members.map(({ adapter }) => adapter));
    members.forEach((_, target) => {
      const expected = flipShareByDistance(1, members, target);
      assert.ok(Math.abs(found[target].overall - expected) < 0.012, `${members.length} ${target}`);
    });
  }
});

test("by distance: half from separate starts, nothing where nothing moved, and flips of two halve the difference", () => {
  const still = { moved: 0 };
  assert.equal(signDifferenceByDistance(1, still, still), 0);
  assert.equal(signDifferenceByDistance(1, { moved: 1, start: 1 }, { moved: 2, start: 2 }), 0.5);
  assert.ok(Math.abs(signDifferenceByDistance(1, { moved: 1 }, { moved: 1 }) - 1 / 3) < 1e-12); // arccos(½)/π
  assert.equal(flipShareByDistance(1, [{ moved: 3 }], 0), 0);
  const pair = [{ moved: 1 }, { moved: 1 }];
  assert.ok(Math.abs(flipShareByDistance(1, pair, 0) - 1 / 6) < 1e-12); // arccos(√¾)/π, half of a third
  assert.throws(() => signDifferenceByDistance(-1, still, still), /0 or more/);
  assert.throws(() => flipShareByDistance(1, pair, 2), /no adapter 2 in this mixture of 2/);
});

test("the expected sign difference of trained adapters follows their starts and distances, tensor by tensor", () => {
  const [p, q] = [trainedAdapter("pfeiffer", "p"), trainedAdapter("pfeiffer", "q")];
  // starts and changes are N(0, 0.02²), biases start from zero: a third of the matrices' signs, half of the biases'
  const biases = fractionOfSignDifference(p, q).counts.positions;
  const matrices = fractionOfSignDifference(p, q, { parameters: "matrices" }).counts.positions;
  const expected = (matrices / 3 + (biases - matrices) / 2) / biases;
  assert.ok(Math.abs(expectedSignDifference(p, q) - expected) < 0.03);
  assert.ok(Math.abs(expectedSignDifference(p, q) - fractionOfSignDifference(p, q).overall) < 0.08);
  assert.equal(expectedSignDifference(p, trainedAdapter("pfeiffer", "q", "another")), 0.5);
  const start = { ...p, tensors: initialTensors(p) };
  assert.equal(expectedSignDifference(start, start), 0);
  assert.throws(() => expectedSignDifference(p, { ...q, seed: undefined }), /not known what "q" started from/);
});

test("expected flip shares follow starts and distances of all members; spreads computed once give the same", () => {
  const members = ["p", "q", "r"].map((name, i) => trainedAdapter("houlsby", name, i < 2 ? "start" : "other"));
  const expected = expectedFlipShares(members);
  flipShares(members).forEach((found, i) => {
    assert.ok(Math.abs(found.overall - expected[i]) < 0.06, `${i}: ${found.overall} and ${expected[i]}`);
  });
  assert.deepEqual(expectedFlipShares(members.map((member) => spreadsOf(member))), expected);
  const [p, q] = members;
  // of two from one start that moved alike, the flips halve the difference
  const [flip] = expectedFlipShares([p, q]);
  assert.ok(Math.abs(2 * flip - expectedSignDifference(p, q)) < 0.01);
  assert.deepEqual(expectedFlipShares([p]), [0]);
});
