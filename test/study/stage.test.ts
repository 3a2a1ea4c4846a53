import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { notebookExperiments } from "#src/chapters/experiments.js";
import "#src/chapters/units.js";
import { kindsIn, mergeResults } from "#src/results/merge.js";
import { runPlan } from "#src/results/plan.js";
import { dealOut, shardName } from "#src/results/shard.js";
import { pendingUnits } from "#src/study/pending.js";
import { runnerOf } from "#src/study/run.js";
import { runShard, shardPlace } from "#src/study/stage.js";
import type { Study } from "#src/study/study.js";
import { tinyStudy } from "./tiny-study.js";

const tour = notebookExperiments[0].experiments;
const shards = 3;
/** Costs that no two units share: a shard's part is not what its place in the list would give. */
const costs = (count: number) => Array.from({ length: count }, (_, i) => (i * 7) % 11);

async function whole(study: Study): Promise<number> {
  let stages = 0;
  for (let units = await pendingUnits(study, tour); units.length > 0; units = await pendingUnits(study, tour)) {
    await runPlan(units, study.store, runnerOf(study));
    stages++;
  }
  return stages;
}

/** Every stage in shards, each planned by itself, and merged before the next begins. */
async function inShards(study: Study): Promise<number> {
  for (let stage = 1; ; stage++) {
    const before = readAll(study);
    for (let index = 1; index <= shards; index++) {
      const units = await pendingUnits(study, tour); // every shard plans for itself
      if (units.length === 0) return stage - 1;
      const own = dealOut(units, costs(units.length), shards)[index - 1].map((i) => units[i]);
      await runShard(study, own, { index, of: shards });
      await runShard(study, own, { index, of: shards }); // queued again: nothing is computed twice, nothing is lost
    }
    assert.deepEqual(readAll(study), before, "a shard leaves the rows that it reads as they are");
    const places = Array.from({ length: shards }, (_, i) =>
      shardPlace(study.store, shardName({ index: i + 1, of: shards })),
    );
    mergeResults(
      study.store,
      places.filter(({ folder }) => existsSync(folder)),
    );
  }
}

function readAll({ store: { folder } }: Study): Record<string, string> {
  if (!existsSync(folder)) return {};
  const kinds = kindsIn(folder).sort();
  return Object.fromEntries(kinds.map((kind) => [kind, readFileSync(join(folder, `${kind}.jsonl`), "utf8")]));
}

test("stages in shards, merged, have the rows and adapters of one run to the byte", async () => {
  const open = () => tinyStudy({ set: { seeds: [2, 1] } }, mkdtempSync(join(tmpdir(), "signmix-stage-")));
  const [one, many] = [await open(), await open()];
  assert.equal(await whole(one), 2);
  assert.equal(await inShards(many), 2);
  assert.deepEqual(Object.keys(readAll(many)), ["baseline", "evaluate", "train"]);
  assert.deepEqual(readAll(many), readAll(one));
  const files = ({ store: { folder } }: Study) => readdirSync(join(folder, "adapters")).sort();
  assert.deepEqual(files(many), files(one));
  for (const name of files(one))
    assert.deepEqual(
      readFileSync(join(many.store.folder, "adapters", name)),
      readFileSync(join(one.store.folder, "adapters", name)),
    );
});
