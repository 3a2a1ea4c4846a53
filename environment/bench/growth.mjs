// How the cost of work grows with what it is of: texts, mixtures, members, length, subsets, stored rows, planned tests.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { median } from "simple-statistics";
import { trainSingles } from "../../dist/chapters/train/index.js";
import { loadDomain } from "../../dist/domains/load.js";
import { selectBackend } from "../../dist/engine/backend.js";
import { mixAdapters } from "../../dist/mixing/mix.js";
import { enumerateMixtures } from "../../dist/mixing/subsets.js";
import { signDifferenceOfSubsets } from "../../dist/signs/sign-difference-of-subsets.js";
import { openStudy } from "../../dist/study/study.js";
import { paddedLengths } from "../../dist/text/batching.js";
import { createEvaluator } from "../../dist/training/evaluate.js";
import { makeAdapters } from "./signs.mjs";
import { measureStore } from "./store.mjs";
import { domainsOf, examplesOf, makeWork, openEncoder, settings, sizeOf, trainedOf } from "./sweep-work.mjs";
import { timed } from "./timed.mjs";

export const name = "growth";
export const about = "how time grows with texts, mixtures, members, length, subsets, stored rows and planned tests";

const turns = 9;
const { batchSize, maxLength } = settings;

/** Median seconds of each size; the sizes take turns, and each runs once before. */
function over(sizes, workOf) {
  const works = sizes.map(workOf);
  for (const work of works) work();
  const seconds = sizes.map(() => []);
  for (let turn = 0; turn < turns; turn++)
    for (const [i, work] of works.entries()) seconds[i].push(timed(work).seconds);
  return sizes.map((size, i) => ({ size, seconds: median(seconds[i]) }));
}

/** Trained adapters of four domains and so many of their texts, on an encoder, and what `measure` makes of them. */
async function withWork(name, texts, log, measure) {
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-growth-"));
  try {
    await makeWork(folder, name, { texts, domains: 4 }, log);
    const tests = domainsOf(folder).map((domain) => {
      const trained = trainedOf(folder, domain);
      const plan = { adapter: trained.adapter.config, head: trained.head.config };
      return { ...trained, plan, examples: examplesOf(folder, domain) };
    });
    return await measure(await openEncoder(name), tests);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a worker pays once: its first pass over all texts, in which functions are recorded and compiled, beside a later one. */
function firstPass(encoder, tests) {
  const testers = tests.map(({ plan, examples }) => createEvaluator(encoder, examples, plan, { batchSize, maxLength }));
  const pass = () => {
    for (const [i, { adapter, head }] of tests.entries()) testers[i].run(adapter, head);
  };
  const first = timed(pass).seconds;
  const later = median(Array.from({ length: 5 }, () => timed(pass).seconds));
  const texts = tests.reduce((sum, { examples }) => sum + examples.length, 0);
  return { encoder: sizeOf(encoder.config), texts, first, later };
}

/** Sweeps of signmix-mini with Pfeiffer adapters. */
async function sweeps(encoder, tests) {
  const adapters = tests.map(({ adapter }) => adapter);
  const [{ plan, head }] = tests;
  const testerOf = (examples, longest = maxLength) =>
    createEvaluator(encoder, examples, plan, { batchSize, maxLength: longest });
  const { train } = await loadDomain("sst2", { maxTrain: 1200, maxDev: 1, maxTest: 1 });
  const mixture = mixAdapters(adapters);
  const few = testerOf(train.slice(0, 200));
  const wordsOf = (length) => Array.from({ length: 128 }, () => ({ text: "the ".repeat(length - 2), label: 0 }));
  return [
    {
      what: "texts that one mixture is tested on",
      points: over([150, 300, 600, 1200], (count) => {
        const tester = testerOf(train.slice(0, count));
        return () => tester.run(mixture, head);
      }),
    },
    {
      what: "mixtures of four, tested on 200 texts",
      points: over([4, 8, 16, 32], (count) => () => {
        for (let n = 0; n < count; n++) few.run(mixAdapters(adapters), head);
      }),
    },
    {
      what: "tokens of each of 128 texts",
      points: over(
        paddedLengths(maxLength).filter((length) => length % 16 === 0),
        (length) => {
          const tester = testerOf(wordsOf(length), length);
          return () => tester.run(mixture, head);
        },
      ),
    },
  ];
}

/** Mixing and counting with Houlsby adapters of BERT-base. */
function weights() {
  const adapters = makeAdapters();
  return [
    {
      what: "adapters of BERT-base, mixed",
      points: over([2, 4, 8, 13], (count) => () => mixAdapters(adapters.slice(0, count))),
    },
    {
      what: "subsets of adapters of BERT-base, signs counted",
      points: [7, 9, 11, 13].map((count) => ({
        size: 2 ** count - 1,
        seconds: median(
          Array.from({ length: 3 }, () => timed(() => signDifferenceOfSubsets(adapters.slice(0, count))).seconds),
        ),
      })),
    },
  ];
}

/** Keys of all tests of a pool of domains, each looked for in the store. */
async function plans() {
  const { evaluateUnit } = await import("../../dist/chapters/mix/evaluate-unit.js");
  const study = await openStudy({ profile: "classroom" });
  const singles = (await trainSingles(study, { methods: ["pfeiffer"], seeds: [1] })).slice(0, 13);
  const points = [];
  for (const count of [7, 9, 11, 13]) {
    const own = singles.slice(0, count);
    const began = performance.now();
    let tests = 0;
    for (const members of enumerateMixtures(count)) {
      const recipe = { make: "mixture", of: members.map((i) => own[i].adapter) };
      for (const target of members) {
        const input = { domain: own[target].domain, headOf: own[target].adapter, recipe };
        study.store.get(await evaluateUnit.unit(study, input));
        tests += 1;
      }
    }
    points.push({ size: tests, seconds: (performance.now() - began) / 1000 });
  }
  return { what: "tests planned: key made, row looked for", points };
}

/** Opening a store and reading every row, in a process of its own. */
async function stores(log) {
  const points = [];
  for (const rows of [1000, 10_000, 100_000]) {
    const { results } = await measureStore({ rows, shards: 1 }, ["merge", "each"], log);
    points.push({ size: rows, seconds: results.at(-1).seconds });
  }
  return { what: "stored rows, all read", points };
}

export async function run({ encoders }, log) {
  await selectBackend("onnx", { quiet: true });
  const passes = [];
  for (const name of encoders) passes.push(await withWork(name, 400, log, firstPass));
  log("first passes measured");
  const grown = await withWork("mini", 32, log, sweeps);
  log("sweeps measured");
  grown.push(...weights());
  log("mixing and signs measured");
  grown.push(await plans(), await stores(log));
  return { grown, passes };
}

const small = (seconds) => (seconds < 1 ? `${(1000 * seconds).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`);

/** The results as a table in Markdown. */
export function table({ grown, passes }) {
  return [
    `One core; medians. The last column is how much longer the largest takes than the smallest, over how much larger it is.`,
    "",
    "| of what | sizes | time | growth over growth in size |",
    "|---|---|---|---|",
    ...grown.map(({ what, points }) => {
      const [first, last] = [points[0], points.at(-1)];
      const share = last.seconds / first.seconds / (last.size / first.size);
      const sizes = points.map(({ size }) => size.toLocaleString("en")).join(" · ");
      return `| ${what} | ${sizes} | ${points.map(({ seconds }) => small(seconds)).join(" · ")} | ${share.toFixed(2)} |`;
    }),
    "",
    "A worker's first pass over the texts of four domains, in which functions are recorded and compiled, beside a later one:",
    "",
    "| encoder | texts | first | later | first ÷ later | share of a hundred passes |",
    "|---|---|---|---|---|---|",
    ...passes.map(({ encoder, texts, first, later }) => {
      const share = (first - later) / (first + 99 * later);
      return `| ${encoder} | ${texts} | ${small(first)} | ${small(later)} | ${(first / later).toFixed(2)} | ${(100 * share).toFixed(1)}% |`;
    }),
  ].join("\n");
}

/** Lines: share of the largest size against share of its time. */
export function figure({ grown }, about) {
  return {
    lines: grown.map(({ what, points }) => {
      const last = points.at(-1);
      return {
        name: what,
        x: points.map(({ size }) => size / last.size),
        y: points.map(({ seconds }) => seconds / last.seconds),
      };
    }),
    options: {
      title: "How cost grows",
      subtitle: `Work of rising size, on one core; on the diagonal it is in proportion\n${about.processor}`,
      x: "size, as share of the largest",
      y: "time, as share of the largest's",
      percent: "both",
      width: 900,
      height: 560,
    },
    made: {
      ...{ seeds: [1], encoder: "signmix-mini", data: "generated", backend: "onnx" },
      modules: ["training/evaluate.js", "mixing/mix.js"],
    },
  };
}
