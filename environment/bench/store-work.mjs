// One piece of work of the store benchmark, in a process of its own: prints its seconds and the most memory it held.
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { checkResults } from "../../dist/results/check.js";
import { mergeResults } from "../../dist/results/merge.js";
import { ResultStore } from "../../dist/results/store.js";

const [what, root, shards] = process.argv.slice(2);
const unitOf = (n) => ({
  kind: "evaluate",
  settings: { n, domains: ["sst2", "mnli"], method: "pfeiffer", seed: n % 3 },
  code: "bench",
});
const cache = path.join(root, "cache");
if (what === "rebuild") rmSync(cache, { recursive: true, force: true });

const started = performance.now();
const store = new ResultStore("bench", { folder: path.join(root, "data"), cache });
const works = {
  merge: () =>
    mergeResults(
      store,
      readdirSync(shards).map((name) => ({ folder: path.join(shards, name) })),
    ),
  check: () => checkResults(store, () => "bench"),
  times: () => store.storedKinds().map((kind) => [store.times(kind).length, store.count(kind)]),
  open: () => store.get(unitOf(0)),
  get: () => {
    for (let n = 0; n < 10000; n++) store.get(unitOf(n));
  },
  each: () => {
    let rows = 0;
    for (const { row } of store.each("evaluate")) rows += row.testRows > 0 ? 1 : 0;
    return rows;
  },
  rebuild: () => store.get(unitOf(0)),
  "add and settle": () => {
    store.add(unitOf(-1), { accuracy: 1, testRows: 500 });
    store.settle("evaluate");
  },
};
works[what]();
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, megabytes: Math.round(process.resourceUsage().maxRSS / 1000) }));
