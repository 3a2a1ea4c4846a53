// What the sweep benchmark computes: trained adapters of the thirteen generated domains, mixed and tested on their texts.
import { readFileSync } from "node:fs";
import path from "node:path";
import { classifierTensors } from "../../dist/adapters/classify.js";
import { exportAdapter } from "../../dist/adapters/folder.js";
import { loadDomain } from "../../dist/domains/load.js";
import { loadEncoder, saveEncoder } from "../../dist/encoder/checkpoint.js";
import { createEncoder, encoderOf } from "../../dist/encoder/encoder.js";
import { int32 } from "../../dist/engine/tensor-data.js";
import { writeFileAtomic } from "../../dist/files/atomic.js";
import { projectPath } from "../../dist/files/project.js";
import { writeSafetensors } from "../../dist/files/safetensors.js";
import { decodeTrained, encodeTrained } from "../../dist/results/trained-file.js";
import { loadProfile } from "../../dist/study/profile.js";
import { encodeExamples } from "../../dist/training/examples.js";
import { trainAdapter } from "../../dist/training/train.js";

/** Settings of the class's profile: 13 domains, dev and test rows of each, batches of 32, 64 tokens at most. */
export const { settings } = loadProfile("classroom");

/** Steps of each adapter: enough that they differ and predict, few enough that the benchmark soon begins. */
const steps = 20;

/**
 * An encoder of the benchmarks: `mini`, which is shipped; a size such as `12x768`, with random weights and the mini's tokenizer; or
 * the folder of a checkpoint.
 */
export async function openEncoder(name = "mini") {
  const size = name.match(/^(\d+)x(\d+)$/);
  if (!size && name !== "mini") return loadEncoder(name);
  const mini = await loadEncoder(projectPath(...settings.encoder.split("/")));
  if (!size) return mini;
  const [layers, hiddenSize] = size.slice(1).map(Number);
  const shape = { layers, hiddenSize, heads: hiddenSize / 64, intermediateSize: 4 * hiddenSize, activation: "gelu" };
  const { weights, config } = createEncoder({ ...mini.config, ...shape }, { seed: 1, pooler: false });
  return encoderOf({ name, config, weights, tokenizer: mini.tokenizer });
}

/** An encoder's size, as tables have it. */
export const sizeOf = ({ layers, hiddenSize }) => `${layers} × ${hiddenSize}`;

/** What tables call an encoder of `openEncoder`. */
export const titleOf = (name, config) => (name === "mini" ? "signmix-mini" : sizeOf(config));

/** Adapters as the paper has them on RoBERTa: Pfeiffer's, 64 wide on 6 × 384. */
const adapterOptions = ({ hiddenSize }) => ({
  method: "pfeiffer",
  config: { reductionFactor: hiddenSize === 384 ? 6 : 16 },
});

const adapterFile = (folder, domain) => path.join(folder, `${domain}.safetensors`);
const split = { maxTrain: settings.trainRows, maxDev: settings.devRows, maxTest: settings.testRows };

const domainsFile = (folder) => path.join(folder, "domains.json");
const textsFile = (folder, domain) => path.join(folder, `${domain}.json`);

/** So many domains, those of SST-2's and MNLI's length first. */
function domainsFor(count) {
  const first = ["sst2", "mnli"];
  return [...first, ...settings.domains.filter((name) => !first.includes(name))].slice(0, count);
}

/** The domains of `makeWork`'s folder. */
export const domainsOf = (folder) => JSON.parse(readFileSync(domainsFile(folder), "utf8"));

/** An adapter and its head, as `makeWork` wrote them. */
export const trainedOf = (folder, domain) => decodeTrained(readFileSync(adapterFile(folder, domain)));

/** The texts that mixtures with a domain are tested on, as `makeWork` wrote them: in the order of the generator. */
export const examplesOf = (folder, domain) => JSON.parse(readFileSync(textsFile(folder, domain), "utf8"));

/**
 * Trains the adapters into a folder, with the first dev and test texts of each domain beside them, and one file of all that
 * PyTorch needs: weights, adapters, tokens.
 */
export async function makeWork(folder, encoderName, { texts, domains: count, data }, log) {
  const encoder = await openEncoder(encoderName);
  const hub = { encoder: path.join(folder, "encoder"), folders: [] };
  saveEncoder(encoder, hub.encoder);
  const { learningRate, batchSize, maxLength, warmupShare: warmup } = settings;
  const all = Object.entries(encoder.weights).map(([name, tensor]) => [`encoder.${name}`, tensor]);
  const domains = domainsFor(count);
  let written = 0; // a domain may have fewer texts than were asked for
  writeFileAtomic(domainsFile(folder), JSON.stringify(domains));
  for (const [i, domain] of domains.entries()) {
    const options = { ...adapterOptions(encoder.config), seed: 1, steps, learningRate, batchSize, maxLength, warmup };
    const loaded = await loadDomain(domain, { ...split, ...(data && { data }) });
    const { adapter, head } = await trainAdapter(encoder, loaded, options);
    writeFileAtomic(adapterFile(folder, domain), encodeTrained({ adapter, head }));
    hub.folders.push(path.join(folder, `adapterhub-${domain}`));
    exportAdapter(adapter, hub.folders[i], "adapterhub", { head });
    for (const [name, tensor] of Object.entries(classifierTensors(adapter, head))) all.push([`${i}.${name}`, tensor]);
    const examples = [...loaded.dev, ...loaded.test].slice(0, texts);
    writeFileAtomic(textsFile(folder, domain), JSON.stringify(examples));
    written += examples.length;
    const encodings = encodeExamples(encoder, examples, maxLength);
    const flat = (part) => {
      const values = encodings.flatMap((each) => Array.from(each[part]));
      return int32([values.length], Int32Array.from(values));
    };
    all.push([`${i}.ids`, flat("inputIds")], [`${i}.types`, flat("tokenTypeIds")]);
    all.push([
      `${i}.lengths`,
      int32(
        [encodings.length],
        Int32Array.from(encodings, ({ inputIds }) => inputIds.length),
      ),
    ]);
    log(`adapter ${i + 1}/${domains.length} trained`);
  }
  const file = path.join(folder, "work.safetensors");
  writeSafetensors(file, Object.fromEntries(all));
  const { layers, heads, layerNormEpsilon, activation } = encoder.config;
  const { method } = adapterOptions(encoder.config);
  const size = { layers, heads, layerNormEpsilon, activation, method, firstTokenOnly: false };
  return { file, domains, hub, size, examples: written };
}

/**
 * The tests of one turn: for every domain one mixture with its neighbours, tested on its texts. The number mixed is one of
 * the profile's, the next one at the next turn.
 */
export function testsOf(turn, domains) {
  const { mixtureSizes } = settings;
  const size = Math.min(mixtureSizes[turn % mixtureSizes.length], domains.length);
  return domains.map((_, target) => ({
    target,
    members: Array.from({ length: size }, (_, i) => (target + i) % domains.length).sort((a, b) => a - b),
  }));
}
