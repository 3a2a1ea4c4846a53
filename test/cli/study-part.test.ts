import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runAll } from "#src/cli/study-part.js";

test("a study that has its rows but lost adapters' files trains those again, and ends", async () => {
  const folder = mkdtempSync(join(tmpdir(), "signmix-part-"));
  const set = { steps: 2, schedule: "equal" as const };
  const part = { profile: "smoke", only: ["00"], set, workers: 1, results: folder };
  const first = await runAll(part);
  const adapters = join(folder, "smoke", "adapters");
  const files = () => readdirSync(adapters).sort();
  const before = files();
  assert.ok(before.length >= 2, `${before}`);
  rmSync(join(adapters, before[0]));
  const stages: number[] = [];
  const again = await runAll(part, ({ units }) => stages.push(units.length));
  assert.deepEqual(stages, [1]);
  assert.equal(again.units, 1);
  assert.ok(first.units > before.length);
  assert.deepEqual(files(), before);
  assert.equal((await runAll(part)).units, 0);
  rmSync(folder, { recursive: true });
});
