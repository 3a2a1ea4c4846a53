import { join } from "node:path";
import { headCheckpointName, readCheckpointName } from "../encoder/checkpoint-names.js";
import { type EncoderFamily, familyNamed } from "../encoder/config.js";
import { standardHead, under } from "../encoder/heads.js";
import type { LinearName } from "../encoder/hooks.js";
import type { NamedTensorData } from "../engine/tensor-data.js";
import { writeJsonAtomic } from "../files/atomic.js";
import { Budget } from "../files/budget.js";
import { readJsonObject } from "../files/json.js";
import { shown } from "../files/shown.js";
import { type Adapter, type LoraConfig, placeOf } from "./adapter.js";
import { adapterConfig } from "./create.js";
import { baseOfTensors, type ImportedAdapter, requireTensors } from "./fit.js";
import { type Head, numberedLabels } from "./head.js";
import { matrixPath, readMatrixPath } from "./layer-paths.js";
import { type PeftConfig, refusePeftOptions, writePeftConfig } from "./peft-config.js";
import { readWeightsFile, type WeightsStorage, writeWeightsFile } from "./weights-file.js";

const PREFIX = "base_model.model.";

/** Whether a parsed `adapter_config.json` is PEFT's. */
export function isPeftConfig(json: PeftConfig): boolean {
  return "peft_type" in json;
}

/**
 * Reads a LoRA, and the classifier saved with it, from a folder that PEFT saved.
 *
 * @param name what to call it; PEFT's folders carry no name
 */
export function importPeft(folder: string, name: string): ImportedAdapter {
  const json = readJsonObject(join(folder, "adapter_config.json"));
  refusePeftOptions(json);
  const file = readWeightsFile(folder, "adapter_model.safetensors", "adapter_model.bin", new Budget("adapter"));
  if (!file) throw new Error(`"${folder}" has neither adapter_model.safetensors nor adapter_model.bin.`);
  const family = familyOf(json, Object.keys(file));
  const { tensors, heads, others } = sort(file, family);
  if (others.length > 0)
    throw new Error(`The adapter's file has a tensor "${shown(others[0])}" that signmix has no place for.`);

  const targets = [...new Set(Object.keys(tensors).map((tensor) => placeOf(tensor).module as LinearName))];
  if (typeof json.r !== "number" || typeof json.lora_alpha !== "number") {
    throw new Error(`"${folder}" lacks a rank (r) or lora_alpha in adapter_config.json.`);
  }
  const shape = baseOfTensors(tensors, []);
  const present = new Set(Object.keys(tensors).map((tensor) => placeOf(tensor).layer));
  const config = adapterConfig({
    method: "lora",
    rank: json.r,
    alpha: json.lora_alpha,
    rankStabilised: json.use_rslora === true,
    targets: MATRICES.filter((matrix) => targets.includes(matrix)),
    leaveOut: Array.from({ length: shape.layers }, (_, layer) => layer).filter((layer) => !present.has(layer)),
  }) as LoraConfig;
  const encoder = json.base_model_name_or_path;
  const base = { family, ...shape, ...(typeof encoder === "string" && encoder !== "" && { encoder }) };
  requireTensors(tensors, config, base, `"${folder}"`);
  const head = headOf(heads, family);
  return { adapter: { name, config, base, tensors }, ...(head && { head }), notes: [] };
}

const MATRICES: LinearName[] = ["query", "key", "value", "attentionOutput", "intermediate", "output"];

/** The family by the prefix of the keys, else by what the configuration tells of the model. */
function familyOf(json: PeftConfig, keys: string[]): EncoderFamily {
  const said = /^base_model\.model\.(bert|roberta|distilbert)\./;
  const prefix = keys.map((key) => said.exec(key)?.[1]).find(Boolean);
  if (prefix) return prefix as EncoderFamily;
  if (keys.some((key) => key.startsWith(`${PREFIX}transformer.layer.`))) return "distilbert";
  const told = JSON.stringify([json.auto_mapping, json.base_model_name_or_path]).toLowerCase();
  // "distilroberta" is a RoBERTa; "bert" is part of every name.
  if (told.includes("roberta")) return "roberta";
  if (told.includes("distilbert")) return "distilbert";
  if (told.includes("bert")) return "bert";
  throw new Error(
    `The adapter's file has tensors such as "${shown(keys[0])}", of no model that signmix knows (BERT, RoBERTa, DistilBERT).`,
  );
}

function sort(file: NamedTensorData, family: EncoderFamily) {
  const tensors: NamedTensorData = {};
  const heads: NamedTensorData = {};
  const others: string[] = [];
  for (const [key, tensor] of Object.entries(file)) {
    const path = key.startsWith(PREFIX) ? key.slice(PREFIX.length) : key;
    const [module, factor] = path.split(/\.lora_(?=[AB](?:\.default)?\.weight$)/);
    const place = factor ? readMatrixPath(family, module) : undefined;
    const head = readCheckpointName(family, path.replace(".modules_to_save.default", ""));
    if (place) tensors[`layers.${place.layer}.${place.matrix}.${factor[0]}`] = tensor;
    else if (head?.part === "head" && head.name.startsWith("classifier.")) heads[head.name] = tensor;
    else others.push(key);
  }
  return { tensors, heads, others };
}

function headOf(heads: NamedTensorData, family: EncoderFamily): Head | undefined {
  const tensors = under(heads, "classifier");
  if (!tensors["out.weight"]) return undefined;
  const labels = numberedLabels(tensors["out.weight"].shape[0]);
  return { name: "classifier", config: standardHead(family), labels, tensors };
}

/**
 * Writes a LoRA, and a head if given, as PEFT does.
 *
 * @throws for bottleneck adapters, and for heads that are not the model's own kind of classifier
 */
export function exportPeft(adapter: Adapter, folder: string, options: { head?: Head; storage: WeightsStorage }): void {
  const { config, base } = adapter;
  if (config.method !== "lora") {
    throw new Error(`PEFT has no ${config.method} adapters; export "${adapter.name}" to "adapterhub" or "signmix".`);
  }
  const family = familyNamed(base.family);
  const entries = Object.entries(adapter.tensors).map(([name, tensor]) => {
    const { layer, module, part } = placeOf(name);
    return [`${PREFIX}${family}.${matrixPath(family, layer, module as LinearName)}.lora_${part}.weight`, tensor];
  });
  const heads = options.head ? headEntries(options.head, family) : [];
  const saved = [...new Set(heads.map(([key]) => key.slice(PREFIX.length).split(".")[0]))];
  writeJsonAtomic(join(folder, "adapter_config.json"), writePeftConfig(config, { ...base, family }, saved));
  const tensors = Object.fromEntries([...entries, ...heads]);
  writeWeightsFile(folder, "adapter_model.safetensors", "adapter_model.bin", tensors, options.storage);
}

function headEntries(head: Head, family: EncoderFamily): [string, NamedTensorData[string]][] {
  const { input, layers, activation } = standardHead(family);
  const same = head.config.input === input && head.config.layers === layers;
  if (!same || (layers === 2 && head.config.activation !== activation)) {
    throw new Error(
      `PEFT keeps a head as the model's own classifier, for ${family} on the ` +
        `${input === "pooled" ? "pooler" : "first token"} with ${layers} ${layers === 1 ? "matrix" : "matrices"}; ` +
        `the head "${head.name}" is another. Export without it, or to "adapterhub".`,
    );
  }
  return Object.entries(head.tensors).map(([name, tensor]) => [
    PREFIX + headCheckpointName(family, `classifier.${name}`),
    tensor,
  ]);
}
