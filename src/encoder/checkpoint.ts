import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { NamedTensorData } from "../engine/tensor-data.js";
import { requireText } from "../files/arguments.js";
import { writeJsonAtomic } from "../files/atomic.js";
import { Budget } from "../files/budget.js";
import { type HubOptions, isHubId } from "../files/hub.js";
import { isObject, readJsonObject } from "../files/json.js";
import { requireOptions } from "../files/options.js";
import { readSafetensors, writeSafetensors } from "../files/safetensors.js";
import { readTorchCheckpoint } from "../files/torch-checkpoint.js";
import { loadTokenizer } from "../text/load-tokenizer.js";
import { encoderCheckpointName, headCheckpointName, readCheckpointName } from "./checkpoint-names.js";
import { type CheckpointConfig, fromCheckpointConfig, toCheckpointConfig } from "./config.js";
import { downloadEncoder } from "./download.js";
import { type Encoder, encoderOf, requireEncoder } from "./encoder.js";

/**
 * Loads an encoder from a folder in the Hugging Face layout: `config.json` and `model.safetensors` or
 * `pytorch_model.bin`, whole or in shards; or, where there is no such folder, from a hub by its id (see
 * `downloadFromHub` for the options).
 *
 * @throws naming what is missing or does not fit
 */
export async function loadEncoder(source: string, options: { name?: string } & HubOptions = {}): Promise<Encoder> {
  requireText(source, "loadEncoder takes the path of a folder or a hub id");
  requireOptions(options, "loadEncoder", "name");
  const isFolder = existsSync(source) || !isHubId(source);
  const folder = isFolder ? resolve(source) : await fromHub(source, options);
  const json = readConfig(folder);
  const config = fromCheckpointConfig(json);
  const weights: NamedTensorData = {};
  const heads: NamedTensorData = {};
  for (const [fileName, tensor] of Object.entries(readWeights(folder))) {
    const place = readCheckpointName(config.family, fileName);
    if (place?.part === "encoder") weights[place.name] = tensor;
    if (place?.part === "head") heads[place.name] ??= tensor;
  }
  // Tied to the word embeddings unless the config says otherwise; a copy in the file is the same matrix.
  if (json.tie_word_embeddings !== false) delete heads["mlm.decoder.weight"];
  const hasTokenizer = ["tokenizer.json", "vocab.txt", "vocab.json"].some((file) => existsSync(join(folder, file)));
  const tokenizer = hasTokenizer ? loadTokenizer(folder) : undefined;
  return encoderOf({
    name: options.name ?? (isFolder ? basename(folder) : source),
    config,
    weights,
    heads,
    labels: labelsOf(json),
    tokenizer,
  });
}

async function fromHub(id: string, options: HubOptions): Promise<string> {
  try {
    return await downloadEncoder(id, options);
  } catch (error) {
    throw new Error(`There is no folder "${id}", and as a hub id: ${(error as Error).message}`, { cause: error });
  }
}

function readConfig(folder: string): CheckpointConfig {
  const path = join(folder, "config.json");
  if (!existsSync(path)) {
    throw new Error(`There is no "${path}"; give a folder with an encoder in the Hugging Face layout.`);
  }
  return readJsonObject(path);
}

/** Safetensors first; whole files before shards. */
function readWeights(folder: string): NamedTensorData {
  const budget = new Budget("encoder"); // of all shards together
  const forms: [string, (path: string) => NamedTensorData][] = [
    ["model.safetensors", (path) => readSafetensors(path, { budget }).tensors],
    ["pytorch_model.bin", (path) => readTorchCheckpoint(path, { budget })],
  ];
  for (const [file, read] of forms) {
    if (existsSync(join(folder, file))) return read(join(folder, file));
    const index = join(folder, `${file}.index.json`);
    if (existsSync(index)) return Object.assign({}, ...shardsOf(index).map((shard) => read(join(folder, shard))));
  }
  throw new Error(`"${folder}" has neither model.safetensors nor pytorch_model.bin.`);
}

/** The files that an index names; never outside its folder. */
function shardsOf(index: string): string[] {
  const { weight_map: map } = readJsonObject(index);
  const files = isObject(map) ? [...new Set(Object.values(map))] : [];
  if (files.length === 0 || !files.every((file) => typeof file === "string")) {
    throw new Error(`"${index}" has no weight_map from tensors to files; get it again.`);
  }
  return (files as string[]).map((file) => basename(file));
}

/** Class names in the order of their ids, where the config has them. */
function labelsOf(json: CheckpointConfig): string[] | undefined {
  const byId = json.id2label;
  if (!isObject(byId) || !Object.values(byId).every((label) => typeof label === "string")) return undefined;
  return Object.entries(byId as Record<string, string>)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, label]) => label);
}

/** How the libraries call the classes of a model, by its `model_type`. */
const modelClasses: Record<string, string> = {
  bert: "Bert",
  roberta: "Roberta",
  "xlm-roberta": "XLMRoberta",
  camembert: "Camembert",
  distilbert: "DistilBert",
};

/**
 * Writes an encoder, with its heads, as `config.json` and `model.safetensors` in the Hugging Face layout.
 * Tokenizer files are not written.
 */
export function saveEncoder(encoder: Encoder, folder: string): void {
  requireEncoder(encoder, "saveEncoder");
  requireText(folder, "saveEncoder takes the path of a folder, second");
  const { family } = encoder.config;
  const heads = Object.entries(encoder.heads).map(([name, tensor]) => [headCheckpointName(family, name), tensor]);
  const prefix = heads.length > 0 ? `${family}.` : ""; // as the libraries do: a bare model has none
  const weights = Object.entries(encoder.weights).map(([name, tensor]) => [
    prefix + encoderCheckpointName(family, name),
    tensor,
  ]);
  writeSafetensors(join(folder, "model.safetensors"), Object.fromEntries([...weights, ...heads]), { format: "pt" });
  const suffix = encoder.heads["mlm.bias"] ? "ForMaskedLM" : heads.length > 0 ? "ForSequenceClassification" : "Model";
  writeJsonAtomic(join(folder, "config.json"), {
    architectures: [(modelClasses[encoder.config.modelType ?? family] ?? modelClasses[family]) + suffix],
    ...toCheckpointConfig(encoder.config),
    ...(encoder.labels && {
      id2label: Object.fromEntries(encoder.labels.map((label, i) => [i, label])),
      label2id: Object.fromEntries(encoder.labels.map((label, i) => [label, i])),
    }),
    ...(encoder.heads["mlm.decoder.weight"] && { tie_word_embeddings: false }),
  });
}
