import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dealOut, parseShard, shardName } from "#src/results/shard.js";
import { type Unit, unitKey } from "#src/results/unit.js";

const unitsOf = (count: number) =>
  Array.from({ length: count }, (_, n): Unit => ({ kind: "square", settings: { n }, code: "v1" }));

test("a shard is a part and the number of parts; anything else is refused with an example", () => {
  assert.deepEqual(parseShard("2/4"), { index: 2, of: 4 });
  assert.equal(shardName({ index: 2, of: 4 }), "2-of-4");
  for (const wrong of ["0/4", "5/4", "1", "1/0", "a/b", "1/4/2", "", "1.5/4"])
    assert.throws(() => parseShard(wrong), /such as 1\/4 to 4\/4, not/);
});

test("every unit goes to one shard, and none has more than the mean and the longest unit", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      (seconds, shards) => {
        const units = unitsOf(seconds.length);
        const dealt = dealOut(units, seconds, shards);
        assert.equal(dealt.length, shards);
        assert.deepEqual(
          dealt.flat().sort((a, b) => a - b),
          units.map((_, i) => i),
        );
        const loads = dealt.map((own) => own.reduce((sum, i) => sum + seconds[i], 0));
        const mean = seconds.reduce((sum, one) => sum + one, 0) / shards;
        assert.ok(Math.max(...loads) <= mean + Math.max(0, ...seconds) + 1e-9);
      },
    ),
    { numRuns: 200 },
  );
});

test("shards are the same in whatever order the units come, also where all cost the same", () => {
  const units = unitsOf(30);
  const costs = units.map((_, i) => i % 3);
  const keysOf = (list: Unit[], seconds: number[]) =>
    dealOut(list, seconds, 4).map((own) => own.map((i) => unitKey(list[i])).sort());
  const backwards = [...units].reverse();
  assert.deepEqual(keysOf(backwards, [...costs].reverse()), keysOf(units, costs));
});

test("the longest first: two long units do not meet where there are two shards", () => {
  assert.deepEqual(
    dealOut(unitsOf(5), [1, 9, 1, 9, 1], 2)
      .map((own) => own.length)
      .sort(),
    [2, 3],
  );
  const [a, b] = dealOut(unitsOf(5), [1, 9, 1, 9, 1], 2);
  assert.notEqual(a.includes(1), b.includes(1));
  assert.equal(a.includes(1), b.includes(3));
});
