// What a token costs on one core, by the size of the encoder, and what a unit of each kind costs beside its tokens: the rates by
// which plans are split and costs are told. Processor time is counted, not the clock, so that a busy machine does not matter;
// with another backend than onnx, which may compute elsewhere than on the processor, it is the clock's.
import { median } from "simple-statistics";

export const name = "cost";
export const about = "processor time of a token and of a unit, for the cost model";

const length = 64; // tokens of a text
const rows = 32; // texts of a batch
const repeats = 5;

/** Seconds of processor time of this process in some work. */
async function processorSeconds(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Seconds of the clock in some work. */
async function clockSeconds(work) {
  const before = performance.now();
  await work();
  return (performance.now() - before) / 1e3;
}

const secondsOf = (backend) => (backend === "onnx" ? processorSeconds : clockSeconds);

/** Processor seconds of a token that is read, and of one that an adapter is trained on. */
async function perToken(encoder, seconds, { createEvaluator, trainAdapter, createDomain }) {
  const example = (_, i) => ({ text: "the ".repeat(length - 2), label: i % 2 });
  const examples = Array.from({ length: rows }, example);
  const domain = createDomain({ name: "bench", labels: ["no", "yes"], train: examples, dev: examples, test: examples });
  const options = { method: "pfeiffer", seed: 1, batchSize: rows, maxLength: length };
  const train = (steps) => seconds(() => trainAdapter(encoder, domain, { ...options, steps }));
  const { layers, hiddenSize } = encoder.config;
  const more = Math.min(40, Math.max(4, Math.round(4e6 / (layers * hiddenSize ** 2)))); // enough to tell from compiling
  await train(1);
  const short = await train(2);
  const long = await train(2 + more);
  const { adapter, head } = await trainAdapter(encoder, domain, { ...options, steps: 1 });
  const plan = { adapter: adapter.config, head: head.config };
  const evaluator = createEvaluator(encoder, examples, plan, { batchSize: rows, maxLength: length });
  evaluator.run(adapter, head);
  const reads = [];
  for (let i = 0; i < repeats; i++) reads.push(await seconds(() => evaluator.run(adapter, head)));
  const tokens = rows * length;
  encoder.dispose();
  return { read: median(reads) / tokens, trained: (long - short) / (more * tokens) };
}

/** Processor seconds of stored classroom units of each kind, the first of each left out, beside what their tokens cost. */
async function perUnit(rates, { sample, backend }, log) {
  const { openStudy } = await import("../../dist/study/study.js");
  const { runUnitOf } = await import("../../dist/study/kinds.js");
  const { lackedAdapters } = await import("../../dist/results/recompute.js");
  const { resultsContext } = await import("../../dist/study/results-context.js");
  const { UnitCost } = await import("../../dist/chapters/cost.js");
  const { createRandom } = await import("../../dist/engine/random.js");
  await import("../../dist/chapters/units.js");
  const study = await openStudy({ profile: "classroom", quiet: true, workers: 1, backend });
  const context = resultsContext(study);
  const lacked = lackedAdapters(context);
  const cost = new UnitCost(study, { ...rates, fixed: {} });
  const kinds = {};
  for (const kind of study.store.storedKinds()) {
    const able = study.store
      .all(kind)
      .filter(({ unit }) => unit.code === context.codeOf(unit) && lacked(unit).length === 0);
    const chosen = createRandom("cost")
      .fork(kind)
      .shuffle(able)
      .slice(0, sample + 1);
    const measured = [];
    for (const { unit } of chosen) {
      const seconds = await secondsOf(backend)(() => runUnitOf(unit, study));
      measured.push({ seconds, tokens: await cost.seconds(unit) });
    }
    const later = measured.length > 1 ? measured.slice(1) : measured;
    if (later.length === 0) continue;
    const fixed = Math.max(0, median(later.map(({ seconds, tokens }) => seconds - tokens)));
    kinds[kind] = { units: later.length, seconds: median(later.map(({ seconds }) => seconds)), fixed };
    log(`  ${kind}: ${kinds[kind].seconds.toFixed(2)} s, ${fixed.toFixed(2)} s of them beside tokens`);
  }
  return kinds;
}

export async function run({ costSizes, sample, backend }, log) {
  const modules = {
    ...(await import("../../dist/training/evaluate.js")),
    ...(await import("../../dist/training/train.js")),
    ...(await import("../../dist/domains/domain.js")),
    ...(await import("../../dist/engine/backend.js")),
  };
  const { device } = await modules.selectBackend(backend, { quiet: true });
  const { openEncoder } = await import("./sweep-work.mjs");
  const encoders = [];
  for (const size of [undefined, ...costSizes]) {
    const encoder = await openEncoder(size?.join("x"));
    const { layers, hiddenSize: width } = encoder.config;
    const measured = await perToken(encoder, secondsOf(backend), modules);
    encoders.push({ name: size ? `${layers}x${width}` : "signmix-mini", layers, width, ...measured });
    log(
      `  ${layers} layers of ${width}: ${(1e3 * measured.read).toFixed(4)} ms a token read, ${(1e3 * measured.trained).toFixed(4)} trained`,
    );
  }
  const kinds = await perUnit({ about: {}, encoders }, { sample, backend }, log);
  return { backend, device, encoders, kinds };
}

/** The file that `src/chapters/cost.ts` reads. */
export const rates = ({ backend, device, encoders, kinds }, machine) => {
  const about = { ...machine, backend, device, counted: backend === "onnx" ? "processor time" : "the clock" };
  const digits = (value) => Number(value.toPrecision(4));
  return {
    about,
    encoders: encoders.map((one) => ({ ...one, read: digits(one.read), trained: digits(one.trained) })),
    fixed: Object.fromEntries(Object.entries(kinds).map(([kind, { fixed }]) => [kind, digits(fixed)])),
  };
};

export function table({ backend, device, encoders, kinds }) {
  const counted = backend === "onnx" ? "Processor time on one core" : `Time on ${device}, backend ${backend}`;
  return [
    `${counted}, Pfeiffer adapters, texts of 64 tokens in batches of 32:`,
    "",
    "| layers, width | a token read, ms | a token trained, ms |",
    "|---|---|---|",
    ...encoders.map(
      ({ layers, width, read, trained }) =>
        `| ${layers}, ${width} | ${(1e3 * read).toFixed(4)} | ${(1e3 * trained).toFixed(4)} |`,
    ),
    "",
    "Units of the classroom, computed again in one process, the first of each kind left out:",
    "",
    "| kind | units | seconds each (median) | beside tokens |",
    "|---|---|---|---|",
    ...Object.entries(kinds).map(
      ([kind, { units, seconds, fixed }]) => `| \`${kind}\` | ${units} | ${seconds.toFixed(2)} | ${fixed.toFixed(2)} |`,
    ),
  ].join("\n");
}
