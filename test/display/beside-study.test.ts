import assert from "node:assert/strict";
import { test } from "node:test";
import { besideStudy } from "#src/display/beside-study.js";

test("numbers stand side by side, and each row says whether they are equal", () => {
  const rows = besideStudy({ FSD: [0.25, 0.25], loss: [1, 1 + 1e-12], accuracy: [0.5, 0.75], none: [1, Number.NaN] });
  assert.deepEqual(
    rows.map(({ number, equal }) => [number, equal]),
    [
      ["FSD", "yes"],
      ["loss", "yes"],
      ["accuracy", "no, they differ by 0.25"],
      ["none", "no"],
    ],
  );
  assert.deepEqual([rows[2]["by hand"], rows[2]["in the study"]], [0.5, 0.75]);
});
