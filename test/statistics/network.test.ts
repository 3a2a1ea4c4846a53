import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { networkRegression } from "#src/statistics/network-regression.js";
import { sharedFolder } from "../reference/vectors.js";

const { folder, skip } = sharedFolder("reference/09_paper_measures");

test("network regression by hand: two terms, each row's own mean taken off, and what it refuses", () => {
  const n = 5;
  const matrix = (value: (i: number, j: number) => number) =>
    Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 0 : value(i, j))));
  const x = matrix((i, j) => ((3 * i + 7 * j) % 5) - 2);
  const z = matrix((i, j) => (i * j) % 3);
  const y = matrix((i, j) => 100 * i + 2 * x[i][j] - 3 * z[i][j] + 0.01 * Math.sin(9 * i + 4 * j));
  const [ofX, ofZ] = networkRegression(y, { x, z }, { withinRows: true, permutations: 200 }).terms;
  assert.ok(Math.abs(ofX.coefficient - 2) < 0.02 && Math.abs(ofZ.coefficient + 3) < 0.02);
  assert.ok(ofX.p < 0.1 && ofZ.p < 0.1);
  assert.throws(() => networkRegression(y, { x, twice: x }), /not independent/);
  assert.throws(() => networkRegression(y, { x: [[0]] }), /matrix of x is not \[5, 5\]/);
});

describe("network regression against R's sna::netlm", { skip }, () => {
  const known = skip ? undefined : JSON.parse(readFileSync(join(folder, "network.json"), "utf8"));

  for (const [name, permute] of [
    ["full", "partial"],
    ["single", "outcome"],
  ] as const) {
    test(name, () => {
      const { terms, coefficients, t, p } = known[name];
      const matrices = Object.fromEntries(terms.slice(1).map((term: string) => [term, known[term]]));
      const found = networkRegression(known.y, matrices, { permute, permutations: 8000 });
      assert.equal(found.pairs, 156);
      terms.forEach((term: string, k: number) => {
        const row = found.terms[k];
        assert.equal(row.term, term);
        assert.ok(Math.abs(row.coefficient / coefficients[k] - 1) < 1e-6, `${term} ${row.coefficient}`);
        assert.ok(Math.abs(row.t / t[k] - 1) < 1e-6, `${term} t ${row.t}`);
        if (permute === "partial" && term === "intercept") assert.ok(Number.isNaN(row.p));
        else assert.ok(Math.abs(row.p - p[k]) < 0.016, `${term} p ${row.p} ${p[k]}`);
      });
    });
  }
});
