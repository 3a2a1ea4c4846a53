// npm run bench: measures this machine and writes tables and a figure to figures/bench/.
// A benchmark is a module of environment/bench/ listed below: name, about, run(options, log), table(results), and perhaps
// figure(results, about), which gives the groups and options of a bar figure and how it was made.
import { cpus } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "./build.mjs";
import { findPeers } from "./peers/find.mjs";
import { Problem, runMain } from "./problem.mjs";
import { setUp } from "./setup.mjs";

const modules = ["engine", "pool", "signs", "sweep", "attacks", "textattack", "store", "growth", "kernel", "cost"];

/** What the engines compute, in words. */
const works = {
  "every-token": "every token of every layer",
  "first-token": "last layer for the first token alone",
  "in-use": "last layer for the first token alone, in PyTorch for every token",
};

const help = `npm run bench -- [options]

  --only NAMES     of ${modules.join(", ")}; all by default
  --pairs N        times that each engine has its turn (default 20)
  --sizes LIST     layers×width, such as 2x128,4x256,12x768 (the default)
  --threads LIST   intra-op threads, such as 1,2 (the default)
  --engines LIST   beside onnx, of tensorflow, wasm, pytorch, pytorch-compiled (all by default, where they load)
  --python PATH    a Python that has torch (or SIGNMIX_TORCH_PYTHON)
  --seconds S      least time of one turn (default 0.5)
  --units N        units of the pool benchmark (default 24)
  --texts LIST     texts of each domain in the sweep benchmark (default 400, a class's dev and test rows), for each encoder
                   in their order or one number for all
  --domains N      domains in the sweep benchmark (default 13)
  --encoders LIST  of the sweep, growth and textattack benchmarks: mini, folders of checkpoints, and for the sweep a size with random
                   weights such as 12x768 (default mini)
  --rows N         rows of the store benchmark (default 100000)
  --shards N       folders that the store benchmark merges (default 1000)
  --cost-sizes L   sizes of the cost benchmark beside the shipped encoder (default 6x384,12x768)
  --sample N       units of each kind that it computes again (default 5)
  --backend NAME   TensorFlow.js backend of the cost benchmark (default onnx); another's rates are a file of their own
  --data FOLDER    real texts, for the hours that a sweep of the compact profile takes (or SIGNMIX_DATA)
  --work KIND      of the engine benchmark: every-token (the default: all compute every token of every layer), first-token (all
                   compute the last layer for the first token alone), in-use (signmix for the first token alone, as it does
                   for its users, PyTorch for every token, as transformers does for its own)
  --out FOLDER     where to write (default figures; a folder bench is made in it)`;

const options = {
  only: { type: "string", default: modules.join() },
  pairs: { type: "string", default: "20" },
  sizes: { type: "string", default: "2x128,4x256,12x768" },
  threads: { type: "string", default: "1,2" },
  engines: { type: "string", default: "tensorflow,wasm,pytorch,pytorch-compiled" },
  python: { type: "string", default: process.env.SIGNMIX_TORCH_PYTHON ?? findPeers() },
  seconds: { type: "string", default: "0.5" },
  units: { type: "string", default: "24" },
  texts: { type: "string", default: "400" },
  domains: { type: "string", default: "13" },
  encoders: { type: "string", default: "mini" },
  rows: { type: "string", default: "100000" },
  shards: { type: "string", default: "1000" },
  "cost-sizes": { type: "string", default: "6x384,12x768" },
  sample: { type: "string", default: "5" },
  backend: { type: "string", default: "onnx" },
  data: { type: "string", default: process.env.SIGNMIX_DATA },
  work: { type: "string", default: "every-token" },
  out: { type: "string", default: path.join(root, "figures") },
  help: { type: "boolean", short: "h", default: false },
};

function read(values) {
  const number = (key, least, text = values[key]) => {
    const value = Number(text);
    if (!(value >= least)) throw new Problem(`--${key} is ${values[key]}; give a number, ${least} or more.`);
    return value;
  };
  const size = (text) => {
    const found = text.match(/^(\d+)x(\d+)$/);
    if (!found || found[2] % 64 !== 0)
      throw new Problem(`The sizes hold "${text}"; give layers x width, as 4x256, the width a multiple of 64.`);
    return found.slice(1).map(Number);
  };
  if (!(values.work in works))
    throw new Problem(`--work is "${values.work}"; there are ${Object.keys(works).join(", ")}.`);
  const unknown = values.only.split(",").find((each) => !modules.includes(each));
  if (unknown) throw new Problem(`There is no benchmark "${unknown}"; there are ${modules.join(", ")}.`);
  return {
    only: values.only.split(","),
    pairs: number("pairs", 1),
    units: number("units", 2),
    seconds: number("seconds", 0),
    peakSeconds: 1,
    sizes: values.sizes.split(",").map(size),
    threads: values.threads.split(",").map(Number),
    engines: values.engines.split(","),
    python: values.python,
    texts: values.texts.split(",").map((each) => number("texts", 1, each)),
    domains: number("domains", 2),
    encoders: values.encoders.split(",").map((each) => (/^(mini|\d+x\d+)$/.test(each) ? each : path.resolve(each))),
    rows: number("rows", 1),
    shards: number("shards", 1),
    costSizes: values["cost-sizes"].split(",").map(size),
    sample: number("sample", 1),
    backend: values.backend,
    data: values.data,
    work: values.work,
    out: values.out,
  };
}

/** What the numbers depend on: no name or path of this machine. */
function machine() {
  return {
    processor: cpus()[0].model,
    cores: cpus().length,
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
  };
}

async function write(bench, results, { out, pairs, work, backend }) {
  const { codeHash } = await import("../dist/results/code-hash.js");
  const { writeFileAtomic, writeJsonAtomic } = await import("../dist/files/atomic.js");
  const folder = path.join(out, "bench");
  const engine = bench.name === "engine";
  const about = { ...machine(), pairs, ...(engine ? { work: works[work] } : {}) };
  const other = bench.rates && backend !== "onnx" ? `-${backend}` : "";
  const file = engine && work !== "every-token" ? `${bench.name}-${work}` : `${bench.name}${other}`;
  writeJsonAtomic(path.join(folder, `${file}.results.json`), { about, results });
  const facts = Object.entries(about).map(([key, value]) => `${key}: ${value}`);
  writeFileAtomic(path.join(folder, `${file}.md`), `${bench.table(results)}\n\n${facts.join("; ")}\n`);
  if (bench.rates) writeJsonAtomic(path.join(root, "data", `rates${other}.json`), bench.rates(results, machine()));
  if (!bench.figure) return;
  const { barFigure } = await import("../dist/figures/bar.js");
  const { lineFigure } = await import("../dist/figures/line.js");
  const { figureText } = await import("../dist/figures/figure-text.js");
  const { drawSvg } = await import("../dist/figures/svg/static-picture.js");
  const { saveEntry } = await import("../dist/study/save-figure.js");
  const { groups, lines, options: style, made } = bench.figure(results, about);
  const { modules: hashed, ...rest } = made;
  const record = { profile: "bench", ...rest, moduleHash: codeHash(hashed), choices: about };
  const figure = lines ? lineFigure(lines, style) : barFigure(groups, style);
  const contents = { [`${file}.json`]: `${JSON.stringify(figure)}\n`, [`${file}.svg`]: `${await drawSvg(figure)}\n` };
  saveEntry(file, figureText(figure), record, contents, out);
}

runMain(async () => {
  const { values } = parseArgs({ options });
  if (values.help) return void console.log(help);
  const given = read(values);
  await setUp();
  const started = performance.now();
  const log = (text) => console.error(`${Math.round((performance.now() - started) / 1000)} s  ${text}`);
  for (const name of given.only) {
    const bench = await import(`./bench/${name}.mjs`);
    log(`${name}: ${bench.about}`);
    const results = await bench.run(given, log);
    if (results === undefined) continue; // left out, with its reason
    console.log(`\n${bench.table(results)}\n`);
    await write(bench, results, given);
  }
});
