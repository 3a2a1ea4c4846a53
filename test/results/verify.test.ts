import assert from "node:assert/strict";
import { test } from "node:test";
import { sweep } from "#src/chapters/mix/mixtures.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import { unitKey } from "#src/results/unit.js";
import { verifyResults } from "#src/results/verify.js";
import { resultsContext } from "#src/study/results-context.js";
import { tinyStudy } from "../study/tiny-study.js";

const study = await tinyStudy();
const { store } = study;
const singles = await trainSingles(study, { domains: study.settings.domains.slice(0, 2), methods: ["houlsby"] });
await sweep(study, singles, [[0, 1]]);

test("stored rows are computed again, found equal, and timed; nothing is stored", async () => {
  const before = store.all("train");
  const { kinds, differences } = await verifyResults(resultsContext(study), { sample: 2 });
  assert.deepEqual(differences, []);
  assert.deepEqual(
    kinds.map(({ kind, rows, seconds }) => [kind, rows, seconds.length]),
    [
      ["evaluate", 4, 2],
      ["train", 2, 2],
    ],
  );
  assert.ok(kinds.every(({ seconds }) => seconds.every((taken) => taken > 0)));
  assert.deepEqual(store.all("train"), before);
});

test("a row that was tampered with is named, with what it says and what it should", async () => {
  const [first] = store.all("evaluate");
  store.replace("evaluate", [first], [{ ...first, row: { ...first.row, accuracy: 2 } }]);
  const { differences } = await verifyResults(resultsContext(study), { sample: 9, kinds: ["evaluate"] });
  assert.equal(differences.length, 1);
  assert.match(differences[0].how.join(), /^accuracy was 2 and is/);
  store.replace("evaluate", [], [first]);
});

test("what a row was computed on is no difference, but is told with one", async () => {
  const [first] = store.all("evaluate");
  const told = async (row: typeof first.row) => {
    const other = { ...first, row: { ...row, ran: "onnx another" } };
    store.replace("evaluate", [first], [other]);
    const { differences } = await verifyResults(resultsContext(study), { sample: 9, kinds: ["evaluate"] });
    store.replace("evaluate", [other], [first]);
    return differences.flatMap(({ how }) => how);
  };
  assert.deepEqual(await told(first.row), []);
  const [accuracy, where, ...rest] = await told({ ...first.row, accuracy: 2 });
  assert.match(accuracy, /^accuracy was 2 and is/);
  assert.match(where, /^it was computed on onnx another, and now on .+, where last digits may differ$/);
  assert.deepEqual(rest, []);
});

test("rows of older code are left out", async () => {
  const [first] = store.all("train");
  const unit = { ...first.unit, code: "0".repeat(32) };
  store.replace("train", [first], [{ key: unitKey(unit), unit, row: first.row }]);
  const { kinds } = await verifyResults(resultsContext(study), { sample: 9, kinds: ["train"] });
  assert.equal(kinds[0].rows, 1);
});

test("what units took is kept beside the rows, for those that are still stored", () => {
  assert.equal(store.times("evaluate").length, 4);
  assert.equal(store.times("train").length, 1, "one row is of older code now");
  assert.deepEqual(store.times("prune"), []);
});
