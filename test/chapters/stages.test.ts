import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { stageWork } from "#src/chapters/stage-work.js";
import { runStage, type Stage, stageOf, stages } from "#src/chapters/stages.js";
import { loadProfile } from "#src/study/profile.js";
import "#src/chapters/units.js";
import { domainCard } from "#src/domains/card.js";
import type { RunOptions } from "#src/study/run.js";
import type { Study } from "#src/study/study.js";
import { tinyStudy } from "../study/tiny-study.js";

/** A grid of two lengths in which two labels share the start of all, and no two schedules give a domain equal steps. */
const grid = {
  ...{
    poolMethods: ["pfeiffer" as const],
    methods: ["pfeiffer" as const],
    seeds: [1, 2],
    designSeeds: 1,
    sharedClasses: 2,
  },
  ...{ partnerSteps: [2, 4], steps: 4, epochSteps: { sst2: 2, ag_news: 2, financial: 1, tweets: 1 } },
  ...{ mixtureSizes: [2, 3, 4], mixturesPerSize: 2, poolSize: 3, mixSparsities: [0.9], storeSigns: true },
  ...{ doseShares: [0], doseSizes: [1], strengths: [1], waySizes: [2], criterionSparsities: [0.5], fewTexts: 1 },
  ...{ trainRows: 16, devRows: 4, testRows: 8, pruneSparsities: [0.5] },
  // at the study's own rate, whose adapters stand twice among the rows: here with more dev rows
  rateTrial: { rates: [0.001, 0.005], domains: ["sst2", "financial"], steps: 2, devRows: 6 },
};

/** Rows by kind, those apart that are counted on adapters and read no text, and sentence vectors, which not every machine has. */
function counted({ store }: Study) {
  const kinds = store
    .storedKinds()
    .filter((kind) => !["signs", "flips", "tensor-signs", "pruned-signs", "pick", "sentence"].includes(kind));
  const trainings = store.count("train");
  return { trainings, tests: kinds.reduce((sum, kind) => sum + store.count(kind), 0) - trainings };
}

async function runAll(study: Study, chosen: readonly Stage[], options: RunOptions = {}): Promise<void> {
  for (const stage of chosen) for (const seed of study.settings.seeds) await runStage(stage, study, seed, options);
}

test("every stage computes the units that the plan counts, and a second time none", async () => {
  const study = await tinyStudy({ set: grid });
  const lazy = { ...study, lazy: true };
  const classesOf = (name: string) => domainCard(name).labels.length;
  const plan = stageWork({ settings: study.settings, classesOf, layers: study.encoder.config.layers });
  assert.deepEqual(
    plan.map(({ stage }) => stage),
    stages.map(({ name }) => name),
  );
  let before = counted(study);
  for (const { stage, trainings, tests } of plan) {
    await runAll(lazy, [stageOf(stage)]);
    const after = counted(study);
    const found = { trainings: after.trainings - before.trainings, tests: after.tests - before.tests };
    assert.deepEqual(found, { trainings, tests }, stage);
    before = after;
  }
  const trained = ["train", "union", "task"].flatMap((kind) => study.store.all(kind));
  const steps = trained.reduce((sum, { unit }) => sum + Number(unit.settings.steps), 0);
  assert.equal(
    plan.reduce((sum, each) => sum + each.steps, 0),
    steps,
  );
  // Two-label domains have no start of their number of labels: it is the shared one.
  const starts = new Set(study.store.all("train").map(({ unit }) => unit.settings.start));
  assert.deepEqual([...starts].filter((start) => String(start).includes("classes")).sort(), [
    "1/classes 3",
    "1/classes 4",
    "2/classes 3",
    "2/classes 4",
  ]);

  // With every adapter's file gone, rows alone say that nothing is left to compute.
  rmSync(join(study.store.folder, "adapters"), { recursive: true });
  const ran: unknown[] = [];
  await runAll(lazy, stages, { onProgress: ({ last }) => last && ran.push(last) });
  assert.deepEqual(ran, []);

  // A row that is missing has its adapters trained again, and no others.
  const [lost] = study.store.all("evaluate").filter(({ unit }) => {
    const { recipe } = unit.settings as { recipe?: { make: string; of: string[] } };
    return recipe?.make === "mixture" && recipe.of.length === 2;
  });
  study.store.replace("evaluate", [lost], []);
  await runAll(lazy, stages);
  assert.deepEqual(study.store.get(lost.unit)?.row, lost.row);
  const { recipe, headOf } = lost.unit.settings as { recipe: { of: string[] }; headOf: string };
  const { readdirSync } = await import("node:fs");
  const restored = readdirSync(join(study.store.folder, "adapters")).map((name) => name.slice(0, 32));
  assert.deepEqual(restored.sort(), [...new Set([...recipe.of, headOf])].sort());
});

test("a seed that is none of the first goes through no design of most tests, whatever seeds are asked for", () => {
  const { settings } = loadProfile("compact");
  const classesOf = (name: string) => domainCard(name).labels.length;
  const costs = (seeds: number[]) =>
    stageWork({ settings, classesOf, layers: 6 }, seeds).filter(({ trainings, tests }) => trainings + tests > 0);
  const [first, second, third] = settings.seeds;
  assert.equal(costs([first]).length, stages.length);
  const ofOthers = ["floors", "pairs", "signs", "sizes", "pruning"];
  for (const seeds of [[second], [third], [third, second]]) {
    assert.deepEqual(
      costs(seeds).map(({ stage }) => stage),
      ofOthers,
    );
  }
});

test("an unknown stage lists those there are", () => {
  assert.throws(() => stageOf("all"), /no stage "all"; the stages are rate, grid, floors, randomised/);
});
