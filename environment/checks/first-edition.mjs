// Compares the classroom's numbers of today with those that the first edition committed, before its code was moved into
// chapters: for what both computed with the same texts, settings and start. Reads the old rows out of git's history.
// Usage: node environment/checks/first-edition.mjs
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../build.mjs";

const before = "fb05e6c"; // the last commit with rows of the first edition
const folder = "data/results/classroom";
const lines = (text) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const old = (kind) =>
  lines(
    execFileSync("git", ["show", `${before}:${folder}/${kind}.jsonl`], {
      cwd: root,
      maxBuffer: 1 << 28,
      encoding: "utf8",
    }),
  );
const today = (kind) => lines(readFileSync(path.join(root, folder, `${kind}.jsonl`), "utf8"));

/** Rows by what they are of, in words that both editions know. */
function byName(read) {
  const rows = new Map();
  const names = new Map(); // an adapter's hash to its words
  for (const { row, unit } of read("train")) {
    const { domain, config, seed, start, steps, learningRate, batchSize, encoder } = unit.settings;
    if (start) continue; // the first edition had one start for all
    const name = JSON.stringify([domain, config, seed, steps, learningRate, batchSize, encoder]);
    names.set(row.adapter, name);
    rows.set(name, { kind: "trained adapters", domain: row.domain, ...row });
  }
  for (const { row, unit } of read("evaluate")) {
    const { domain, headOf, recipe } = unit.settings;
    if (recipe.make !== "mixture") continue;
    const members = recipe.of.map((one) => names.get(one)).sort();
    if (Object.keys(recipe).length > 2 || [...members, names.get(headOf)].includes(undefined)) continue;
    rows.set(JSON.stringify([domain, names.get(headOf), members]), { kind: "mixtures", domain: domain.name, ...row });
  }
  for (const { row, unit } of read("prune")) {
    const { domain, adapter, form } = unit.settings;
    const weights = form.weights === "delta" ? "change" : form.weights;
    if (!names.has(adapter) || (form.criterion ?? "magnitude") !== "magnitude") continue;
    const name = JSON.stringify([domain, names.get(adapter), form.scope, form.sparsity, weights]);
    rows.set(name, { kind: "pruned adapters", domain: domain.name, ...row });
  }
  return rows;
}

const [first, second] = [byName(old), byName(today)];
const pairs = [...first].filter(([name]) => second.has(name)).map(([name, row]) => [row, second.get(name)]);
console.log("| both have | rows | the same labels predicted for every text | largest difference, points |");
console.log("|---|---|---|---|");
for (const kind of ["trained adapters", "mixtures", "pruned adapters"]) {
  const own = pairs.filter(([row]) => row.kind === kind);
  const same = own.filter(([a, b]) => a.correct === b.correct).length;
  const points = own.map(([a, b]) => 100 * Math.abs(a.accuracy - b.accuracy));
  console.log(`| ${kind} | ${own.length} | ${same} | ${Math.max(...points).toFixed(1)} |`);
}
const others = pairs.filter(([a, b]) => a.correct !== b.correct);
for (const [a, b] of others) {
  const loss = a.losses
    ? `, losses differ by ${Math.max(...a.losses.map((one, at) => Math.abs(one - b.losses[at]))).toExponential(0)}`
    : "";
  console.log(`${a.kind}, ${a.domain}: ${(100 * a.accuracy).toFixed(1)}, now ${(100 * b.accuracy).toFixed(1)}${loss}`);
}
