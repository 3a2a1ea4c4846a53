import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  type AcrossTasksRow,
  acrossTasksEffects,
  acrossTasksFigure,
  acrossTasksTable,
  describeAcrossTasks,
  mixAcrossTasks,
} from "#src/chapters/beyond/across-tasks.js";
import { controlledSingles } from "#src/chapters/beyond/measure.js";
import { tinyStudy } from "../../study/tiny-study.js";

const study = await tinyStudy();
after(() => study.encoder.dispose());

/** Every pair of four classifications, a regression and a tagging; the kept share and the harm are planted. */
function rows(kept: number, more: number): AcrossTasksRow[] {
  const members = ["a", "b", "c", "d", "number", "tags"];
  const taskOf = (name: string) => (name.length === 1 ? "classification" : name);
  return members.flatMap((target, t) =>
    members
      .filter((partner) => partner !== target)
      .map((partner, p): AcrossTasksRow => {
        const across = taskOf(partner) !== taskOf(target);
        const mixed =
          0.3 + 0.5 * kept - (across && taskOf(target) === "classification" ? more / 100 : 0) + 0.001 * (t - p);
        return {
          ...{ target, task: taskOf(target), measure: "accuracy", members: [target, partner], size: 2, across },
          ...{ single: 0.8, mixed, floor: 0.3, drop: 100 * (0.8 - mixed) },
        };
      }),
  );
}

const effectOf = (found: ReturnType<typeof acrossTasksEffects>[number]) =>
  "undecided" in found ? Number.NaN : found.effect;

test("what a target keeps beside another kind, and what that costs more than its own kind, are found as planted", () => {
  const [kept, more] = acrossTasksEffects(rows(0.4, 0)).map(effectOf);
  assert.ok(Math.abs(kept - 40) < 1 && Math.abs(more) < 1, `${kept}, ${more}`);
  assert.ok(Math.abs(effectOf(acrossTasksEffects(rows(0.4, 6))[1]) - 6) < 1);
  // a target that gained nothing has nothing to keep
  const idle = rows(0.4, 0).map((row) => (row.target === "a" ? { ...row, floor: 0.79 } : row));
  assert.ok(Math.abs(effectOf(acrossTasksEffects(idle)[0]) - 40) < 1);
  assert.match(
    describeAcrossTasks(rows(0.4, 0)),
    /keep 4\d\.\d \[[\d.]+, [\d.]+\] per cent of what training gained \(that this is less than half: holds\)/,
  );
});

test("classifications, a regression and a tagging are mixed from one start, each tested by its own measure", async () => {
  const singles = await controlledSingles(study);
  const found = await mixAcrossTasks(study, singles.slice(0, 3));
  assert.equal(found.length, 2 * 10 + 5);
  for (const { target, measure, single, mixed, floor } of found) {
    assert.equal(measure, { similarity: "spearman", entities: "entityF1" }[target] ?? "accuracy");
    for (const value of [single, mixed, floor]) assert.ok(value >= -1 && value <= 1);
  }
  const across = found.filter((row) => row.size === 2 && row.across).length;
  assert.equal(across, 2 * 7, "each of three with each of two, and these two");
  const again = await mixAcrossTasks(study, singles.slice(0, 3));
  assert.deepEqual(JSON.stringify(again), JSON.stringify(found));
  assert.equal(study.store.count("task"), 2);
  const figure = acrossTasksFigure(found);
  assert.equal(figure.data.length, 5);
  assert.deepEqual(
    acrossTasksTable(found).map(({ target, task }) => `${target} ${task}`),
    [
      ...singles.slice(0, 3).map(({ domain }) => `${domain} classification`),
      "similarity regression",
      "entities tagging",
    ],
  );
  assert.match(describeAcrossTasks(found), /Mixed with one adapter of another kind of task/);
});
