// node environment/checks/paper-size.mjs: whether the profile `paper` runs at BERT-base's size. Computes every kind of unit of the
// notebooks, two domains and two steps of training, on an encoder of 12 layers, 768 wide, with random weights, and writes
// paper-size.md here. What it computes says nothing about accuracy.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "simple-statistics";
import { Problem, runMain } from "../problem.mjs";
import { setUp } from "../setup.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));

const help = `node environment/checks/paper-size.mjs --data FOLDER [options]

  --data FOLDER        folder of real texts
  --domains A,B        two of its domains (default sst2,mrpc)
  --tokenizer FOLDER   BERT's vocabulary; the shipped encoder's, smaller, by default
  --synonyms FILE      neighbours or vectors of words; WordNet by default, for the paper's are not at hand
  --work FOLDER        keeps what is computed, so that a run that was stopped goes on (default a temporary folder)
  --out FOLDER         where the page is written (default beside this file)`;

const text = { type: "string" };
const options = {
  ...{ data: text, tokenizer: text, synonyms: text, work: text },
  domains: { type: "string", default: "sst2,mrpc" },
  out: { type: "string", default: here },
  help: { type: "boolean", short: "h", default: false },
};

/** BERT-base (Devlin et al., 2019). */
const size = { layers: 12, hiddenSize: 768, heads: 12, intermediateSize: 3072, activation: "gelu", maxPositions: 512 };

/** As little as shows each kind of unit; everything else is the profile's. */
const least = (domains) => ({
  ...{ trainRows: 64, devRows: 8, testRows: 8, seeds: [1], steps: 2, partnerSteps: [1, 2] },
  epochSteps: Object.fromEntries(domains.map((domain) => [domain, 2])),
  ...{ mixtureSizes: [2], mixturesPerSize: 1, unions: [domains], poolSize: 2, sparseSizes: [2], controlsPerSize: 1 },
  ...{ pruneSparsities: [0.9], attackRows: 2, attackMixturesPerSize: 1, adaptiveTests: 1, epsilons: [0.01] },
});

runMain(async () => {
  const { values } = parseArgs({ options });
  if (values.help) return void console.log(help);
  if (!values.data) throw new Problem("Name a folder of real texts: --data FOLDER.");
  await setUp();
  const sm = await import("../../dist/index.js");
  const { encoderOf, createEncoder } = await import("../../dist/encoder/encoder.js");
  const { notebookExperiments } = await import("../../dist/chapters/experiments.js");
  const { runPlan } = await import("../../dist/results/plan.js");
  const { pendingUnits } = await import("../../dist/study/pending.js");
  const { runnerOf } = await import("../../dist/study/run.js");
  const { writeFileAtomic } = await import("../../dist/files/atomic.js");
  const { loadTokenizer } = await import("../../dist/text/tokenizer.js");

  const work = path.resolve(values.work ?? mkdtempSync(path.join(os.tmpdir(), "signmix-paper-size-")));
  mkdirSync(work, { recursive: true });
  const folder = path.join(work, "encoder");
  await sm.selectBackend(undefined, { quiet: true });
  const mini = await sm.loadEncoder("data/signmix-mini");
  const tokenizer = values.tokenizer ? loadTokenizer(path.resolve(values.tokenizer)) : mini.tokenizer;
  const vocabSize = values.tokenizer ? tokenizer.vocabSize : mini.config.vocabSize;
  const { weights, config } = createEncoder({ ...mini.config, ...size, vocabSize }, { seed: 1, pooler: false });
  const parameters = Object.values(weights).reduce((sum, { data }) => sum + data.length, 0);
  sm.saveEncoder(encoderOf({ name: "random/12x768", config, weights, tokenizer }), folder);
  const vocabulary = values.tokenizer ? path.resolve(values.tokenizer) : "data/signmix-mini";
  for (const name of readdirSync(vocabulary).filter((one) => /^(tokenizer|vocab)/.test(one)))
    copyFileSync(path.join(vocabulary, name), path.join(folder, name));
  mini.dispose();

  const domains = values.domains.split(",");
  const synonyms = values.synonyms ? { synonyms: path.resolve(values.synonyms) } : { synonyms: "wordnet" };
  const study = await sm.openStudy({
    ...{ profile: "paper", data: values.data, encoder: folder, domains: values.domains, workers: 1 },
    ...{ results: path.join(work, "results"), cache: path.join(work, "cache"), quiet: true },
    set: { ...least(domains), ...synonyms },
  });
  const experiments = notebookExperiments.flatMap((notebook) => notebook.experiments);
  for (let units = []; ; ) {
    units = await pendingUnits(study, experiments);
    if (units.length === 0) break;
    const said = new Map(units.map(({ kind }) => [kind, units.filter((one) => one.kind === kind).length]));
    console.error([...said].map(([kind, count]) => `${count} ${kind}`).join(", "));
    await runPlan(units, study.store, runnerOf(study));
  }
  const kinds = study.store.storedKinds().map((kind) => ({ kind, seconds: study.store.times(kind) }));
  const rows = kinds.map(({ kind, seconds }) => `| \`${kind}\` | ${seconds.length} | ${median(seconds).toFixed(1)} |`);
  const { maxLength, batchSize, similarity } = study.settings;
  const page = `# The profile \`paper\` at BERT-base's size

Every kind of unit that the notebooks ask for, at the profile's settings, but for ${domains.map((name) => `\`${name}\``).join(" and ")} alone, two steps of training, 8 test texts, one
seed and one mixture. The encoder has 12 layers, is 768 wide and has ${(parameters / 1e6).toFixed(0)} million random weights. Batches of ${batchSize}, texts of ${maxLength} tokens at most,
similarity by \`${similarity}\`, synonyms by ${values.synonyms ? "a list of counter-fitted neighbours" : "WordNet"}. One core.

| kind of unit | computed | seconds each (median) |
| --- | --- | --- |
${rows.join("\n")}
`;
  writeFileAtomic(path.join(values.out, "paper-size.md"), page);
  console.log(page);
  if (!values.work) rmSync(work, { recursive: true, force: true });
});
