import assert from "node:assert/strict";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { createRandom } from "#src/engine/random.js";
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
const all = (units: readonly number[], salt = 0) => new Map(units.map((n) => [n, salt]));

test("four processes that run and export beside each other lose none of 2000 rows", async () => {
  const root = newRoot();
  const writers = range(0, 4).map((w) => {
    const steps = range(0, 5).map(
      (i): Step => ({ do: "plan", units: range(500 * w + 100 * i, 500 * w + 100 * i + 100) }),
    );
    return runProgram({ root, steps });
  });
  for (const { code, lines } of await Promise.all(writers)) {
    assert.equal(code, 0, lines.at(-1));
    assert.equal(numbersOf(lines, "computed").length, 500);
  }
  assert.equal(readCanonical(root), canonicalText(all(range(0, 2000))));
  assert.equal(openStore(root).times("square").length, 2000);
});

test("processes that want the same rows agree on them", async () => {
  const root = newRoot();
  const same = range(0, 3).map(() => runProgram({ root, steps: [{ do: "plan", units: range(0, 60) }] }));
  for (const { code, lines } of await Promise.all(same)) assert.equal(code, 0, lines.at(-1));
  assert.equal(readCanonical(root), canonicalText(all(range(0, 60))));
});

/** What may have become of a unit: the salts of its row, or undefined where it may have none. */
type Possible = Set<number | undefined>;

for (const seed of range(0, 3)) {
  test(`schedule ${seed} of writers, kills, restarts and checkouts ends as the model says`, async () => {
    const random = createRandom(`store schedule ${seed}`);
    const root = newRoot();
    let rows = new Map<number, number>(); // the model
    const commits = [""];
    let salt = 0;
    for (let wave = 0; wave < 3; wave++) {
      const possible = new Map<number, Possible>();
      const writers = range(0, 3).map(async (w) => {
        const steps = range(0, 2 + random.integer(4)).map((): Step => {
          const from = 100 * w + random.integer(12);
          const units = range(from, from + 1 + random.integer(8));
          const kind = random.choice(["add", "add", "plan", "fresh", "forget", "settle"] as const);
          salt++;
          if (kind === "add") return { do: "add", units, salt };
          if (kind === "plan" || kind === "fresh") return { do: "plan", units, fresh: kind === "fresh", salt };
          return kind === "settle" ? { do: "settle" } : { do: "forget", units };
        });
        const killAfter = random.uniform() < 0.6 ? 1 + random.integer(15) : Infinity;
        const { signal, lines } = await runProgram({ root, steps }, killAfter);
        if (signal === null) assert.equal(lines.at(-1), `done ${steps.length - 1}`, lines.join("\n"));
        expectSteps(steps, lines, rows, possible);
      });
      await Promise.all(writers);
      const store = openStore(root, (message) => assert.fail(message));
      const found = new Map(
        store.all("square").map(({ unit, row }) => [unit.settings.n as number, row.salt as number]),
      );
      for (const n of new Set([...found.keys(), ...rows.keys(), ...possible.keys()])) {
        const may = possible.get(n) ?? new Set([rows.get(n)]);
        assert.ok(may.has(found.get(n)), `wave ${wave}: unit ${n} is ${found.get(n)}, and may be ${[...may]}`);
      }
      store.settle("square");
      store.close();
      rows = found;
      assert.equal(readCanonical(root), canonicalText(rows), `wave ${wave}: the committed file`);
      commits.push(readCanonical(root));
      if (random.uniform() < 0.4) rows = checkOut(root, random.choice(commits));
    }
  });
}

/** What may have become of each unit after the steps of a writer that wrote these lines. */
function expectSteps(
  steps: readonly Step[],
  lines: readonly string[],
  before: ReadonlyMap<number, number>,
  possible: Map<number, Possible>,
): void {
  const done = numbersOf(lines, "done").length;
  let line = 0;
  const set = (n: number, values: Iterable<number | undefined>) => possible.set(n, new Set(values));
  const get = (n: number): Possible => possible.get(n) ?? new Set([before.get(n)]);
  for (const [i, step] of steps.entries()) {
    if (i > done) return; // it was never begun
    const own = lines.slice(line, i < done ? lines.indexOf(`done ${i}`) : lines.length);
    line += own.length + 1;
    const computed = new Set(numbersOf(own, "computed"));
    if (!("units" in step) || step.do === "replace") continue;
    for (const n of step.units) {
      if (step.do === "plan" && computed.has(n)) set(n, [step.salt]);
      else if (step.do === "plan" && i === done) set(n, [...get(n), step.salt]);
      else if (step.do === "add") set(n, i < done ? [step.salt] : [...get(n), step.salt]);
      else if (step.do === "forget") set(n, i < done ? [undefined] : [...get(n), undefined]);
    }
  }
}

/** Puts an earlier state of the committed file in place, as git does, and tells its rows. */
function checkOut(root: string, text: string): Map<number, number> {
  const path = canonicalFile(root);
  if (text === "") rmSync(path, { force: true });
  else {
    writeFileSync(`${path}.checkout`, text);
    renameSync(`${path}.checkout`, path);
  }
  const lines = text.split("\n").slice(0, -1);
  return new Map(
    lines.map((each) => {
      const { unit, row } = JSON.parse(each) as { unit: { settings: { n: number } }; row: { salt: number } };
      return [unit.settings.n, row.salt];
    }),
  );
}
