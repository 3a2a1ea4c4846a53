// npm run measure: what an encoder is worth to adapters, beside the same encoder with random weights and beside others.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "./build.mjs";
import { Problem, runMain } from "./problem.mjs";
import { setUp } from "./setup.mjs";

const HELP = `npm run measure -- [options]

Trains a frozen probe and a Houlsby adapter for every domain and seed of a profile, on the profile's encoder and on others,
and writes the scores to data/signmix-mini/measured.json and as tables into its model card. What was measured before is reused.

  --profile NAME     classroom (default), compact, …
  --data FOLDER      folder of real data sets
  --encoder NAME     beside the profile's own: "random" for its own architecture with random weights, or the folder of
                     another encoder; may be repeated
  --seeds LIST       such as 1,2,3 (the default)
  --only             measure the encoders named alone, and write nothing: several such runs may go on at once`;

const options = {
  profile: { type: "string", default: "classroom" },
  data: { type: "string" },
  encoder: { type: "string", multiple: true, default: [] },
  seeds: { type: "string", default: "1,2,3" },
  only: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
};

const folder = path.join(root, "data", "signmix-mini");

async function encodersOf(names, study, load, randomised) {
  const encoders = [];
  for (const name of names) {
    if (name !== "random" && !existsSync(name))
      throw new Problem(`There is no folder ${name}: --encoder takes one, or "random".`);
    encoders.push(name === "random" ? randomised(study.encoder) : await load(path.resolve(name)));
  }
  return encoders;
}

runMain(async () => {
  const { values } = parseArgs({ options });
  if (values.help) return void console.log(HELP);
  await setUp();
  const { openStudy } = await import("../dist/study/study.js");
  const { loadEncoder } = await import("../dist/encoder/checkpoint.js");
  const { measureEncoder, encoderScores, randomised } = await import("../dist/chapters/train/encoder-comparison.js");
  const { encoderTable, sureDomains } = await import("../dist/chapters/train/encoder-table.js");
  const { planProgress } = await import("../dist/study/plan-progress.js");
  const { writeFileAtomic, writeJsonAtomic } = await import("../dist/files/atomic.js");
  const { putPart } = await import("../dist/files/put-part.js");
  const seeds = values.seeds.split(",").map(Number);
  const study = await openStudy({ profile: values.profile, data: values.data, set: { seeds } });
  const others = await encodersOf(values.encoder, study, loadEncoder, randomised);
  const scores = [];
  for (const encoder of [...(values.only ? [] : [study.encoder]), ...others]) {
    scores.push(encoderScores(await measureEncoder(study, encoder, planProgress(encoder.name))));
  }
  const table = encoderTable(scores);
  console.log(table);
  if (values.only) return;
  const file = path.join(folder, "measured.json");
  const known = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const { trainRows, steps, batchSize, learningRate, maxLength } = study.settings;
  const settings = { seeds, trainRows, steps, batchSize, learningRate, maxLength };
  writeJsonAtomic(file, { ...known, [study.label]: { settings, scores: scores.flat() } });
  const [own, ...rest] = scores;
  const sure = sureDomains(own, rest[0] ?? []);
  const beside = rest.length > 0 ? `, and than those on ${rest[0][0].encoder} in ${sure.overOther}` : "";
  const text =
    `${table}\n\nHoulsby adapters and probes, ${steps} steps of ${batchSize} texts, ${trainRows} training texts at most, ${own[0].testRows} test texts at most, ` +
    `seeds ${seeds.join(", ")}; percentages of the test examples, ± a standard error over examples and seeds. By two standard errors, adapters on ${own[0].encoder} ` +
    `are better than the best constant in ${sure.overConstant} of ${own.length} domains, than their head alone on the frozen encoder in ${sure.overProbe}${beside}.`;
  const card = path.join(folder, "README.md");
  writeFileAtomic(card, putPart(readFileSync(card, "utf8"), `measured: ${study.label}`, text, "The model card"));
});
