import assert from "node:assert/strict";
import { test } from "node:test";
import { type GridRow, gridCells, lengthGains } from "#src/chapters/train/grid.js";
import { measureRates, rankRates } from "#src/chapters/train/rate-trial.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import { startsOf } from "#src/chapters/train/starts.js";
import { trainOptions } from "#src/chapters/train/train-options.js";
import { domainCard } from "#src/domains/card.js";
import { packBits } from "#src/results/bits.js";
import { readPaper } from "#src/study/paper.js";
import { loadProfile } from "#src/study/profile.js";
import { stepsByEpochs } from "#src/study/regime.js";
import { tinyStudy } from "../../study/tiny-study.js";

test("compact's grid: every regime is a selection from it, and its lengths by epochs are the paper's", () => {
  const { settings } = loadProfile("compact");
  assert.deepEqual(settings.epochSteps, stepsByEpochs(readPaper().training.rows));
  for (const name of settings.domains) {
    const classes = domainCard(name).labels.length;
    const cells = gridCells(settings, { name, classes }).map(({ start, steps }) => `${start} ${steps}`);
    const lengths = [100, 200, 400, 800];
    const classStart = classes === 2 ? [] : [...new Set([400, settings.epochSteps[name]])].sort((a, b) => a - b);
    assert.deepEqual(cells, [
      ...lengths.map((steps) => `shared ${steps}`),
      ...lengths.map((steps) => `separate ${steps}`),
      ...classStart.map((steps) => `byClasses ${steps}`),
    ]);
  }
});

test("under byClasses a domain of the shared number of labels is the very adapter of the shared start", async () => {
  const set = { sharedClasses: 2, methods: ["lora" as const] };
  const study = await tinyStudy({ set, regime: { start: "byClasses", schedule: "equal" } });
  const rows = await trainSingles(study);
  const shared = await trainSingles({ ...study, settings: { ...study.settings, start: "shared" } });
  const same = rows.map(({ adapter }, i) => adapter === shared[i].adapter);
  assert.deepEqual(
    rows.map(({ domain }) => domain),
    ["sst2", "ag_news", "financial", "tweets"],
  );
  assert.deepEqual(same, [true, false, false, true]);
  assert.deepEqual(await startsOf(study, rows), ["lora, 1", "lora, 1/classes 4", "lora, 1/classes 3", "lora, 1"]);
  const options = trainOptions(study, await study.domain("sst2"), { method: "lora", seed: 1 });
  assert.equal(options.start, undefined);
});

test("what doubling the steps gains, with its error, over seeds", () => {
  const row = (steps: number, seed: number, right: number): GridRow => {
    const correct = Array.from({ length: 100 }, (_, i) => i < right);
    return {
      ...{ domain: "a", method: "lora", start: "shared", steps, seed, testRows: 100, accuracy: right / 100 },
      correct: packBits(correct),
    } as GridRow;
  };
  const baselines = [{ domain: "a", bagOfWords: 0.7 }] as unknown as Parameters<typeof lengthGains>[1];
  const gains = lengthGains(
    [row(10, 1, 60), row(20, 1, 80), row(10, 2, 62), row(20, 2, 82), row(80, 1, 90)],
    baselines,
  );
  assert.equal(gains.length, 1, "20 to 80 is no doubling");
  const [{ gain, error, surely, overBagOfWords }] = gains;
  // Of 100 texts 18 go up by one on both seeds and 4 by one on one of them.
  const mean = 0.2;
  const squares = 18 * (1 - mean) ** 2 + 4 * (0.5 - mean) ** 2 + 78 * mean ** 2;
  assert.ok(Math.abs(gain - 20) < 1e-9 && Math.abs(overBagOfWords - 11) < 1e-9);
  assert.ok(Math.abs(error - 100 * Math.sqrt(squares / 99 / 100)) < 1e-9);
  assert.equal(surely, true);
});

test("a rate is ranked by mean dev accuracy, of equals the lower first", async () => {
  const row = (rate: number, domain: string, dev: number) => ({ rate, domain, dev, devRows: 10, moved: 1 });
  const ranked = rankRates([row(2, "a", 0.5), row(2, "b", 0.7), row(1, "a", 0.6), row(1, "b", 0.6), row(3, "a", 0.1)]);
  assert.deepEqual(
    ranked.map(({ rate }) => rate),
    [1, 2, 3],
  );
  const study = await tinyStudy();
  await assert.rejects(measureRates(study), /"smoke" has no rateTrial/);
  const rateTrial = { rates: [0.001, 0.01], domains: ["sst2"], steps: 2, devRows: 11 };
  const trial = await tinyStudy({ set: { rateTrial, poolMethods: ["lora"] } });
  const rows = await measureRates(trial);
  assert.deepEqual(
    rows.map(({ rate, devRows }) => [rate, devRows]),
    [
      [0.001, 11],
      [0.01, 11],
    ],
  );
  assert.ok(rows[0].moved < rows[1].moved);
});
