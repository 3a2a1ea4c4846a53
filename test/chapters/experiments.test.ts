import assert from "node:assert/strict";
import { test } from "node:test";
import { notebookExperiments } from "#src/chapters/experiments.js";
import { rehearse } from "#src/chapters/rehearsal.js";
import "#src/chapters/units.js";
import { readdirSync, readFileSync } from "node:fs";
import { projectPath } from "#src/files/project.js";

const all = notebookExperiments.flatMap(({ experiments }) => experiments);

test("every notebook has its experiments, under its name", () => {
  const notebooks = readdirSync(projectPath("notebooks")).filter((name) => /^\d.*\.ipynb$/.test(name));
  assert.deepEqual(
    notebookExperiments.map(({ notebook }) => `${notebook}.ipynb`),
    notebooks.sort(),
  );
});

test("a rehearsal of the classroom, without a result, has as many units of each kind as the notebooks have stored", async () => {
  const { stages, bytes } = await rehearse(all, { profile: "classroom" });
  const planned: Record<string, number> = {};
  for (const { kinds } of stages) for (const { kind, units } of kinds) planned[kind] = (planned[kind] ?? 0) + units;
  const folder = projectPath("data", "results", "classroom");
  const stored = Object.fromEntries(
    Object.keys(planned).map((kind) => [
      kind,
      readFileSync(`${folder}/${kind}.jsonl`, "utf8").trimEnd().split("\n").length,
    ]),
  );
  assert.deepEqual(planned, stored);
  assert.equal(stages.length, 3);
  const stageOf = (kind: string) => stages.findIndex(({ kinds }) => kinds.some((one) => one.kind === kind));
  assert.deepEqual(["train", "evaluate", "attacked"].map(stageOf), [0, 1, 2]);
  assert.ok(bytes.adapters > 0 && bytes.rows > 0);
});

test("an encoder of unknown size is refused with the remedy, and taken at a given size", async () => {
  const given = { profile: "smoke", set: { encoder: "someone/else" } };
  const [first] = notebookExperiments;
  await assert.rejects(rehearse(first.experiments, given), /"someone\/else" is not known; give --size LAYERSxWIDTH/);
  const { encoder, stages } = await rehearse(first.experiments, { ...given, size: { layers: 3, width: 96 } });
  assert.deepEqual(encoder, { name: "someone/else", layers: 3, width: 96 });
  assert.equal(stages.length, 2);
});
