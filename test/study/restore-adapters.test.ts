import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sweep } from "#src/chapters/mix/mixtures.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import type { Study } from "#src/study/study.js";
import { tinyStudy } from "./tiny-study.js";

const selection = (study: Study) => ({ domains: study.settings.domains.slice(0, 2), methods: ["houlsby" as const] });

/** A lazy study with two adapters that another kind of processor has trained, and without their files. */
async function fromElsewhere(isNamed: boolean) {
  const study: Study = { ...(await tinyStudy()), lazy: true };
  const { store } = study;
  const singles = await trainSingles(study, selection(study));
  if (isNamed) await sweep(study, singles, [[0, 1]]);
  const trained = store.all("train");
  const moved = trained.map((each) => ({ ...each, row: { ...each.row, ran: "onnx another" } }));
  store.replace("train", trained, moved);
  const files = join(store.folder, "adapters");
  rmSync(files, { recursive: true });
  return { study, singles, trained, moved, files };
}

test("an adapter of another kind of processor that nothing names is trained anew, and its row replaced", async () => {
  const { study, trained, files } = await fromElsewhere(false);
  await trainSingles(study, selection(study));
  assert.deepEqual(study.store.all("train"), trained);
  assert.equal(readdirSync(files).length, 2);
});

test("one that other rows name stays; what needs it is refused before anything is trained", async () => {
  const { study, singles, moved, files } = await fromElsewhere(true);
  const again = await trainSingles(study, selection(study));
  assert.deepEqual(study.store.all("train"), moved);
  const before = study.store.count("evaluate");
  assert.equal((await sweep(study, again, [[0, 1]])).length, 2, "rows are there");
  await assert.rejects(
    sweep({ ...study, fresh: true }, singles, [[0, 1]]),
    /^Error: train, houlsby, .* was trained on onnx another, .* Go on with its seed on a machine as that one, and here/,
  );
  assert.equal(study.store.count("evaluate"), before);
  assert.ok(!existsSync(files));
});
