import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { measureBaselines } from "#src/chapters/train/singles.js";
import { tinyStudy } from "./tiny-study.js";

test("a study's canonical files have the same bytes whatever the number of workers", async () => {
  const files = [];
  for (const workers of [1, 2, 3]) {
    const study = await tinyStudy({ workers });
    await measureBaselines(study);
    files.push(readFileSync(join(study.store.folder, "baseline.jsonl"), "utf8"));
  }
  assert.equal(files[0].split("\n").length, 5);
  assert.equal(files[1], files[0]);
  assert.equal(files[2], files[0]);
});
