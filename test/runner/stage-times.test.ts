import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rehearsal } from "#src/chapters/rehearsal.js";
import type { Unit } from "#src/results/unit.js";
import { quoted, slurmScript } from "#src/runner/slurm-script.js";
import { stageTimes } from "#src/runner/stage-times.js";

const stage = (seconds: number[]) => ({
  kinds: [],
  units: seconds.map((_, n): Unit => ({ kind: "train", settings: { n }, code: "v1" })),
  seconds,
});

const rehearsal = {
  profile: { name: "smoke" },
  encoder: { name: "data/signmix-mini", layers: 4, width: 192 },
  texts: "as long as they may be",
  stages: [stage([3600, 1800, 1800]), stage([60, 60])],
  bytes: { adapters: 2e9, rows: 1e7 },
  work: { read: 3e9, trained: 5e8, operations: 1.04321e18 },
} as unknown as Rehearsal;

test("a stage takes as long as its longest shard where there is a node for each, and never less than its longest unit", () => {
  const [first, second] = stageTimes(rehearsal, { nodes: 2, cpus: 1, shards: 2 });
  assert.deepEqual(first, { units: 3, work: 7200, longestShard: 3600, wall: 3600 });
  assert.deepEqual(second, { units: 2, work: 120, longestShard: 60, wall: 60 });
  assert.equal(stageTimes(rehearsal, { nodes: 1, cpus: 1, shards: 2 })[0].wall, 7200);
  assert.equal(stageTimes(rehearsal, { nodes: 1, cpus: 8, shards: 1 })[0].wall, 3600);
});

test("on Slurm each stage waits for the merge of the one before, and a shard may take twice what is expected", () => {
  const options = {
    nodes: 2,
    cpus: 4,
    shards: 3,
    study: ["--profile", "smoke", "--results", "/my disk"],
    merge: ["--profile", "smoke"],
  };
  const script = slurmScript(rehearsal, { ...options, sbatch: ["--partition=long"] });
  const lines = script.split("\n").filter((line) => /^(stage|merge)\d/.test(line));
  assert.deepEqual(
    lines.map((line) => line.match(/--dependency=afterok:\$(\w+)/)?.[1]),
    [undefined, "stage1", "merge1", "stage2"],
  );
  assert.match(
    lines[0],
    /--array=1-3%2 --cpus-per-task=4 --time=135 environment\/cluster\/slurm\/shard\.sbatch --profile smoke/,
  );
  assert.match(lines[0], /--results '\/my disk'\)$/);
  assert.ok(lines.every((line) => line.includes("--partition=long")));
  assert.match(script, /# signmix, profile smoke: 5 units in 2 stages/);
  assert.match(script, /3 core hours/);
  assert.equal(quoted("it's"), "'it'\\''s'");
});

test("its head says what the encoder computes in all, for machines of which no rate is known", () => {
  const script = slurmScript(rehearsal, { nodes: 1, cpus: 1, shards: 1, study: [], merge: [] });
  assert.match(script, /# The encoder reads 3,000 million tokens and trains on 500: 1,040 petaflop\./);
});
