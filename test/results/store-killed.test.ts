import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  canonicalFile,
  canonicalText,
  newRoot,
  numbersOf,
  openStore,
  readCanonical,
  runProgram,
  type Step,
} from "./store-programs.js";

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const salts = (units: readonly number[], salt = 0) => new Map(units.map((n) => [n, salt]));

/** A store with 20 exported rows and 5 that are not exported, as a killed run leaves it, and a folder to merge. */
async function prepared(): Promise<{ root: string; shard: string }> {
  const [root, other] = [newRoot(), newRoot()];
  const add = (units: number[]): Step => ({ do: "add", units });
  await runProgram({ root, steps: [add(range(0, 20)), { do: "settle" }, add(range(20, 25))] });
  await runProgram({ root: other, steps: [add(range(30, 34)), { do: "settle" }] });
  const shard = join(other, "a", "smoke");
  mkdirSync(join(shard, "adapters"));
  writeFileSync(join(shard, "adapters", "one.safetensors"), "weights");
  return { root, shard };
}

/** What is done, and the rows that must be there when it was done; those before it are 0 to 24. */
const operations: { name: string; steps: (shard: string) => Step[]; after: Map<number, number> }[] = [
  { name: "settle", steps: () => [{ do: "settle" }], after: salts(range(0, 25)) },
  {
    name: "a fresh plan",
    steps: () => [{ do: "plan", units: range(0, 5), fresh: true, salt: 1 }],
    after: new Map([...salts(range(0, 25)), ...salts(range(0, 5), 1)]),
  },
  {
    name: "forget and settle",
    steps: () => [{ do: "forget", units: [1, 2] }, { do: "settle" }],
    after: salts([0, ...range(3, 25)]),
  },
  { name: "replace", steps: () => [{ do: "replace", units: [3, 4] }], after: salts(range(0, 25)) },
  {
    name: "merge",
    steps: (from) => [{ do: "merge", from }],
    after: salts([...range(0, 25), ...range(30, 34)]),
  },
];

/** The rows of a store, by unit, and that its file is whole and holds them when it is settled. */
function rowsOf(root: string): Map<number, number> {
  const before = readCanonical(root);
  assert.ok(before === "" || before.endsWith("\n"), "the committed file is whole");
  const warnings: string[] = [];
  const store = openStore(root, (message) => warnings.push(message));
  const rows = new Map(store.all("square").map(({ unit, row }) => [unit.settings.n as number, row.salt as number]));
  store.settle("square");
  assert.equal(readCanonical(root), canonicalText(rows));
  assert.deepEqual(warnings, []);
  const left = existsSync(canonicalFile(root)) ? readdirSync(join(root, "a", "smoke")) : [];
  assert.ok(!left.some((name) => name.endsWith(".tmp")), "what a killed export left is gone with the next");
  store.close();
  return rows;
}

/** Every row is there as it was before or as it should be afterwards. */
function assertNothingLost(rows: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>, what: string): void {
  for (const n of range(0, 25)) {
    const salt = rows.get(n);
    if (salt === undefined) assert.ok(!after.has(n), `${what}: row ${n} is lost`);
    else assert.ok(salt === 0 || salt === after.get(n), `${what}: row ${n} has another value`);
  }
  for (const n of rows.keys()) assert.ok(n < 25 || after.has(n), `${what}: row ${n} came from nowhere`);
}

for (const { name, steps, after } of operations) {
  test(`killed or out of disk at any change of a file, ${name} loses no row and says what is true`, async () => {
    const { root, shard } = await prepared();
    const copy = () => {
      const target = newRoot();
      cpSync(root, target, { recursive: true });
      return target;
    };
    const whole = copy();
    const ended = await runProgram({ root: whole, steps: steps(shard), at: 0 });
    assert.equal(ended.code, 0);
    assert.deepEqual([...rowsOf(whole)].sort(), [...after].sort());
    const [calls] = numbersOf(ended.lines, "calls");
    assert.ok(calls >= 4, `${calls} changes of files`);

    const attempts = range(1, calls + 1).flatMap((at) => [{ at }, { at, error: "ENOSPC" }]);
    const run = async ({ at, error }: { at: number; error?: string }) => {
      const place = copy();
      const { code, signal, lines } = await runProgram({ root: place, steps: steps(shard), at, error });
      const what = `${name}, ${error ?? "killed"} at change ${at}`;
      if (!error) assert.equal(signal, "SIGKILL", what);
      else if (code !== 0) {
        const message = lines.filter((line) => line.startsWith("error ")).join();
        assert.match(message, /(square\.jsonl|results\.sqlite|one\.safetensors): the disk is full/, what);
        assert.match(message, /Make room and run the same again/, what);
      }
      const rows = rowsOf(place);
      assertNothingLost(rows, after, what);
      if (code === 0) assert.deepEqual([...rows].sort(), [...after].sort(), `${what}: exit status 0`);
    };
    for (let i = 0; i < attempts.length; i += 2) await Promise.all(attempts.slice(i, i + 2).map(run));
  });
}

const strace = spawnSync("strace", ["-f", "-qq", "-o", "/dev/null", process.execPath, "--version"]);
const noStrace = strace.status === 0 ? false : "needs strace, and the right to trace";

test("killed at system calls of the database itself, no row that was reported is lost", {
  skip: noStrace,
}, async () => {
  const steps: Step[] = [...range(0, 6).map((n): Step => ({ do: "add", units: [n] })), { do: "settle" }];
  for (const call of ["pwrite64", "fdatasync", "fsync", "ftruncate"]) {
    for (const when of [1, 3, 8, 17]) {
      const root = newRoot();
      const inject = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", `trace=${call}`];
      const kill = ["-e", `inject=${call}:signal=KILL:when=${when}`];
      const { lines } = await runProgram({ root, steps }, Infinity, [...inject, ...kill]);
      const done = numbersOf(lines, "done").filter((step) => step < 6);
      const rows = rowsOf(root);
      for (const n of done) assert.ok(rows.has(n), `row ${n} is lost: ${call} ${when}`);
      assert.ok(rows.size <= done.length + 1, `${call} ${when}`);
    }
  }
});

test("a fresh run that is killed goes on where it was, and keeps the old rows until they are replaced", async () => {
  const root = newRoot();
  const plan = (salt: number, fresh = true): Step[] => [{ do: "plan", units: range(0, 40), fresh, salt }];
  const first = await runProgram({ root, steps: plan(1, false) });
  assert.equal(numbersOf(first.lines, "computed").length, 40);
  const killed = await runProgram({ root, steps: plan(2) }, 15);
  assert.equal(killed.signal, "SIGKILL");
  const between = openStore(root);
  const old = between.all("square").filter(({ row }) => row.salt === 1).length;
  assert.equal(between.count("square"), 40, "a row that is not computed again yet is still there");
  between.close();
  const again = await runProgram({ root, steps: plan(3) });
  assert.equal(numbersOf(again.lines, "computed").length, old, "what the killed run computed is not computed again");
  const values = new Set(
    openStore(root)
      .all("square")
      .map(({ row }) => row.salt),
  );
  assert.deepEqual([...values].sort(), [2, 3]);
  const anew = await runProgram({ root, steps: plan(4) });
  assert.equal(numbersOf(anew.lines, "computed").length, 40, "a fresh run that ended begins anew");
  assert.equal(readCanonical(root), canonicalText(salts(range(0, 40), 4)));
});
