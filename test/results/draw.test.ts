import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sweep } from "#src/chapters/mix/mixtures.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import { verifyResults } from "#src/results/verify.js";
import { resultsContext } from "#src/study/results-context.js";
import { tinyStudy } from "../study/tiny-study.js";

const study = await tinyStudy();
const { store } = study;
const domains = study.settings.domains.slice(0, 3);
const singles = await trainSingles(study, { domains, methods: ["houlsby"] });
await sweep(study, singles, [
  [0, 1],
  [0, 1, 2],
]);

test("adapters whose files are gone are trained again, no more than a pair for a row where that can be", async () => {
  const adapters = join(store.folder, "adapters");
  const files = readdirSync(adapters).map((name) => [name, readFileSync(join(adapters, name))] as const);
  rmSync(adapters, { recursive: true });
  const { kinds, differences } = await verifyResults(resultsContext(study), { sample: 2, kinds: ["evaluate"] });
  assert.deepEqual(differences, []);
  assert.equal(kinds[0].seconds.length, 2);
  const restored = readdirSync(adapters);
  assert.ok(restored.length <= 2, "mixtures of three come after those of two");
  for (const [name, bytes] of files.filter(([name]) => restored.includes(name)))
    assert.deepEqual(readFileSync(join(adapters, name)), bytes);

  const all = await verifyResults(resultsContext(study), { sample: 99 });
  assert.deepEqual(all.differences, []);
  assert.deepEqual(
    all.kinds.map(({ rows, seconds }) => seconds.length - rows),
    [0, 0],
  );
  assert.equal(readdirSync(adapters).length, 3);
});

test("an adapter that trains to something else is named, and its file is not written", async () => {
  const [first] = store.all("train");
  const adapters = join(store.folder, "adapters");
  const other = { ...first, row: { ...first.row, moved: 0.5 } };
  store.replace("train", [first], [other]);
  rmSync(adapters, { recursive: true });
  await assert.rejects(
    verifyResults(resultsContext(study), { sample: 99, kinds: ["evaluate"] }),
    /^Error: train, .* cannot be restored: trained again it is another \(moved was 0\.5 and is/,
  );
  store.replace("train", [other], [first]);
});
