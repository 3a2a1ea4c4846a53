import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import * as sm from "#src/face.js";
import { sentenceDomain, tinyEncoder } from "./attacks/tiny-victim.js";
import { accidentIn } from "./documents/accidents.js";
import { refusalOf, wrongValues } from "./wrong-values.js";

/*
 * Each flat function of the face with values of wrong types in each of its places, the other places sound: whatever is
 * refused is refused in words of our own. What is accepted may run.
 */

const folder = mkdtempSync(path.join(tmpdir(), "signmix-messages-"));
const home = process.cwd();
process.chdir(folder);
process.env.HF_HUB_OFFLINE = "1"; // no encoder or domain is looked for on the hub
after(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

const encoder = tinyEncoder();
const domain = sentenceDomain();
const examples = domain.test;
const make = (seed: number) => sm.createAdapter(encoder, { method: "houlsby", reductionFactor: 16, seed });
const adapters = [make(1), make(1)];
const [a, b] = adapters;
const lora = sm.createAdapter(encoder, { method: "lora", rank: 2, seed: 1 });
const head = sm.createHead(encoder, domain.labels, { seed: 1 });
const plan = { adapter: a.config, head: head.config };
const matrix = [
  [0, 0.1],
  [0.1, 0],
];
const drawn = [{ moved: 1 }, { moved: 2 }];
const signs = sm.signMapOf(a);
const mask = sm.pruneAdapter(a, { sparsity: 0.5 }).mask;
const rows = [{ x: 1 }, { x: 2 }];

const study = await sm.openStudy({ profile: "smoke", quiet: true, results: folder, cache: folder });

const wrong = wrongValues(a, head);

/** Sound arguments of each function: few, cheap ones. */
const sound: Record<string, unknown[]> = {
  accuracy: [
    [0, 1],
    [0, 1],
  ],
  adapterConfig: [{ method: "lora" }],
  adapterFormat: [folder],
  adapterFromMatrix: ["a", [[1, 2]]],
  adapterHash: [a],
  ask: ["Which?", {}], // nobody answers here
  attackSummary: [[]],
  averageAdapters: [adapters, "mixture"],
  besideStudy: [{ x: [1, 1] }],
  chanceLevel: ["anchored", 2],
  check: ["02.2", 1],
  checkpointHead: [encoder],
  classroomDomain: ["sst2", { train: 4, dev: 2, test: 2 }],
  compareSigns: [signs, signs, "never"],
  cosineSimilarity: [a, b, {}],
  counterFittedSynonyms: ["none.txt", {}],
  createAdapter: [encoder, { method: "lora", seed: 1 }],
  createDomain: [{ name: "x", labels: ["n", "y"], source: "test", train: examples, dev: [], test: [] }],
  createEncoder: [encoder.config, { seed: 1 }],
  createEvaluator: [encoder, examples, plan, {}],
  createFgsm: [encoder, examples, plan, {}],
  createHead: [encoder, ["n", "y"], { seed: 1 }],
  createRandom: [1],
  createTextFooler: [encoder, plan, { similarityThreshold: 0.5 }],
  defineUnit: [{ kind: "none", module: import.meta.url, settings: () => ({}), run: () => ({}) }],
  describe: [rows],
  distanceMoved: [a],
  domainCard: ["sst2"],
  domainFromFolder: ["x", folder, {}],
  domainFromTable: ["none.csv", {}],
  domainFromHub: ["none/none", {}],
  domainStatistics: [domain, {}],
  encoderSimilarity: [encoder, { threshold: 0.5 }],
  enumerateMixtures: [3, {}],
  evaluate: [encoder, { adapter: a, head }, examples, {}],
  expectedFlipShares: [adapters, {}],
  expectedSignDifference: [a, b, {}],
  exportAdapter: [lora, "exported", "peft", {}],
  fgsm: [encoder, { adapter: a, head }, examples, {}],
  findLeaks: [domain, {}],
  flipShare: [adapters, a, {}],
  flipShareByDistance: [1, drawn, 0],
  flipShares: [adapters, {}],
  fractionOfSignDifference: [a, b, {}],
  greedyMix: [adapters, {}],
  importAdapter: [folder, {}],
  initialTensors: [a],
  layersByFsd: [adapters, {}],
  leastFsdChoice: [matrix, 1],
  loadDomain: ["x", { data: folder }],
  loadDomains: [["x"], { data: folder }],
  loadEncoder: ["none", {}],
  loadMask: ["none"],
  loadSparseAdapter: ["none"],
  macroF1: [
    [0, 1],
    [0, 1],
  ],
  majorityAccuracy: [domain, examples],
  mergeAdapter: [encoder, lora],
  mixAdapters: [adapters, {}],
  mixHeads: [[head, head], {}],
  mostFsdChoice: [matrix, 1],
  openStudy: [{ profile: "none" }],
  pruneAdapter: [a, { sparsity: 0.5 }],
  pruneThenMix: [adapters, { sparsity: 0.5 }],
  readScorecard: ["none", folder],
  rowMeans: [matrix],
  sameStart: [a, b],
  saveEncoder: [encoder, "saved"],
  saveMask: ["mask", mask],
  saveSparseAdapter: ["sparse", a, {}],
  say: ["so"],
  scaleChange: [a, 0.5],
  scoreClaims: [study, () => ({})],
  scorecardTable: [[]],
  selectBackend: ["cpu", { quiet: true }],
  setSignDifference: [adapters, {}],
  show: [rows, {}],
  sharedInitialisation: [adapters],
  signDifferenceByDistance: [1, drawn[0], drawn[1]],
  signDifferenceMatrix: [adapters, {}],
  signDifferenceOfSubsets: [adapters, {}],
  signMapOf: [a, {}],
  sparseMixing: [adapters, { layers: 1, sparsity: 0.5 }],
  sparsityOf: [a],
  standardError: [0.5, 10],
  subsample: [examples, 1, sm.createRandom(1), {}],
  table: [rows],
  textEmbedding: [encoder, examples, {}],
  trainedAdapter: [study, "none"],
  trainAdapter: [encoder, domain, { method: "lora", seed: 1, steps: 1, batchSize: 2, maxLength: 8 }],
  trainBagOfWords: [domain, { iterations: 1 }],
  trainProbe: [encoder, domain, { seed: 1, steps: 1, batchSize: 2, maxLength: 8 }],
  trainClassifier: [encoder, domain, { head }, { steps: 1, batchSize: 2, maxLength: 8 }],
  whyNotComparable: [a, b, {}],
  wilsonInterval: [0.5, 10],
  wordnetSynonyms: [],
};

const names = Object.entries(sm as Record<string, unknown>).flatMap(([name, value]) =>
  typeof value === "function" ? [name] : [],
);

test("every flat function of the face is tried", () => {
  assert.deepEqual(Object.keys(sound).sort(), names.slice().sort());
});

test("no flat function answers a wrong argument in words of JavaScript or of a library", async () => {
  await sm.selectBackend("cpu", { quiet: true });
  const found: string[] = [];
  let [tried, refused] = [0, 0];
  for (const [name, args] of Object.entries(sound)) {
    const call = (sm as unknown as Record<string, (...args: unknown[]) => unknown>)[name];
    for (const [place] of args.entries()) {
      for (const [text, value] of wrong) {
        const message = await refusalOf(
          call,
          args.map((arg, i) => (i === place ? value : arg)),
        );
        tried++;
        if (message !== "") refused++;
        if (accidentIn(message) !== undefined)
          found.push(`${name}, place ${place + 1}, ${text}: ${message.slice(0, 160)}`);
      }
    }
  }
  assert.deepEqual(found, []);
  assert.ok(tried > 1000 && refused > 700, `${refused} of ${tried} were refused`);
});
