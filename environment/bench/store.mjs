// How long the store of results takes with many rows: opening it, exporting, and what `signmix results` does with it.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const name = "store";
export const about = "opening, exporting, checking and merging many stored rows";

const work = fileURLToPath(new URL("store-work.mjs", import.meta.url));

/** Rows of the size of a mixture's: 600 bytes. */
function writeShards(folder, rows, shards, { canonicalLine }, { unitKey }) {
  const parts = Array.from({ length: shards }, () => []);
  for (let n = 0; n < rows; n++) {
    const unit = {
      kind: "evaluate",
      settings: { n, domains: ["sst2", "mnli"], method: "pfeiffer", seed: n % 3 },
      code: "bench",
    };
    const row = { accuracy: (n % 997) / 997, correct: "A".repeat(300), ran: "bench", testRows: 500 };
    parts[n % shards].push(canonicalLine({ key: unitKey(unit), unit, row }));
  }
  return parts.map((lines, i) => {
    const shard = path.join(folder, `${i}`);
    mkdirSync(shard, { recursive: true });
    lines.sort((a, b) => (a.key < b.key ? -1 : 1));
    writeFileSync(path.join(shard, "evaluate.jsonl"), lines.map(({ text }) => `${text}\n`).join(""));
    return shard;
  });
}

/** One piece of work in a process of its own: seconds and the most memory it held. */
function measure(log, what, ...args) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [work, what, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const result = JSON.parse(stdout);
  log(`  ${what}: ${result.seconds.toFixed(2)} s, ${result.megabytes} MB`);
  return { what, ...result };
}

/** Makes so many rows and measures pieces of work on them, one after the other, by their names in store-work.mjs. */
export async function measureStore({ rows, shards }, steps, log) {
  const rowsModule = await import("../../dist/results/canonical-rows.js");
  const unitModule = await import("../../dist/results/unit.js");
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-bench-"));
  try {
    log(`  writing ${rows} rows into ${shards} folders`);
    const root = path.join(folder, "store");
    writeShards(path.join(folder, "shards"), rows, shards, rowsModule, unitModule);
    const results = steps.map((what) => measure(log, what, root, path.join(folder, "shards"), `${shards}`));
    const file = statSync(path.join(root, "data", "bench", "evaluate.jsonl")).size;
    const database = statSync(path.join(root, "cache", "bench", "results.sqlite")).size;
    return {
      rows,
      shards,
      fileMegabytes: Math.round(file / 1e6),
      databaseMegabytes: Math.round(database / 1e6),
      results,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function run(options, log) {
  const steps = ["merge", "check", "times", "open", "get", "each", "rebuild", "add and settle"];
  return measureStore(options, steps, log);
}

export function table({ rows, shards, fileMegabytes, databaseMegabytes, results }) {
  const told = {
    merge: `merge ${shards} folders into an empty store`,
    check: "results check",
    times: "results times",
    open: "open, and find one row",
    get: "find 10,000 rows by unit",
    each: "read all rows, one after the other",
    rebuild: "make the working store again from the committed file",
    "add and settle": "add one row and export",
  };
  const lines = results.map(
    ({ what, seconds, megabytes }) => `| ${told[what]} | ${seconds.toFixed(2)} | ${megabytes} |`,
  );
  return [
    `${rows} rows; committed file ${fileMegabytes} MB, working store ${databaseMegabytes} MB.`,
    "",
    "| work | seconds | most memory, MB |",
    "|---|---|---|",
    ...lines,
  ].join("\n");
}
