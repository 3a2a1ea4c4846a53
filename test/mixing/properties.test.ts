import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Adapter } from "#src/adapters/adapter.js";
import { mixAdapters } from "#src/mixing/mix.js";
import { pruneAdapter } from "#src/pruning/prune.js";
import { fractionOfSignDifference } from "#src/signs/sign-difference.js";
import { handAdapter, rowsOf } from "../signs/small-adapters.js";

/*
 * What holds of every adapter, tried on drawn ones: float32 numbers of all sizes, zeros of both signs among them.
 */

const number = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true, min: -8, max: 8 }),
  fc.constantFrom(0, -0, 1e-30, -1e-30, 2 ** -149, 1, -1),
);

/** So many adapters of one shape. */
function adapters(least: number, most: number): fc.Arbitrary<Adapter[]> {
  return fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 6 })).chain(([rows, columns]) => {
    const matrix = fc.array(fc.array(number, { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    });
    return fc
      .array(matrix, { minLength: least, maxLength: most })
      .map((all) => all.map((values, i) => handAdapter(`adapter ${i}`, values)));
  });
}

const all = (adapter: Pick<Adapter, "tensors">) => rowsOf(adapter).flat();
const negated = (adapter: Adapter) =>
  handAdapter(
    `-${adapter.name}`,
    rowsOf(adapter).map((row) => row.map((x) => -x)),
  );

test("the mean of copies is the copy, bit for bit", () => {
  fc.assert(
    fc.property(adapters(1, 1), fc.integer({ min: 1, max: 7 }), ([adapter], copies) => {
      const mixed = mixAdapters(Array.from({ length: copies }, () => adapter));
      assert.deepEqual(
        all(mixed).map((x) => x + 0),
        all(adapter).map((x) => x + 0),
      ); // −0 + 0 is 0
    }),
  );
});

test("a mean does not depend on the order, and lies between the least and the greatest", () => {
  fc.assert(
    fc.property(adapters(2, 5), (members) => {
      const mean = all(mixAdapters(members));
      assert.deepEqual(all(mixAdapters(members.slice().reverse())), mean);
      mean.forEach((value, i) => {
        const values = members.map((member) => all(member)[i]);
        assert.ok(value >= Math.min(...values) - 1e-6 && value <= Math.max(...values) + 1e-6);
      });
    }),
  );
});

test("coefficients of one member alone give that member", () => {
  fc.assert(
    fc.property(adapters(2, 4), fc.nat(), (members, at) => {
      const one = at % members.length;
      const mixed = mixAdapters(members, { coefficients: members.map((_, i) => (i === one ? 1 : 0)) });
      assert.deepEqual(
        all(mixed).map((x) => x + 0),
        all(members[one]).map((x) => x + 0),
      );
    }),
  );
});

test("the fraction of sign difference is a share, symmetric, 0 of an adapter and itself", () => {
  fc.assert(
    fc.property(adapters(2, 2), ([a, b]) => {
      const { overall } = fractionOfSignDifference(a, b);
      assert.ok(overall >= 0 && overall <= 1);
      assert.equal(fractionOfSignDifference(b, a).overall, overall);
      assert.equal(fractionOfSignDifference(a, a).overall, 0);
    }),
  );
});

test("against its negative an adapter differs in every number that is not zero, and counting finds as many", () => {
  fc.assert(
    fc.property(adapters(2, 2), ([a, b]) => {
      const numbers = all(a);
      const { overall } = fractionOfSignDifference(a, negated(a));
      assert.equal(overall, numbers.filter((x) => x !== 0).length / numbers.length);
      const opposite = numbers.filter((x, i) => x * Math.sign(all(b)[i]) < 0).length;
      assert.equal(fractionOfSignDifference(a, b).overall, opposite / numbers.length);
    }),
  );
});

test("pruning takes exactly its count, the smallest first, and changes nothing else; twice is once", () => {
  fc.assert(
    fc.property(adapters(1, 1), fc.integer({ min: 0, max: 100 }), ([adapter], percent) => {
      const sparsity = percent / 100;
      const { adapter: pruned, pruned: count, inScope } = pruneAdapter(adapter, { sparsity });
      const [before, after] = [all(adapter), all(pruned)];
      assert.equal(inScope, before.length);
      const exact = sparsity * before.length;
      assert.equal(count, exact % 1 === 0.5 ? 2 * Math.round(exact / 2) : Math.round(exact), "a half goes to the even");
      const gone = before.filter((x, i) => x !== 0 && after[i] === 0);
      const kept = before.filter((_, i) => after[i] !== 0);
      assert.ok(gone.every((x) => kept.every((y) => Math.abs(x) <= Math.abs(y))));
      assert.ok(after.every((x, i) => x === 0 || x === before[i]));
      assert.deepEqual(
        all(pruneAdapter(pruned, { sparsity }).adapter).map((x) => x + 0),
        after.map((x) => x + 0),
      );
    }),
  );
});

test("the more is pruned, the less is left: masks lie inside one another", () => {
  fc.assert(
    fc.property(
      adapters(1, 1),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      ([a], p, q) => {
        const [less, more] = [Math.min(p, q), Math.max(p, q)].map((sparsity) =>
          all(pruneAdapter(a, { sparsity }).adapter),
        );
        assert.ok(more.every((x, i) => x === 0 || less[i] !== 0));
      },
    ),
  );
});
