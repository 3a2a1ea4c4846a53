import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fsdByLayerFigure } from "#src/chapters/conflict/figures.js";
import { measurePairs } from "#src/chapters/conflict/pairs.js";
import { measureRandomised } from "#src/chapters/conflict/randomised.js";
import { fsdChoices } from "#src/chapters/greedy/choices.js";
import { greedyFsdFigure } from "#src/chapters/greedy/figures.js";
import { pickFor } from "#src/chapters/greedy/pick.js";
import { weightPickers } from "#src/chapters/greedy/pickers.js";
import { greedyOrderTable } from "#src/chapters/greedy/tables.js";
import { measureFloors } from "#src/chapters/mix/mixtures.js";
import { measurePools, poolSingles } from "#src/chapters/mix/pool.js";
import { mixLayerSparse } from "#src/chapters/sparse/layer-sparse.js";
import { prunedSigns } from "#src/chapters/sparse/pruned-signs.js";
import { runStage, stageOf } from "#src/chapters/stages.js";
import { measureBaselines, trainSingles } from "#src/chapters/train/singles.js";
import type { Domain } from "#src/domains/domain.js";
import { resultsBehind } from "#src/results/origin.js";
import { trainedAdapter } from "#src/study/adapter-at-hand.js";
import { inRegime } from "#src/study/in-regime.js";
import { besideStored, storedInputs } from "#src/study/stored-study.js";
import type { Study } from "#src/study/study.js";
import { tinyStudy } from "./tiny-study.js";

const set = {
  ...{ poolMethods: ["pfeiffer" as const], methods: ["pfeiffer" as const], partnerSteps: [2, 3], storeSigns: true },
  rateTrial: { rates: [0.01], domains: ["sst2"], steps: 2, devRows: 12 },
};

/** The same study with nothing but its rows. */
function fromRows(study: Study, layers?: number): Study {
  const { store, settings } = study;
  rmSync(join(store.folder, "adapters"), { recursive: true, force: true });
  const inputs = storedInputs(store, settings, layers);
  assert.ok(inputs);
  return {
    ...study,
    ...{ stored: true, lazy: true, encoder: inputs.encoder },
    domain: async (name) => inputs.domain(name),
  };
}

test("from rows alone pairs and randomised pairs are what they were, with signs and all", async () => {
  const study = await tinyStudy({ set });
  const regimes = (["paper", "controlled"] as const).map((regime) => inRegime(study, regime));
  const measure = async (own: Study) => ({
    pairs: await measurePairs(own, await trainSingles(own)),
    randomised: await measureRandomised(own),
  });
  const computed = [];
  for (const own of regimes) computed.push(await measure(own));
  const { measureRates } = await import("#src/chapters/train/rate-trial.js");
  await measureRates(study); // its texts have another hash, and are not the study's
  const rows = fromRows(study);
  const [paper, controlled] = (["paper", "controlled"] as const).map((regime) => inRegime(rows, regime));
  const again = [await measure(paper), await measure(controlled)];
  assert.deepEqual(again, computed);
  const kinds = resultsBehind(again[0].pairs[0]).map(({ unit }) => unit.kind);
  assert.deepEqual(kinds.sort(), ["evaluate", "signs", "train", "train"], "a figure of them says so");

  // What signs are as rows, they are on adapters.
  const plain = await tinyStudy({ set: { ...set, storeSigns: false } });
  const counted = inRegime(plain, "controlled");
  assert.deepEqual(await measurePairs(counted, await trainSingles(counted)), computed[1].pairs);
  assert.equal(plain.store.count("signs"), 0);
});

test("from rows alone what is counted on signs, and what is chosen by them, is as with adapters", async () => {
  const study = inRegime(await tinyStudy({ set: { ...set, poolSize: 3 } }), "paper");
  const seed = study.settings.seeds[0];
  const measure = async (own: Study) => {
    const singles = await trainSingles(own, { seeds: [seed] });
    const pools = await measurePools(own, singles);
    const picks = Object.values(weightPickers).map((picker) =>
      [undefined, 0, 1].map((target) => pickFor(own, pools[0], picker, target, new Map())),
    );
    return {
      ...{ picks, choices: fsdChoices(own, pools), order: greedyOrderTable(own, singles) },
      ...{ grown: greedyFsdFigure(own, singles), byLayer: fsdByLayerFigure(own, singles) },
      ...{ pruned: prunedSigns(own, poolSingles(own, singles)), sparse: await mixLayerSparse(own, pools) },
    };
  };
  const withAdapters = await measure(study);
  await runStage(stageOf("signs"), study, seed);
  const { layers } = study.encoder.config;
  const rows = fromRows(study, layers);
  assert.deepEqual(await measure(rows), withAdapters);
  const kinds = ["tensor-signs", "pruned-signs", "pick"].map((kind) => study.store.count(kind));
  assert.deepEqual(kinds, [2, 2, 2 * Object.keys(weightPickers).length], "of both regimes");
  const own = await trainSingles(rows, { seeds: [seed] });
  assert.throws(() => prunedSigns(rows, poolSingles(rows, own), [0.33]), /^Error: Not at hand: the trained adapter/);
});

test("what rows do not give is named with the remedy, and nothing is computed", async () => {
  const study = await tinyStudy({ set: { ...set, domains: ["sst2", "tweets"] } });
  assert.equal(storedInputs(study.store, study.settings), undefined, "no rows, no study");
  await trainSingles(study);
  const own = await study.domain("sst2");
  const noted = (domain: Domain) => besideStored(domain, study.store, study.settings).notes;
  assert.deepEqual(noted(own), ["These are the very texts of the stored rows."]);
  assert.match(noted({ ...own, hash: "other" })?.[0] ?? "", /^These are not the texts of the stored rows/);
  assert.equal(noted({ ...own, name: "rct" }), undefined);
  const rows = fromRows(study);
  assert.equal((await trainSingles(rows)).length, 2);
  await assert.rejects(
    measureFloors(rows, await trainSingles(rows)),
    /^Error: Not at hand: 4 of 4 rows of evaluate; give --data FOLDER and --encoder FOLDER to compute it/,
  );
  await assert.rejects(measureBaselines(rows), /^Error: Not at hand: 2 of 2 rows of baseline;/);
  const domain = await rows.domain("sst2");
  assert.deepEqual([domain.name, domain.labels], ["sst2", ["negative", "positive"]]);
  assert.throws(() => domain.test, /Not at hand: the texts of sst2, only its stored rows/);
  assert.throws(() => domain.train[0], /Not at hand: the texts of sst2/);
  assert.throws(() => rows.encoder.config, /Not at hand: the encoder signmix-mini, only its stored rows/);
  await assert.rejects(rows.domain("rct"), /Not at hand: rows of the domain rct/);
  const [{ adapter }] = await trainSingles(rows);
  assert.throws(
    () => trainedAdapter(rows, adapter),
    /^Error: Not at hand: the trained adapter [0-9a-f]{32}, only its row; give/,
  );
});
