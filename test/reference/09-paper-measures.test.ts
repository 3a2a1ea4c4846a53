import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { importAdapter } from "#src/adapters/folder.js";
import { leastFsdChoice, mostFsdChoice, rowMeans } from "#src/mixing/least-fsd.js";
import { sparseMixing } from "#src/mixing/sparse-mixing.js";
import { layersByFsd } from "#src/pruning/layers-to-prune.js";
import { flipShares } from "#src/signs/flip-share.js";
import { signDifferenceMatrix } from "#src/signs/sign-difference-matrix.js";
import { sharedFolder } from "./vectors.js";

interface Expected {
  names: string[];
  parameters: number;
  fsdAll: number[][];
  fsdMatricesOnly: number[][];
  rowMean: number[];
  leastFsd: Record<string, string[]>;
  mostFsd: Record<string, string[]>;
  flipShare: Record<string, number>;
  chosenForSparse: string[];
  layerFsdToOtherChosen: Record<string, number[]>;
  prunedLayers: Record<string, Record<string, number[]>>;
}

const { folder: root, skip } = sharedFolder("reference/09_paper_measures");

function close(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= 1e-12, `${what}: ${actual} against ${expected}`);
}

describe("case 09, the paper's measures", { skip }, () => {
  const expected: Expected = skip ? undefined : JSON.parse(readFileSync(join(root, "expected.json"), "utf8"));
  const names = skip ? [] : expected.names;
  const adapters = names.map((name) => importAdapter(join(root, "adapters", name)).adapter);
  const named = (positions: readonly number[]) => positions.map((i) => names[i]);

  test("FSD over all parameters, and over matrices only", () => {
    const numbers = Object.values(adapters[0].tensors).reduce((sum, { data }) => sum + data.length, 0);
    assert.equal(numbers, expected.parameters);
    const all = signDifferenceMatrix(adapters);
    const matrices = signDifferenceMatrix(adapters, { parameters: "matrices" });
    names.forEach((a, i) => {
      names.forEach((b, j) => {
        close(all[i][j], expected.fsdAll[i][j], `${a}${b}`);
        close(matrices[i][j], expected.fsdMatricesOnly[i][j], `${a}${b}, matrices`);
      });
    });
  });

  test("row means, and the least- and most-FSD choice of every size", () => {
    const S = signDifferenceMatrix(adapters);
    rowMeans(S).forEach((value, i) => {
      close(value, expected.rowMean[i], names[i]);
    });
    for (let size = 1; size <= names.length; size++) {
      assert.deepEqual(named(leastFsdChoice(S, size)), expected.leastFsd[size]);
      assert.deepEqual(named(mostFsdChoice(S, size)), expected.mostFsd[size]);
    }
  });

  test("flip share of every target in every set", () => {
    let compared = 0;
    for (const [key, share] of Object.entries(expected.flipShare)) {
      const [set, target] = key.split(">");
      const members = [...set].map((name) => adapters[names.indexOf(name)]);
      close(flipShares(members)[set.indexOf(target)].overall, share, key);
      compared++;
    }
    assert.equal(compared, 186); // Σ_{k ≥ 2} k·C(6, k)
  });

  test("layers of highest FSD, and which are pruned", () => {
    const chosen = expected.chosenForSparse.map((name) => adapters[names.indexOf(name)]);
    layersByFsd(chosen).forEach(({ fsd }, i) => {
      expected.layerFsdToOtherChosen[expected.chosenForSparse[i]].forEach((value, layer) => {
        close(fsd[layer], value, `${expected.chosenForSparse[i]}, layer ${layer}`);
      });
    });
    for (const m of [1, 2, 3]) {
      const { members, prunedLayers } = sparseMixing(adapters, { size: 4, layers: m, sparsity: 0.8 });
      assert.deepEqual(named(members), expected.chosenForSparse);
      assert.deepEqual(
        Object.fromEntries(prunedLayers.map((layers, i) => [names[members[i]], layers])),
        expected.prunedLayers[m],
      );
    }
  });
});
