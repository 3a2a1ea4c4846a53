// The pool benchmark: units per second of `runUnits` against processes that share nothing, in turns.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { runUnits } from "../../dist/engine/pool.js";
import { quartiles, spread } from "./quartiles.mjs";

export const name = "pool";
export const about = "throughput of runUnits against as many independent processes";

const entry = new URL("./pool-unit.mjs", import.meta.url);
const workers = 2;
const passes = 5;

async function timed(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Starts processes that compute units without the pool. */
function startAlone() {
  const env = { ...process.env, SIGNMIX_THREADS: "1" };
  const children = Array.from({ length: workers }, () => fork(fileURLToPath(entry), ["alone"], { env }));
  return {
    async compute(units) {
      await Promise.all(
        children.map((child) => {
          child.send({ units: units / workers, passes });
          return once(child, "message");
        }),
      );
    },
    close() {
      for (const child of children) child.kill();
    },
  };
}

/**
 * Both ways compute the same units in turns. What starting a pool costs is taken out by a first unit for each worker,
 * as the independent processes are warm too: the time counts from the first result of the last worker on.
 */
export async function run({ pairs, units }, log) {
  const alone = startAlone();
  const ratios = [];
  const rates = { pool: [], alone: [] };
  try {
    await alone.compute(2 * workers);
    for (let pair = 0; pair < pairs; pair++) {
      const aloneSeconds = await timed(() => alone.compute(units));
      const ends = [];
      const all = Array.from({ length: units + 2 * workers }, () => ({ passes }));
      await runUnits(entry, all, { workers, backend: "onnx", onResult: () => void ends.push(performance.now()) });
      const warm = 2 * workers;
      const poolSeconds = (ends.at(-1) - ends[warm - 1]) / 1000;
      rates.alone.push(units / aloneSeconds);
      rates.pool.push(units / poolSeconds);
      ratios.push(aloneSeconds / poolSeconds);
      log(
        `pool ${(units / poolSeconds).toFixed(2)} units/s, independent processes ${(units / aloneSeconds).toFixed(2)}`,
      );
    }
  } finally {
    alone.close();
  }
  return [
    {
      workers,
      pairs,
      unitsPerSecond: { pool: quartiles(rates.pool), alone: quartiles(rates.alone) },
      share: quartiles(ratios),
    },
  ];
}

/** The results as a table in Markdown. */
export function table([{ unitsPerSecond, share, pairs }]) {
  const row = (numbers) => spread(numbers, 2);
  return [
    "| way | units per second: median (quartiles) |",
    "|---|---|",
    `| runUnits, ${workers} workers | ${row(unitsPerSecond.pool)} |`,
    `| ${workers} independent processes | ${row(unitsPerSecond.alone)} |`,
    `| share reached, ${pairs} pairs | ${row(share)} |`,
  ].join("\n");
}
