import assert from "node:assert/strict";
import { test } from "node:test";
import { adapterHash } from "#src/adapters/adapter.js";
import { leastFsdChoice, mostFsdChoice, rowMeans } from "#src/mixing/least-fsd.js";
import { mixAdapters } from "#src/mixing/mix.js";
import { sparseMixing } from "#src/mixing/sparse-mixing.js";
import { layersByFsd } from "#src/pruning/layers-to-prune.js";
import { pruneAdapter } from "#src/pruning/prune.js";
import { fractionOfSignDifference } from "#src/signs/sign-difference.js";
import { signDifferenceMatrix } from "#src/signs/sign-difference-matrix.js";
import { mapTensors, trainedAdapter } from "../signs/small-adapters.js";

const matrix = [
  [0, 0.1, 0.4],
  [0.1, 0, 0.3],
  [0.4, 0.3, 0],
];

test("row means and choices by hand; the most is the order from its end", () => {
  assert.deepEqual(
    rowMeans(matrix).map((value) => Number(value.toFixed(12))),
    [0.25, 0.2, 0.35],
  );
  assert.deepEqual(leastFsdChoice(matrix, 3), [1, 0, 2]);
  assert.deepEqual(leastFsdChoice(matrix, 1), [1]);
  assert.deepEqual(mostFsdChoice(matrix, 2), [2, 0]);
  assert.throws(() => leastFsdChoice(matrix, 4), /Cannot choose 4 of 3/);
  assert.throws(() => rowMeans([[0]]), /square matrix of two adapters or more/);
});

test("row means that differ by rounding are equal, and go by order", () => {
  const rounded = [
    [0, 0.1, 0.2, 0.3],
    [0.1, 0, 0.3, 0.2],
    [0.2, 0.3, 0, 0.1],
    [0.3, 0.2, 0.1, 0],
  ];
  assert.notEqual(new Set(rowMeans(rounded)).size, 1, "the sums do round differently");
  assert.deepEqual(leastFsdChoice(rounded, 4), [0, 1, 2, 3]);
});

test("the matrix holds the FSD of every pair", () => {
  const adapters = ["p", "q", "r"].map((name) => trainedAdapter("pfeiffer", name));
  const S = signDifferenceMatrix(adapters);
  adapters.forEach((a, i) => {
    adapters.forEach((b, j) => {
      assert.equal(S[i][j], i === j ? 0 : fractionOfSignDifference(a, b).overall);
    });
  });
});

test("layers go by their FSD with the others; equal ones by number", () => {
  const p = trainedAdapter("pfeiffer", "p");
  const flipped = mapTensors(p, (value, name) => (name.startsWith("layers.1.") ? -value : value));
  const [own] = layersByFsd([p, flipped]);
  assert.deepEqual(own, { fsd: { 0: 0, 1: 1 }, order: [1, 0] });
  assert.deepEqual(layersByFsd([p, p])[0].order, [0, 1]);
  assert.throws(() => layersByFsd([p]), /two adapters or more/);
});

test("sparse mixing prunes m layers of each and averages; with none it is the dense mixture", () => {
  const adapters = ["p", "q", "r"].map((name) => trainedAdapter("pfeiffer", name));
  const dense = sparseMixing(adapters, { size: 2, layers: 0, sparsity: 0.9 });
  const chosen = leastFsdChoice(signDifferenceMatrix(adapters), 2);
  assert.deepEqual(dense.members, chosen);
  assert.equal(adapterHash(dense.mixture), adapterHash(mixAdapters(chosen.map((i) => adapters[i]))));
  const one = sparseMixing(adapters, { size: 2, layers: 1, sparsity: 0.75 });
  const byHand = chosen.map((i, k) =>
    pruneAdapter(adapters[i], { sparsity: 0.75, scope: "layer", layers: one.prunedLayers[k] }),
  );
  assert.deepEqual(
    byHand.map(({ pruned, inScope }) => [pruned, inScope]),
    [
      [96, 128],
      [96, 128],
    ],
  );
  assert.equal(adapterHash(one.mixture), adapterHash(mixAdapters(byHand.map(({ adapter }) => adapter))));
  const all = sparseMixing(adapters, { layers: 2, sparsity: 0.75 });
  assert.deepEqual(all.prunedLayers, [
    [0, 1],
    [0, 1],
    [0, 1],
  ]);
  const single = sparseMixing(adapters, { size: 1, layers: 1, sparsity: 0.75 });
  assert.deepEqual(single.prunedLayers, [layersByFsd(adapters)[single.members[0]].order.slice(0, 1)]);
  assert.throws(() => sparseMixing(adapters, { layers: 3, sparsity: 0.9 }), /Cannot prune 3 layers.*have 2/);
});

test("pruning of layers that an adapter does not have is refused", () => {
  const adapter = trainedAdapter("pfeiffer", "p");
  assert.throws(
    () => pruneAdapter(adapter, { sparsity: 0.5, layers: [7] }),
    /"p" has nothing to prune in the layers 7/,
  );
});
