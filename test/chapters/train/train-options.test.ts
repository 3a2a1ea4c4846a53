import assert from "node:assert/strict";
import { test } from "node:test";
import { adapterHash } from "#src/adapters/adapter.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import { startsOf } from "#src/chapters/train/starts.js";
import { stepsByDomain, trainOptions } from "#src/chapters/train/train-options.js";
import { inRegime } from "#src/study/in-regime.js";
import { trainAdapter } from "#src/training/train.js";
import { tinyStudy } from "../../study/tiny-study.js";

const epochSteps = { sst2: 4, ag_news: 3, financial: 2, tweets: 3 };
const study = inRegime(await tinyStudy({ set: { epochSteps } }), "paper");

test("trained by hand with the study's options an adapter has the bytes of the study's, in the paper's regime", async () => {
  const domain = await study.domain("financial");
  const way = { method: "pfeiffer", seed: 1 } as const;
  const options = trainOptions(study, domain, way);
  assert.deepEqual([options.steps, options.start], [2, "1/classes 3"]);
  const [row] = await trainSingles(study, { domains: ["financial"], methods: ["pfeiffer"], seeds: [1] });
  const { adapter } = await trainAdapter(study.encoder, domain, options);
  assert.equal(adapterHash(adapter).slice(0, 32), row.adapter);
});

test("steps follow the schedule, and starts the number of labels", async () => {
  const loaded = await Promise.all(study.settings.domains.map((name) => study.domain(name)));
  assert.deepEqual(stepsByDomain(study, loaded), epochSteps);
  const singles = study.settings.domains.map((domain) => ({ domain, method: "lora", seed: 1 }));
  const [sst2, news, financial, tweets] = await startsOf(study, singles);
  assert.equal(sst2, tweets);
  assert.equal(new Set([sst2, news, financial]).size, 3);
  const controlled = await startsOf(inRegime(study, "controlled"), singles);
  assert.equal(new Set(controlled).size, 1);
});
