import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ResultStore } from "#src/results/store.js";
import { type Unit, unitKey } from "#src/results/unit.js";
import { type Experiment, pendingUnits } from "#src/study/pending.js";
import { runStudy } from "#src/study/run.js";
import type { Study } from "#src/study/study.js";

const unitOf = (kind: string, n: number): Unit => ({ kind, settings: { n }, code: "v1" });
const numbers = [1, 2, 3];

function openStudy(): Study {
  const root = mkdtempSync(join(tmpdir(), "signmix-pending-"));
  const store = new ResultStore("tiny", { folder: join(root, "a"), cache: join(root, "b"), warn: () => {} });
  return { store, fresh: true } as Study;
}

const train = (study: Study) =>
  runStudy(
    study,
    numbers.map((n) => unitOf("train", n)),
  );
/** Tests what training gave: units that are not known before. */
const testTrained: Experiment = async (study) => {
  const trained = await train(study);
  return runStudy(
    study,
    trained.map(({ row }) => unitOf("test", row.adapter as number)),
  );
};
const alone: Experiment = (study) => runStudy(study, [unitOf("alone", 0)]);

const names = (units: Unit[]) => units.map(({ kind, settings }) => `${kind} ${settings.n}`);

test("what can be computed now comes out at once, what follows from it once that is stored", async () => {
  const study = openStudy();
  const experiments = [testTrained, train, alone];
  assert.deepEqual(names(await pendingUnits(study, experiments)), ["train 1", "train 2", "train 3", "alone 0"]);
  for (const n of [1, 2]) study.store.add(unitOf("train", n), { adapter: 10 * n });
  assert.deepEqual(names(await pendingUnits(study, experiments)), ["train 3", "alone 0"]);
  study.store.add(unitOf("train", 3), { adapter: 30 });
  assert.deepEqual(names(await pendingUnits(study, experiments)), ["test 10", "test 20", "test 30", "alone 0"]);
  for (const n of [10, 20, 30]) study.store.add(unitOf("test", n), {});
  study.store.add(unitOf("alone", 0), {});
  assert.deepEqual(await pendingUnits(study, experiments), []);
});

test("a plan goes on with rows that are assumed, as a rehearsal does", async () => {
  const rows = new Map(numbers.map((n) => [unitKey(unitOf("train", n)), { adapter: 10 * n }]));
  const assume = (key: string) => rows.get(key);
  const units = await pendingUnits(openStudy(), [testTrained], { assume });
  assert.deepEqual(names(units), ["test 10", "test 20", "test 30"]);
});

test("planning changes no row: what is lost is planned, and stays stored", async () => {
  const study = openStudy();
  study.store.add(unitOf("train", 1), { adapter: 10 });
  const retrain: Experiment = (given) => runStudy(given, [unitOf("train", 1)], { isLost: () => true });
  assert.deepEqual(names(await pendingUnits(study, [retrain])), ["train 1"]);
  assert.deepEqual(study.store.get(unitOf("train", 1))?.row, { adapter: 10 });
});

test("an experiment that fails for another reason says so", async () => {
  const broken: Experiment = () => Promise.reject(new Error("no such folder"));
  await assert.rejects(pendingUnits(openStudy(), [broken]), /no such folder/);
});
