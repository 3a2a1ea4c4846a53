// The engine benchmark: signmix on its backends against PyTorch, measured in turns so that all see the same machine.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { writeSafetensors } from "../../dist/files/safetensors.js";
import { Problem } from "../problem.mjs";
import { startServer } from "./client.mjs";
import { quartiles, spread } from "./quartiles.mjs";
import { countOperations, createWorkload, learningRate } from "./workload.mjs";

export const name = "engine";
export const about = "forward pass and training step: onnx, tensorflow, wasm and PyTorch in turns";

const here = path.dirname(fileURLToPath(import.meta.url));
const base = "onnx";
const tasks = ["forward", "train"];
/** Runs of wasm per size: it takes many times as long, and its ratio is far from 1. */
const wasmTurns = 3;
/** Above this width wasm would take minutes for a step. */
const wasmWidth = 256;
/** A run of more seconds than this is timed a quarter as often, but not less than five times. */
const slowRun = 1;
/** What the engines may differ by: in logits and losses, in hidden states, and in gradients relative to the largest. */
const tolerance = 1e-4;

/** glibc gives memory back to the system after each step otherwise, and asks for it again in the next. */
const keepMemory = { MALLOC_TRIM_THRESHOLD_: "17179869184", MALLOC_MMAP_MAX_: "0", MALLOC_TOP_PAD_: "67108864" };

function contestants({ python, engines }, hidden, threads) {
  const node = (backend) => ({ command: [process.execPath, path.join(here, "server.mjs")], setup: { backend } });
  const peer = (compiled) => ({ command: [python, path.join(here, "peer.py")], setup: { compiled }, peer: true });
  const all = { [base]: node(base), tensorflow: node("tensorflow") };
  if (threads === 1 && hidden <= wasmWidth) all.wasm = { ...node("wasm"), turns: wasmTurns };
  if (python) Object.assign(all, { pytorch: peer(false), "pytorch-compiled": peer(true) });
  return Object.fromEntries(Object.entries(all).filter(([engine]) => engine === base || engines.includes(engine)));
}

/** Starts the engines that load here and gives each the same model. */
async function start(options, model, peerModel, threads, log) {
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-bench-"));
  const { size: own, plan, parameters, tokens, labels } = createWorkload(model);
  const size = { ...own, firstTokenOnly: peerModel.firstTokenOnly };
  const prefixed = (prefix, tensors) => Object.entries(tensors).map(([key, value]) => [`${prefix}.${key}`, value]);
  const file = path.join(folder, "model.safetensors");
  const named = [...prefixed("encoder", plan.encoder.weights), ...prefixed("parameter", parameters)];
  writeSafetensors(file, { ...Object.fromEntries(named), inputIds: tokens.inputIds, labels });

  const env = {
    ...keepMemory,
    SIGNMIX_THREADS: `${threads}`,
    OMP_NUM_THREADS: `${threads}`,
    MKL_NUM_THREADS: `${threads}`,
  };
  const started = {};
  for (const [engine, { command, setup, peer, turns }] of Object.entries(contestants(options, model.hidden, threads))) {
    const server = startServer(command, env);
    // At equal work nothing is kept from step to step; in use, texts come again in the second epoch.
    const given = peer ? { threads, file, size } : { model, keeps: options.work === "in-use" };
    try {
      const { version } = await server.ask({ do: "setup", ...setup, ...given, learningRate });
      started[engine] = { ...server, version, turns };
    } catch (error) {
      server.close();
      if (engine === base) throw error;
      log(`left out: ${engine} (${error.message.split("\n")[0]})`);
    }
  }
  rmSync(folder, { recursive: true });
  return started;
}

const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * Largest difference of two engines' outputs, as a share of what is allowed; above 1 they compute different things.
 *
 * @param states how many numbers of the last layer are compared; all by default
 */
function disagreement(one, other, states) {
  const apart = (a, b) => (a.length === b.length ? largest(a.map((value, i) => value - b[i])) : Infinity);
  const outputs = ["logits", "losses"].map((key) => apart(one[key], other[key]));
  outputs.push(apart(one.hidden.slice(0, states), other.hidden.slice(0, states)));
  const gradients = Object.entries(one.gradients).map(([key, values]) => apart(values, other.gradients[key]));
  const scale = largest(Object.values(one.gradients).map(largest));
  return Math.max(...outputs, largest(gradients) / scale) / tolerance;
}

async function checkEqual(engines, states, log) {
  const answers = {};
  for (const [engine, server] of Object.entries(engines)) answers[engine] = await server.ask({ do: "check", steps: 3 });
  for (const engine of Object.keys(engines)) {
    const share = disagreement(answers[base], answers[engine], states);
    if (!(share <= 1)) {
      throw new Problem(
        `${engine} and ${base} compute different numbers from the same weights (${(share * tolerance).toExponential(1)} apart); nothing is reported.`,
      );
    }
    if (engine !== base) log(`${engine} equals ${base} to ${(share * tolerance).toExponential(1)}`);
  }
}

/** The best MatMul rate of each engine, with the shape that the feed-forward layers have or a square one. */
async function measurePeak(engines, seconds) {
  const rates = {};
  for (const [engine, server] of Object.entries(engines)) {
    const { gigaflops } = await server.ask({ do: "peak", rows: 1024, inner: 1024, columns: 1024, seconds });
    rates[engine] = gigaflops;
  }
  return rates;
}

async function measureTask(engines, task, { pairs, seconds }, log) {
  const repeats = {};
  const turns = {};
  for (const [engine, server] of Object.entries(engines)) {
    await server.ask({ do: "time", task, repeats: 1 });
    const { seconds: once } = await server.ask({ do: "time", task, repeats: 1 });
    repeats[engine] = Math.max(1, Math.round(seconds / once));
    turns[engine] = server.turns ?? (once > slowRun ? Math.min(pairs, Math.max(5, Math.ceil(pairs / 4))) : pairs);
  }
  const names = Object.keys(engines);
  const times = Object.fromEntries(names.map((engine) => [engine, []]));
  for (let pair = 0; pair < turns[base]; pair++) {
    // Each goes first in turn, so that no engine always follows the same one.
    const order = names.map((_, i) => names[(i + pair) % names.length]);
    for (const engine of order) {
      if (pair >= turns[engine]) continue;
      const answer = await engines[engine].ask({ do: "time", task, repeats: repeats[engine] });
      times[engine].push(answer.seconds);
    }
    log(
      `${task} ${pair + 1}/${pairs}: ${names.map((e) => `${e} ${(1000 * (times[e].at(-1) ?? NaN)).toFixed(1)} ms`).join(", ")}`,
    );
  }
  return times;
}

function summarise(times, operationsOf, rate) {
  const rows = {};
  for (const [engine, seconds] of Object.entries(times)) {
    const operations = operationsOf(engine);
    const ratios = seconds.map((value, i) => value / times[base][i]);
    rows[engine] = {
      milliseconds: quartiles(seconds.map((value) => 1000 * value)),
      timesAsLong: quartiles(ratios),
      pairs: seconds.length,
      gigaflops: (operations * 1e-9) / quartiles(seconds).median,
      shareOfPeak: (operations * 1e-9) / quartiles(seconds).median / rate,
    };
  }
  return rows;
}

/** Measures every size and number of threads asked for; nothing is returned unless all engines compute the same. */
export async function run(options, log) {
  if (!options.python) log("PyTorch is left out: name a Python that has torch with --python or SIGNMIX_TORCH_PYTHON.");
  const results = [];
  for (const threads of options.threads) {
    for (const [layers, hidden] of options.sizes) {
      const model = { layers, hidden, firstTokenOnly: options.work !== "every-token" };
      const peerModel = { layers, hidden, firstTokenOnly: options.work === "first-token" };
      const label = `[${layers}, ${hidden}], threads ${threads}`;
      log(`${label}: starting`);
      const engines = await start(options, model, peerModel, threads, (text) => log(`${label}: ${text}`));
      try {
        // In use, PyTorch alone has states beyond the first text's first token at that place.
        const states = options.work === "in-use" ? hidden : undefined;
        await checkEqual(engines, states, (text) => log(`${label}: ${text}`));
        const before = await measurePeak(engines, options.peakSeconds);
        const measured = {};
        for (const task of tasks) {
          measured[task] = await measureTask(engines, task, options, (text) => log(`${label}: ${text}`));
        }
        const after = await measurePeak(engines, options.peakSeconds);
        const rates = Object.fromEntries(Object.keys(engines).map((e) => [e, Math.max(before[e], after[e])]));
        const peak = Math.max(...Object.values(rates));
        const operations = (engine) => countOperations(engine.startsWith("pytorch") ? peerModel : model);
        const summary = (task) => summarise(measured[task], (engine) => operations(engine)[task], peak);
        results.push({
          layers,
          hidden,
          threads,
          versions: Object.fromEntries(Object.entries(engines).map(([engine, { version }]) => [engine, version])),
          peakGigaflops: peak,
          matmulGigaflops: rates,
          tasks: Object.fromEntries(tasks.map((task) => [task, summary(task)])),
        });
      } finally {
        for (const { close } of Object.values(engines)) close();
      }
    }
  }
  return results;
}

/** The results as a table in Markdown. */
export function table(results) {
  const lines = [
    "| layers, width | threads | task | engine | ms: median (quartiles) | times as long as onnx | pairs | share of peak MatMul |",
    "|---|---|---|---|---|---|---|---|",
  ];
  for (const { layers, hidden, threads, tasks: measured } of results) {
    for (const [task, engines] of Object.entries(measured)) {
      for (const [engine, row] of Object.entries(engines)) {
        const ratio = engine === base ? "1" : spread(row.timesAsLong, 2);
        lines.push(
          `| ${layers}, ${hidden} | ${threads} | ${task} | ${engine} | ${spread(row.milliseconds, 1)} | ${ratio} | ${row.pairs} | ${(100 * row.shareOfPeak).toFixed(0)}% |`,
        );
      }
    }
  }
  return lines.join("\n");
}

/** Bars of how many times as long as onnx the others take; wasm would dwarf them and stands in the table alone. */
function bars(results) {
  const categories = results.flatMap((result) => tasks.map((task) => ({ result, task })));
  const others = [...new Set(categories.flatMap(({ result, task }) => Object.keys(result.tasks[task])))];
  return others
    .filter((engine) => engine !== base && engine !== "wasm")
    .map((engine) => {
      const rows = categories.map(({ result, task }) => result.tasks[task][engine]?.timesAsLong);
      return {
        name: engine,
        categories: categories.map(
          ({ result: { layers, hidden, threads }, task }) => `${layers}×${hidden} ${task} ${threads}T`,
        ),
        values: rows.map((row) => row?.median ?? NaN),
        low: rows.map((row) => row?.lower ?? NaN),
        high: rows.map((row) => row?.upper ?? NaN),
      };
    });
}

/** The results as a figure, with how it was made. */
export function figure(results, { pairs, processor, work }) {
  return {
    groups: bars(results),
    options: {
      title: "How many times as long as signmix on ONNX Runtime",
      subtitle: `batch 32 × 64 tokens, Houlsby adapter; medians and quartiles of ${pairs} paired runs\n${processor}, ${work}`,
      x: "layers × width, task, threads",
      y: "time relative to onnx",
      levels: [{ name: "onnx", y: 1 }],
      width: 900,
    },
    made: {
      ...{ seeds: [1, 2, 3, 4], encoder: "random BERT", data: "random tokens", backend: "onnx" },
      modules: ["training/step.js", "engine/compile.js"],
    },
  };
}
