import { existsSync } from "node:fs";
import { join } from "node:path";
import { readCheckpointName } from "../encoder/checkpoint-names.js";
import { type EncoderFamily, familyNamed } from "../encoder/config.js";
import { standardHead, under } from "../encoder/heads.js";
import type { NamedTensorData } from "../engine/tensor-data.js";
import { writeJsonAtomic } from "../files/atomic.js";
import { Budget } from "../files/budget.js";
import { isObject, readJsonObject } from "../files/json.js";
import { listed } from "../files/listed.js";
import { shown } from "../files/shown.js";
import type { Adapter } from "./adapter.js";
import { type HubConfig, readHubConfig, readHubHead, writeHubConfig, writeHubHead } from "./adapterhub-config.js";
import type { AdapterBase } from "./base.js";
import { baseOfTensors, type ImportedAdapter, requireTensors } from "./fit.js";
import type { Head } from "./head.js";
import { numberedLabels, whyNotWhole } from "./head.js";
import { matrixPath, readMatrixPath } from "./layer-paths.js";
import { familyOfBase } from "./saved-model.js";
import { readWeightsFile, type WeightsStorage, writeWeightsFile } from "./weights-file.js";

/** The release of AdapterHub's library whose folder layout is written. */
const WRITTEN_VERSION = "adapters.1.2.0";

const PARTS: [string, string][] = [
  ["adapter_down.0.weight", "down.weight"],
  ["adapter_down.0.bias", "down.bias"],
  ["adapter_up.weight", "up.weight"],
  ["adapter_up.bias", "up.bias"],
];

/** Module paths after which a bottleneck sits, per family: [attention, feedForward]. */
const BOTTLENECKS: Record<EncoderFamily, (layer: number) => [string, string]> = {
  bert: (layer) => [`encoder.layer.${layer}.attention.output`, `encoder.layer.${layer}.output`],
  roberta: (layer) => [`encoder.layer.${layer}.attention.output`, `encoder.layer.${layer}.output`],
  distilbert: (layer) => [
    `transformer.layer.${layer}.attention_adapters`,
    `transformer.layer.${layer}.output_adapters`,
  ],
};

/** Classes of the library by a model's `model_type`. */
const MODEL_CLASSES: Record<string, string> = {
  bert: "BertAdapterModel",
  roberta: "RobertaAdapterModel",
  distilbert: "DistilBertAdapterModel",
  "xlm-roberta": "XLMRobertaAdapterModel",
};

/** Reads an adapter, and its head if there is one, from a folder that AdapterHub's library saved. */
export function importAdapterHub(folder: string): ImportedAdapter {
  const json = readJsonObject(join(folder, "adapter_config.json"));
  const family = familyNamed(json.model_type);
  const name = typeof json.name === "string" ? json.name : "adapter";
  const { config, notes } = readHubConfig(json.config, typeof json.version === "string" ? json.version : undefined);
  const budget = new Budget("adapter");
  const file = readWeightsFile(folder, "adapter.safetensors", "pytorch_adapter.bin", budget);
  if (!file) throw new Error(`"${folder}" has neither adapter.safetensors nor pytorch_adapter.bin.`);
  const tensors = readTensors(file, family, name);
  const base: AdapterBase = {
    family,
    ...baseOfTensors(tensors, config.leaveOut),
    ...(json.model_type !== family && { saved: { modelType: String(json.model_type) } }),
    ...(typeof json.model_name === "string" && json.model_name !== "" && { encoder: json.model_name }),
  };
  if (typeof json.hidden_size === "number" && json.hidden_size !== base.hiddenSize) {
    throw new Error(`"${folder}" names a hidden size of ${json.hidden_size}, but its tensors have ${base.hiddenSize}.`);
  }
  requireTensors(tensors, config, base, `"${folder}"`);
  const adapter: Adapter = { name, config, base, tensors };
  const head = importHead(folder, family, base.hiddenSize, notes, budget);
  return { adapter, ...(head && { head }), notes };
}

function readTensors(file: NamedTensorData, family: EncoderFamily, name: string): NamedTensorData {
  const entries = Object.entries(file).map(([key, tensor]) => {
    const ours = readTensorName(key, family, name);
    if (!ours) throw new Error(`The adapter's file has a tensor "${shown(key)}" that signmix has no place for.`);
    return [ours, tensor];
  });
  return Object.fromEntries(entries);
}

/** `[bert.]encoder.layer.0.output.adapters.<name>.adapter_down.0.weight` → `layers.0.feedForward.down.weight`. */
function readTensorName(key: string, family: EncoderFamily, name: string): string | undefined {
  // Folders of before 2020 tell task and language adapters apart by the path.
  const path = key.replace(/\b(attention|layer)_text_(task|lang)_adapters\b/, "adapters");
  const lora = path.split(`.loras.${name}.lora_`);
  if (lora.length === 2 && (lora[1] === "A" || lora[1] === "B")) {
    const place = readMatrixPath(family, lora[0]);
    return place && `layers.${place.layer}.${place.matrix}.${lora[1]}`;
  }
  const [module, rest] = path.split(`.adapters.${name}.`);
  const part = PARTS.find(([theirs]) => theirs === rest)?.[1];
  const layer = Number(/\.layer\.(\d+)\./.exec(module)?.[1]);
  if (!part || Number.isNaN(layer)) return undefined;
  const [attention, feedForward] = BOTTLENECKS[family](layer);
  const bare = module.replace(new RegExp(`^${family}\\.`), "");
  if (bare === attention) return `layers.${layer}.attention.${part}`;
  return bare === feedForward ? `layers.${layer}.feedForward.${part}` : undefined;
}

function writeTensorName(name: string, family: EncoderFamily, adapterName: string): string {
  const [, layer, module, part] = /^layers\.(\d+)\.([A-Za-z]+)\.(.+)$/.exec(name)!;
  if (part === "A" || part === "B") {
    const path = matrixPath(family, Number(layer), module as Parameters<typeof matrixPath>[2]);
    return `${family}.${path}.loras.${adapterName}.lora_${part}`;
  }
  const [attention, feedForward] = BOTTLENECKS[family](Number(layer));
  const theirs = PARTS.find(([, ours]) => ours === part)![0];
  return `${family}.${module === "attention" ? attention : feedForward}.adapters.${adapterName}.${theirs}`;
}

function importHead(
  folder: string,
  family: EncoderFamily,
  hiddenSize: number,
  notes: string[],
  budget: Budget,
): Head | undefined {
  const configPath = join(folder, "head_config.json");
  const file = readWeightsFile(folder, "model_head.safetensors", "pytorch_model_head.bin", budget);
  if (!existsSync(configPath) || !file) {
    if (file) notes.push("left out the head, which has no head_config.json beside its weights");
    else if (existsSync(configPath)) notes.push("left out the head: head_config.json has no weights beside it");
    return undefined;
  }
  const json = readJsonObject(configPath);
  const leave = (reason: string) => {
    notes.push(`left out the head, which ${reason}: ${listed(Object.keys(file))}`);
    return undefined;
  };
  const hub = isObject(json.config) ? (json.config as HubConfig) : null;
  const ids = (hub ?? json).label2id;
  if (!hub) {
    const task = /For(?!SequenceClassification)(\w+)$/.exec(String(json.model_class))?.[1];
    if (task) return leave(`is one for ${shown(task)}`);
    // The model's own classifier, as `…ForSequenceClassification` has it.
    const found = Object.entries(file).map(([key, tensor]) => [readCheckpointName(family, key)?.name, tensor] as const);
    const tensors = under(Object.fromEntries(found.filter(([name]) => name)) as NamedTensorData, "classifier");
    if (!tensors["out.weight"]) return leave("is no classifier");
    const config = standardHead(family);
    const why = whyNotWhole(tensors, config, hiddenSize);
    if (why) return leave(why);
    return { name: "classifier", config, labels: labelsOf(ids, tensors), tensors };
  }
  const config = readHubHead(hub);
  if (typeof config === "string") return leave(config);
  const name = String(json.name);
  const positions = config.layers === 2 ? { dense: "1", out: "4" } : { out: "1" };
  const tensors: NamedTensorData = {};
  for (const [ours, position] of Object.entries(positions)) {
    for (const part of ["weight", "bias"]) {
      const key = `heads.${name}.${position}.${part}`;
      if (!file[key]) return leave(`is not whole: it lacks ${shown(key)}`);
      tensors[`${ours}.${part}`] = file[key];
    }
  }
  const why = whyNotWhole(tensors, config, hiddenSize);
  if (why) return leave(why);
  return { name, config, labels: labelsOf(ids, tensors), tensors };
}

/** Class names in the order of their ids. */
function labelsOf(label2id: unknown, tensors: NamedTensorData): string[] {
  const classes = tensors["out.weight"].shape[0];
  const entries = Object.entries((isObject(label2id) ? label2id : {}) as Record<string, number>).sort(
    ([, a], [, b]) => a - b,
  );
  const complete = entries.length === classes && entries.every(([, id], i) => id === i);
  return complete ? entries.map(([label]) => label) : numberedLabels(classes);
}

/** Writes an adapter, and a head if given, as AdapterHub's library does. */
export function exportAdapterHub(
  adapter: Adapter,
  folder: string,
  options: { head?: Head; storage: WeightsStorage },
): void {
  const { hiddenSize, encoder } = adapter.base;
  const family = familyOfBase(adapter.base, adapter.name);
  const modelType = adapter.base.saved?.modelType ?? family;
  if (!Object.hasOwn(MODEL_CLASSES, modelType)) {
    throw new Error(
      `AdapterHub has no class for adapters of ${modelType}; export "${adapter.name}" to "peft" or "signmix".`,
    );
  }
  const name = adapter.name.replaceAll(".", "_"); // a module's name, in which the library allows no dot
  const common = {
    hidden_size: hiddenSize,
    model_class: MODEL_CLASSES[modelType],
    model_name: encoder ?? "",
    model_type: modelType,
    name,
    version: WRITTEN_VERSION,
  };
  writeJsonAtomic(join(folder, "adapter_config.json"), { config: writeHubConfig(adapter.config), ...common });
  const tensors = rename(adapter.tensors, (tensor) => writeTensorName(tensor, family, name));
  writeWeightsFile(folder, "adapter.safetensors", "pytorch_adapter.bin", tensors, options.storage);
  if (!options.head) return;
  writeJsonAtomic(join(folder, "head_config.json"), { config: writeHubHead(options.head), ...common });
  const head = rename(options.head.tensors, (tensor) => {
    const [module, part] = tensor.split(".");
    return `heads.${name}.${module === "out" && options.head!.config.layers === 2 ? 4 : 1}.${part}`;
  });
  writeWeightsFile(folder, "model_head.safetensors", "pytorch_model_head.bin", head, options.storage);
}

function rename(tensors: NamedTensorData, to: (name: string) => string): NamedTensorData {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [to(name), tensor]));
}

/** Whether a parsed `adapter_config.json` is AdapterHub's. */
export function isAdapterHubConfig(json: Record<string, unknown>): boolean {
  return "config" in json && "model_type" in json;
}
