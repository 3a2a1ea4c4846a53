import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import "#src/chapters/units.js";
import { sweep } from "#src/chapters/mix/mixtures.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import { adoptResults } from "#src/results/adopt.js";
import type { StoredResult } from "#src/results/store.js";
import { unitKey } from "#src/results/unit.js";
import { kindOf } from "#src/study/kinds.js";
import { resultsContext } from "#src/study/results-context.js";
import { tinyStudy } from "../study/tiny-study.js";

const study = await tinyStudy();
const { store } = study;
const domains = study.settings.domains.slice(0, 2);
const singles = await trainSingles(study, { domains, methods: ["houlsby"] });
await sweep(study, singles, [[0], [0, 1]]);
const kinds = ["evaluate", "train"];
const today = new Map(kinds.map((kind) => [kind, { results: store.all(kind), bytes: bytesOf(kind) }]));

function bytesOf(kind: string): string {
  return readFileSync(join(store.folder, `${kind}.jsonl`), "utf8");
}

/** Puts rows in the store as an older state of the code would have left them. */
function age(kind: string, change: (result: StoredResult, i: number) => StoredResult = (result) => result): string {
  const old = (today.get(kind)?.results ?? []).map((result, i) => {
    const changed = change(result, i);
    const unit = { ...changed.unit, code: "0".repeat(32) };
    return { key: unitKey(unit), unit, row: changed.row };
  });
  store.replace(kind, store.all(kind), old);
  return bytesOf(kind);
}

test("rows of an older code are re-keyed to the bytes of today's where a sample recomputes to equal rows and files", async () => {
  for (const kind of kinds) age(kind);
  const { groups, differences, changed } = await adoptResults(resultsContext(study), { sample: 2 });
  assert.deepEqual(differences, []);
  assert.deepEqual(
    groups.map(({ kind, rows, otherInputs, sampled }) => [kind, rows, otherInputs, sampled]),
    kinds.map((kind) => [kind, today.get(kind)?.results.length, 0, 2]),
  );
  assert.ok(changed);
  for (const kind of kinds) assert.equal(bytesOf(kind), today.get(kind)?.bytes);
  assert.deepEqual((await adoptResults(resultsContext(study), { sample: 2 })).groups, []);
});

test("a dry run changes nothing", async () => {
  const old = age("evaluate");
  const { groups, changed } = await adoptResults(resultsContext(study), { sample: 1, dryRun: true });
  assert.deepEqual([groups.length, groups[0].sampled, changed], [1, 1, false]);
  assert.equal(bytesOf("evaluate"), old);
});

test("one unit that recomputes to something else keeps everything as it is, and is named with what differs", async () => {
  const evaluated = age("evaluate");
  const trained = age("train", (result, i) => (i === 1 ? { ...result, row: { ...result.row, moved: 0.5 } } : result));
  const { differences, changed } = await adoptResults(resultsContext(study), { sample: 9 });
  assert.equal(changed, false);
  assert.equal(differences.length, 1);
  assert.equal(differences[0].unit.kind, "train");
  assert.match(differences[0].how.join(), /^moved was 0\.5 and is \d+\.\d+/);
  assert.equal(bytesOf("evaluate"), evaluated);
  assert.equal(bytesOf("train"), trained);
});

test("an old row that contradicts today's row of the same unit is told without computing", async () => {
  const old = age("evaluate", (result, i) => (i === 0 ? { ...result, row: { ...result.row, accuracy: 2 } } : result));
  const known = today.get("evaluate")?.results ?? [];
  store.replace("evaluate", [], known);
  const both = bytesOf("evaluate");
  assert.notEqual(both, old);
  const { differences, changed } = await adoptResults(resultsContext(study), { sample: 1, kinds: ["evaluate"] });
  assert.ok(differences.some(({ how }) => /^accuracy was 2 and is/.test(how.join())));
  assert.equal(changed, false);
  assert.equal(bytesOf("evaluate"), both);
});

test("rows of other texts or another encoder are left as they are", async () => {
  store.replace("evaluate", store.all("evaluate"), today.get("evaluate")?.results ?? []);
  const other = { ...(today.get("train")?.results[0].unit.settings as object), encoder: "f".repeat(32) };
  age("train", (result, i) => (i === 0 ? { ...result, unit: { ...result.unit, settings: other } } : result));
  const { groups, changed } = await adoptResults(resultsContext(study), { sample: 1 });
  assert.deepEqual([groups.length, groups[0].rows, groups[0].otherInputs, changed], [1, 1, 1, true]);
  assert.equal(store.all("train").filter(({ unit }) => unit.code === "0".repeat(32)).length, 1);
});

test("every file of a kind of unit is named after it, and has its line in the list", () => {
  const source = join(fileURLToPath(import.meta.url), "..", "..", "..", "src", "chapters");
  const found = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("-unit.ts"));
  assert.ok(found.length >= 11);
  const list = readFileSync(join(source, "units.ts"), "utf8");
  for (const name of found.map((file) => file.replaceAll("\\", "/"))) {
    const kind = readFileSync(join(source, name), "utf8").match(/^ +kind: "([a-z-]+)"/m)?.[1] ?? "";
    assert.equal(name.split("/")[1], `${kind}-unit.ts`);
    assert.ok(list.includes(`import "./${name.replace(/\.ts$/, ".js")}";`), `${name} has no line in units.ts`);
    assert.match(kindOf(kind).module, new RegExp(`${kind}-unit\\.js$`));
  }
});
