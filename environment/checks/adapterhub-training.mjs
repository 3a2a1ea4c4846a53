// node environment/checks/adapterhub-training.mjs: training as signmix does it beside AdapterHub's library, from the same
// exported start, on the same batches in the same order. Loss curves, accuracies and averages stand side by side; exits with 1
// where they differ by more than is allowed. Writes adapterhub-training.json and .md here.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Problem, runMain } from "../problem.mjs";
import { setUp } from "../setup.mjs";
import { allowed, trainingTable } from "./adapterhub-training-table.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));

const help = `node environment/checks/adapterhub-training.mjs --python PATH [options]

  --python PATH     a Python with adapters, transformers and torch (or SIGNMIX_TORCH_PYTHON)
  --encoder FOLDER  a BERT in the Hugging Face layout (default data/signmix-mini)
  --data FOLDER     real texts; by default the generated ones
  --domains NAMES   default sst2,financial,qqp
  --steps N         training steps (default 50)
  --rate R          peak learning rate (default 0.002)
  --test-rows N     test texts of each domain (default 300)
  --out FOLDER      where the results are written (default beside this file)

Everything runs on one thread.`;

const options = {
  python: { type: "string", default: process.env.SIGNMIX_TORCH_PYTHON },
  encoder: { type: "string", default: "data/signmix-mini" },
  data: { type: "string" },
  domains: { type: "string", default: "sst2,financial,qqp" },
  steps: { type: "string", default: "50" },
  rate: { type: "string", default: "0.002" },
  "test-rows": { type: "string", default: "300" },
  out: { type: "string", default: here },
  help: { type: "boolean", short: "h", default: false },
};

const seed = 1;
const weightDecay = 0.01;
const warmup = 0.1;

/** Nested lists of a token batch. */
function listsOf({ inputIds, attentionMask, tokenTypeIds }) {
  const rows = ({ shape: [count, time], data }) =>
    Array.from({ length: count }, (_, row) => Array.from(data.subarray(row * time, (row + 1) * time)));
  return { input_ids: rows(inputIds), attention_mask: rows(attentionMask), token_type_ids: rows(tokenTypeIds) };
}

/** Trains a domain here, and says what the library needs to do the same. */
async function trainHere(name, { sm, tools, encoder, folder, values }) {
  const batchSize = 16;
  const maxLength = 64;
  const loop = {
    steps: Number(values.steps),
    learningRate: Number(values.rate),
    batchSize,
    maxLength,
    warmup,
    weightDecay,
  };
  const domain = await sm.loadDomain(name, { data: values.data, maxTest: Number(values["test-rows"]) });
  const method = { method: "pfeiffer", reductionFactor: 6, seed, name };
  const start = {
    adapter: sm.createAdapter(encoder, method),
    head: sm.createHead(encoder, domain.labels, { seed, name }),
  };
  const trained = await tools.trainClassifier(encoder, domain, start, { ...loop, orderSeed: seed });
  const { lengths, batch } = tools.tokenSource(encoder, domain.train, maxLength);
  const next = tools.trainingOrder(lengths, batchSize, sm.createRandom(seed).fork("order"));
  const batches = Array.from({ length: loop.steps }, () => {
    const rows = next();
    return { ...listsOf(batch(rows)), labels: rows.map((row) => domain.train[row].label) };
  });
  const test = tools.tokenSource(encoder, domain.test, maxLength);
  const everyRow = domain.test.map((_, i) => i);
  const folders = { start: path.join(folder, `${name}-start`), trained: path.join(folder, `${name}-trained`) };
  sm.exportAdapter(start.adapter, folders.start, "adapterhub", { head: start.head });
  sm.exportAdapter(trained.adapter, folders.trained, "adapterhub", { head: trained.head });
  return {
    ...{ name, domain, trained, loop },
    job: { name, ...folders, batches, test: listsOf(test.batch(everyRow)) },
  };
}

/** A domain's comparison: loss curves, and accuracies of what each trained, and of the average of all. */
function compare(own, theirs, { sm, encoder, average }) {
  const { domain, trained, loop, name } = own;
  const { batchSize, maxLength } = loop;
  const labels = domain.test.map(({ label }) => label);
  const share = (predictions) => predictions.filter((one, i) => one === labels[i]).length / labels.length;
  const predict = (adapter) =>
    sm.evaluate(encoder, { adapter, head: trained.head }, domain.test, { batchSize, maxLength }).predictions;
  const mixed = predict(average);
  const accuracy = share(predict(trained.adapter));
  return {
    ...{ name, rows: labels.length, accuracy, theirs: share(theirs.predictions) },
    standardError: Math.sqrt((accuracy * (1 - accuracy)) / labels.length),
    losses: { first: trained.history.losses[0], last: trained.history.losses.at(-1) },
    lossError: Math.max(...trained.history.losses.map((loss, i) => Math.abs(loss - theirs.losses[i]))),
    averageAccuracy: share(mixed),
    averagePredictions: mixed.filter((one, i) => one !== theirs.averagePredictions[i]).length,
  };
}

runMain(async () => {
  const { values } = parseArgs({ options });
  if (values.help) return void console.log(help);
  if (!values.python)
    throw new Problem("Name a Python that has adapters: --python PATH (npm run setup:peers makes one).");
  await setUp();
  const sm = await import("../../dist/index.js");
  const { writeFileAtomic, writeJsonAtomic } = await import("../../dist/files/atomic.js");
  const { tokenSource, trainingOrder } = await import("../../dist/training/batches.js");
  const { trainClassifier } = await import("../../dist/training/train.js");
  const { setThreads } = await import("../../dist/engine/threads.js");
  await sm.selectBackend("onnx", { quiet: true });
  setThreads(1);
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-adapterhub-"));
  try {
    const encoder = await sm.loadEncoder(values.encoder);
    const tools = { tokenSource, trainingOrder, trainClassifier };
    const trained = [];
    for (const name of values.domains.split(",")) {
      console.error(`${name} …`);
      trained.push(await trainHere(name, { sm, tools, encoder, folder, values }));
    }
    const average = sm.averageAdapters(trained.map(({ trained: { adapter } }) => adapter));
    const averageFolder = path.join(folder, "average");
    sm.exportAdapter({ ...average, name: "average" }, averageFolder, "adapterhub");
    const job = {
      ...{ encoder: path.resolve(values.encoder), threads: 1, average: averageFolder, weightDecay },
      ...{ steps: Number(values.steps), rate: Number(values.rate), domains: trained.map((each) => each.job) },
      warmupSteps: Math.round(warmup * Number(values.steps)),
    };
    const peer = [path.join(here, "adapterhub-training-peer.py")];
    const told = { input: JSON.stringify(job), encoding: "utf8", maxBuffer: 1 << 30, stdio: "pipe" };
    const answer = JSON.parse(execFileSync(values.python, peer, told).trim().split("\n").at(-1));
    const domains = trained.map((own, i) => compare(own, answer.domains[i], { sm, encoder, average }));
    const result = {
      ...{ encoder: encoder.name, texts: values.data ? "real" : "generated", versions: answer.versions },
      ...{ steps: job.steps, rate: job.rate, weightDecay, averageError: answer.averageError, allowed, domains },
    };
    const { markdown, failures } = trainingTable(result);
    writeJsonAtomic(path.join(values.out, "adapterhub-training.json"), result);
    writeFileAtomic(path.join(values.out, "adapterhub-training.md"), markdown);
    console.log(markdown);
    if (failures.length > 0) throw new Problem(failures.join("\n"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
