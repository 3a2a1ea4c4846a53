import assert from "node:assert/strict";
import "#src/chapters/units.js";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { checkResults } from "#src/results/check.js";
import { mergeResults } from "#src/results/merge.js";
import { inProcess, runPlan } from "#src/results/plan.js";
import { ResultStore } from "#src/results/store.js";
import type { Unit } from "#src/results/unit.js";
import { codeOf } from "#src/study/kinds.js";

const units = Array.from(
  { length: 12 },
  (_, n): Unit => ({ kind: n % 3 ? "square" : "cube", settings: { n }, code: "v1" }),
);
const run = inProcess((unit) => {
  const n = unit.settings.n as number;
  return { row: { value: unit.kind === "cube" ? n ** 3 : n ** 2, ran: "onnx avx2" } };
});

function openStore(): ResultStore {
  const root = mkdtempSync(join(tmpdir(), "signmix-merge-"));
  return new ResultStore("smoke", { folder: join(root, "a"), cache: join(root, "b"), warn: () => {} });
}

/** A store that holds the units of one shard, and an adapter file. */
async function shard(part: number, of: number, adapter = "weights"): Promise<ResultStore> {
  const store = openStore();
  await runPlan(
    units.filter((_, i) => i % of === part),
    store,
    run,
  );
  mkdirSync(join(store.folder, "adapters"));
  writeFileSync(join(store.folder, "adapters", `${part}.safetensors`), adapter);
  writeFileSync(join(store.folder, "adapters", "shared.safetensors"), "shared");
  return store;
}

const bytes = (store: ResultStore, kind: string) => readFileSync(join(store.folder, `${kind}.jsonl`), "utf8");

test("shards of a plan, merged in any order, give the bytes of one run of the whole", async () => {
  const whole = openStore();
  await runPlan(units, whole, run);
  const shards = await Promise.all([0, 1, 2].map((part) => shard(part, 3)));
  const merged = openStore();
  const told = mergeResults(
    merged,
    [shards[2], shards[0], shards[1]].map(({ folder }) => ({ folder })),
  );
  assert.deepEqual(told, { rows: { cube: 4, square: 8 }, adapters: 4, ran: ["onnx avx2"] });
  for (const kind of ["cube", "square"]) assert.equal(bytes(merged, kind), bytes(whole, kind));
  assert.equal(readFileSync(join(merged.folder, "adapters", "1.safetensors"), "utf8"), "weights");
  const again = mergeResults(merged, [shards[1]]);
  assert.deepEqual([again.rows, again.adapters], [{ cube: 0, square: 0 }, 0]);
});

test("what was merged is found by the next run, and nothing is computed again", async () => {
  const merged = openStore();
  mergeResults(merged, [await shard(0, 2), await shard(1, 2)]);
  const reopened = new ResultStore("smoke", { folder: join(merged.folder, ".."), cache: join(merged.cache, "..") });
  await runPlan(units, reopened, () => Promise.reject(new Error("nothing was to be computed")));
});

test("contradictory rows and adapters, and damaged files, are refused by name, and nothing is changed", async () => {
  const [one, two] = [await shard(0, 1), await shard(0, 1, "other weights")];
  const [first, second] = two.all("square");
  two.replace("square", [], [{ ...first, row: { ...first.row, value: -1 } }]);
  const before = bytes(one, "square");
  assert.throws(
    () => mergeResults(one, [two]),
    (error: Error) => {
      assert.match(error.message, /^Nothing was merged:/);
      assert.match(error.message, new RegExp(`square \\(${first.key.slice(0, 8)}\\) has one row in .* and another in`));
      assert.doesNotMatch(error.message, new RegExp(second.key.slice(0, 8)));
      assert.match(error.message, /0\.safetensors and .*0\.safetensors differ/);
      return true;
    },
  );
  assert.equal(bytes(one, "square"), before);
  writeFileSync(join(two.folder, "cube.jsonl"), bytes(two, "cube").replace('"value":0', '"value":1'));
  assert.throws(() => mergeResults(one, [two]), /cube\.jsonl has 1 damaged line\n/);
});

test("the same row, computed on another kind of processor, is no contradiction, and one's own stays", async () => {
  const [one, two] = [await shard(0, 1), await shard(0, 1)];
  const before = bytes(one, "square");
  const all = two.all("square");
  two.replace(
    "square",
    all,
    all.map((each) => ({ ...each, row: { ...each.row, ran: "onnx avx512" } })),
  );
  assert.notEqual(bytes(two, "square"), before);
  assert.deepEqual(mergeResults(one, [two]).rows, { cube: 0, square: 0 });
  assert.equal(bytes(one, "square"), before);
});

test("a check counts rows, damaged lines and adapters that are not what their name says, and changes nothing", async () => {
  const store = await shard(0, 1);
  const damaged = bytes(store, "cube").replace('"value":27', '"value":28');
  writeFileSync(join(store.folder, "cube.jsonl"), damaged);
  const { kinds, adapters, ran } = checkResults(store, codeOf);
  assert.deepEqual(kinds, [
    { kind: "cube", rows: 3, stale: 3, damaged: 1 },
    { kind: "square", rows: 8, stale: 8, damaged: 0 },
  ]);
  assert.equal(adapters.files, 2);
  assert.equal(adapters.damaged.length, 2);
  assert.deepEqual(ran, ["onnx avx2"]);
  assert.equal(bytes(store, "cube"), damaged);
});
