// The sweep benchmark: how fast mixtures are tested, against a plain loop on the same backend and one in PyTorch.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { selectBackend } from "../../dist/engine/backend.js";
import { loadTensorFlow } from "../../dist/engine/tensorflow.js";
import { Problem } from "../problem.mjs";
import { startServer } from "./client.mjs";
import { lastingPool } from "./lasting-pool.mjs";
import { quartiles, spread } from "./quartiles.mjs";
import { projectHours } from "./sweep-hours.mjs";
import { makeWork, openEncoder, settings, sizeOf, testsOf, titleOf, trainedOf } from "./sweep-work.mjs";

export const name = "sweep";
export const about =
  "mixtures tested on the texts of their members: signmix, plain loops on onnx and in PyTorch, AdapterHub, tfjs-node-gpu";

const here = path.dirname(fileURLToPath(import.meta.url));
const unit = new URL("./sweep-unit.mjs", import.meta.url);
const cores = availableParallelism();
/** Turns of the plain loop on onnx, which takes many times as long. */
const loopTurns = 5;

/** A way of testing mixtures on worker processes of one thread each, through `runUnits` as in use. */
function onWorkers(title, way, workers, { folder, encoder, backend = "onnx" }) {
  const pool = lastingPool(unit, workers, backend);
  const turn = (tests) => pool.turn(tests.map((test) => ({ folder, encoder, way, ...test })));
  return { title, processes: workers, threads: 1, turn, close: () => pool.close() };
}

/** PyTorch in some processes, each of which takes the next test when it has done one. */
async function inPython({ python, script, setup: own, processes, threads }) {
  const env = { OMP_NUM_THREADS: `${threads}`, MKL_NUM_THREADS: `${threads}` };
  const servers = Array.from({ length: processes }, () => startServer([python, path.join(here, script)], env));
  const setup = { threads, batchSize: settings.batchSize, ...own };
  const close = () => {
    for (const server of servers) server.close();
  };
  try {
    const [{ version }] = await Promise.all(servers.map((server) => server.ask({ do: "setup", ...setup })));
    const turnOf = (options) => async (tests) => {
      const queue = tests.entries();
      const answers = [];
      const lane = async (server) => {
        for (const [i, test] of queue) {
          const { predictions } = await server.ask({ do: "run", ...test, ...options });
          answers[i] = predictions;
        }
      };
      await Promise.all(servers.map(lane));
      return answers;
    };
    return { version, processes, threads, turnOf, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The ways that run here, by name. The first is what all are compared with on one core, the second on all. */
async function start({ python, engines }, folder, encoder, work, log) {
  const at = { folder, encoder };
  const ways = {
    "sweep-1": onWorkers("signmix's sweep", "sweep", 1, at),
    "sweep-all": onWorkers("signmix's sweep", "sweep", cores, at),
  };
  // In one process only: it keeps a session for every operation and length, some gigabytes.
  if (encoder === "mini") ways["loop-1"] = { ...onWorkers("plain loop on onnx", "plain", 1, at), turns: loopTurns };
  if (engines.includes("tensorflow")) {
    try {
      loadTensorFlow();
      const backend = { ...at, backend: "tensorflow" };
      ways["tensorflow-1"] = { ...onWorkers("tfjs-node-gpu on TensorFlow", "sweep", 1, backend), turns: loopTurns };
    } catch (error) {
      log(`left out: tensorflow (${error.message.split("\n")[0]})`);
    }
  }
  if (!python) {
    log("PyTorch is left out: name a Python that has torch with --python or SIGNMIX_TORCH_PYTHON.");
    return ways;
  }
  for (const [name, processes, threads] of [
    ["pytorch-1", 1, 1],
    ["pytorch-threads", 1, cores],
    ["pytorch-processes", cores, 1],
  ]) {
    try {
      const { file, size, domains, hub } = work;
      const place = { python, processes, threads };
      const torch = await inPython({
        ...place,
        script: "sweep-peer.py",
        setup: { file, size, domains: domains.length },
      });
      const { version, turnOf, close } = torch;
      ways[name] = {
        title: `plain loop in ${version}`,
        processes,
        threads,
        turn: turnOf({ like_signmix: false }),
        close,
      };
      const title = `${version}, batched by length, first token alone in the last layer`;
      ways[`${name}-by-length`] = { title, processes, threads, turn: turnOf({ like_signmix: true }), close() {} };
      const library = await inPython({ ...place, script: "adapterhub-peer.py", setup: { file, ...hub } });
      const own = { title: `${library.version}, its own loop`, processes, threads, turn: library.turnOf({}) };
      ways[name.replace("pytorch", "adapterhub")] = { ...own, close: library.close };
    } catch (error) {
      log(`left out: ${name} (${error.message.split("\n")[0]})`);
    }
  }
  return ways;
}

/** All ways test the same mixtures first, which also warms them; they must predict the same. */
async function checkEqual(ways, domains, log) {
  const tests = testsOf(1, domains);
  let expected;
  for (const [way, { turn }] of Object.entries(ways)) {
    const predictions = (await turn(tests)).flat();
    expected ??= predictions;
    const different = predictions.filter((each, i) => each !== expected[i]).length;
    if (different > 0 || predictions.length !== expected.length)
      throw new Problem(`${way} predicts otherwise for ${different} of ${expected.length} texts; nothing is reported.`);
    log(`${way}: the same ${predictions.length} predictions`);
  }
}

async function measure(ways, domains, pairs, log) {
  const names = Object.keys(ways);
  const seconds = Object.fromEntries(names.map((way) => [way, []]));
  for (let pair = 0; pair < pairs; pair++) {
    const tests = testsOf(pair, domains);
    // Each goes first in turn, so that no way always follows the same one.
    for (const way of names.map((_, i) => names[(i + pair) % names.length])) {
      if (pair >= (ways[way].turns ?? pairs)) continue;
      const began = performance.now();
      await ways[way].turn(tests);
      seconds[way].push((performance.now() - began) / 1000);
    }
    log(`${pair + 1}/${pairs}: ${names.map((way) => `${way} ${(seconds[way][pair] ?? NaN).toFixed(1)} s`).join(", ")}`);
  }
  return seconds;
}

/** Rates of every way, and by how much signmix's sweep on as many cores is ahead of it. */
function summarise(ways, seconds, examples) {
  return Object.entries(ways).map(([way, { title, processes, threads }]) => {
    const ours = seconds[processes * threads === 1 ? "sweep-1" : "sweep-all"];
    return {
      ...{ way, title, processes, threads },
      examplesPerSecond: quartiles(seconds[way].map((value) => examples / value)),
      sweepIsAhead: quartiles(seconds[way].map((value, i) => value / ours[i])),
      pairs: seconds[way].length,
    };
  });
}

/**
 * Measures one encoder; nothing is returned unless all ways predict the same.
 * @param options with the number of texts for this encoder
 */
async function runOn(encoder, options, log) {
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-sweep-"));
  const work = await makeWork(folder, encoder, options, log);
  const ways = await start(options, folder, encoder, work, log);
  try {
    await checkEqual(ways, work.domains, log);
    const seconds = await measure(ways, work.domains, options.pairs, log);
    const measured = summarise(ways, seconds, work.examples);
    const gain = quartiles(seconds["sweep-1"].map((value, i) => value / seconds["sweep-all"][i])).median;
    const { config } = await openEncoder(encoder);
    const hours = [];
    if (encoder === "mini") {
      const trained = trainedOf(folder, work.domains[0]);
      for (const profile of ["classroom", "compact"])
        hours.push(...(await projectHours(profile, await openEncoder(), trained, { gain, data: options.data })));
    }
    const named = { encoder: titleOf(encoder, config), size: sizeOf(config) };
    return { ...named, domains: work.domains.length, texts: work.examples / work.domains.length, measured, hours };
  } finally {
    await Promise.all(Object.values(ways).map(({ close }) => close()));
    rmSync(folder, { recursive: true });
  }
}

/** Measures every encoder asked for. */
export async function run(options, log) {
  await selectBackend("onnx", { quiet: true });
  const results = [];
  for (const [i, encoder] of options.encoders.entries()) {
    const texts = options.texts[i] ?? options.texts.at(-1);
    results.push(await runOn(encoder, { ...options, texts }, (text) => log(`${path.basename(encoder)}: ${text}`)));
  }
  return { cores, encoders: results };
}

const hoursText = (hours) => (hours < 1 ? `${(60 * hours).toFixed(1)} min` : `${hours.toFixed(1)} h`);

/** The results as tables in Markdown. */
export function table({ encoders, cores: all }) {
  const hours = encoders.flatMap((each) => each.hours);
  return [
    `A turn forms a mixture for each domain and tests it on its texts. "Sweep is ahead": time of a way ÷ time of signmix's sweep on as many cores, in the same pair.`,
    "",
    "| encoder | domains × texts | way | processes × threads | mixture-examples per second: median (quartiles) | sweep is ahead | pairs |",
    "|---|---|---|---|---|---|---|",
    ...encoders.flatMap(({ encoder, domains, texts, measured }) =>
      measured.map(
        ({ title, processes, threads, examplesPerSecond, sweepIsAhead, pairs }) =>
          `| ${encoder} | ${domains} × ${Math.round(texts)} | ${title} | ${processes} × ${threads} | ${spread(examplesPerSecond, 0)} | ${spread(sweepIsAhead, 2)} | ${pairs} |`,
      ),
    ),
    "",
    `What whole sweeps take, from the time of a batch of each length (one core) and the measured gain of ${all} cores:`,
    "",
    `| settings | texts | sweep | tests × adapter sets (method, seed) | one core | ${all} cores |`,
    "|---|---|---|---|---|---|",
    ...hours.map(
      ({ profile, texts: source, sweep, tests, adapters, oneCore, allCores }) =>
        `| ${profile} | ${source} | ${sweep} | ${tests} × ${adapters} | ${hoursText(oneCore)} | ${hoursText(allCores)} |`,
    ),
  ].join("\n");
}

/** Bars of how many times as long the other ways take as signmix's sweep on as many cores. */
export function figure({ encoders }, about) {
  const label = ({ title, processes, threads }) => {
    const short = title
      .replace(/ in PyTorch \S+$/, " in PyTorch")
      .replace(/^PyTorch .*/, "PyTorch by length")
      .replace(/^(AdapterHub) .*/, "$1");
    return `${short}, ${processes} × ${threads}`;
  };
  const groups = encoders.map(({ encoder, measured }) => {
    const others = measured.filter(({ way }) => !way.startsWith("sweep-"));
    return {
      name: encoder,
      categories: others.map(label),
      values: others.map(({ sweepIsAhead }) => sweepIsAhead.median),
      low: others.map(({ sweepIsAhead }) => sweepIsAhead.lower),
      high: others.map(({ sweepIsAhead }) => sweepIsAhead.upper),
    };
  });
  return {
    groups,
    options: {
      title: "How many times as long as signmix's sweep",
      subtitle: `Pfeiffer adapters; medians and quartiles of ${about.pairs} paired runs, on as many cores\n${about.processor}`,
      x: "way, processes × threads",
      y: "time relative to signmix's sweep",
      levels: [{ name: "signmix", y: 1 }],
      width: 900,
    },
    made: {
      ...{ seeds: [1], encoder: encoders.map(({ encoder }) => encoder).join(", "), data: "generated", backend: "onnx" },
      modules: ["training/evaluate.js", "mixing/mix.js", "engine/pool.js"],
    },
  };
}
