import assert from "node:assert/strict";
import { test } from "node:test";
import {
  readPredictions,
  specificationKey,
  specifications,
  whyUndefined,
} from "#src/chapters/conflict/specification.js";

test("every combination is listed once, and one prediction with a reason was written for each", () => {
  const all = specifications();
  assert.equal(all.length, 3 * 2 * 3 * 4 * 5);
  assert.equal(new Set(all.map(specificationKey)).size, all.length);
  const predictions = readPredictions();
  assert.deepEqual(predictions.map(specificationKey), all.map(specificationKey));
  for (const prediction of predictions) {
    const { expected, low, high, reason } = prediction;
    assert.ok(reason.length > 20 && reason.endsWith("."), reason);
    const undefinedHere = whyUndefined(prediction, 13) !== undefined;
    assert.equal(expected === null, undefinedHere, specificationKey(prediction));
    if (expected === null) assert.deepEqual([low, high], [null, null]);
    else assert.ok(low !== null && high !== null && -1 <= low && low <= expected && expected <= high && high <= 1);
  }
});

test("same start is defined where starts follow the classes alone; nothing is in a mixture of all", () => {
  const some = specifications({ methods: ["lora"], sizes: [2, 4], measures: ["fsd", "sameStart"] });
  const defined = some.filter((each) => whyUndefined(each, 4) === undefined);
  assert.ok(defined.every(({ size }) => size === 2));
  assert.deepEqual(
    defined.filter(({ measure }) => measure === "sameStart").map(({ start, schedule }) => [start, schedule]),
    [
      ["byClasses", "equal"],
      ["byClasses", "byEpochs"],
    ],
  );
});
