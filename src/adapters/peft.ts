import { join } from "node:path";
import type { LinearName } from "../encoder/hooks.js";
import type { NamedTensorData } from "../engine/tensor-data.js";
import { writeJsonAtomic } from "../files/atomic.js";
import { Budget } from "../files/budget.js";
import { readJsonObject } from "../files/json.js";
import { shown } from "../files/shown.js";
import type { Adapter } from "./adapter.js";
import type { AdapterBase } from "./base.js";
import { adapterConfig } from "./create.js";
import { baseOfTensors, type ImportedAdapter, requireTensors } from "./fit.js";
import type { Head } from "./head.js";
import { matrixPath, readMatrixPath } from "./layer-paths.js";
import type { LoraConfig } from "./lora.js";
import { type PeftConfig, refusePeftOptions, writePeftConfig } from "./peft-config.js";
import { readPeftHead, writePeftHead } from "./peft-head.js";
import { type LoraPlace, MATRICES, mayLeaveLayersOut, requireTargets, uniformScale } from "./peft-targets.js";
import { placeOf } from "./place.js";
import { familyOfBase, layoutOf, type ToldModel, toldModel } from "./saved-model.js";
import { readWeightsFile, type WeightsStorage, writeWeightsFile } from "./weights-file.js";

const PREFIX = "base_model.model.";

/** Whether a parsed `adapter_config.json` is PEFT's. */
export function isPeftConfig(json: PeftConfig): boolean {
  return "peft_type" in json;
}

/**
 * Reads a LoRA, and the classifier saved with it, from a folder that PEFT saved. Tensors beside the LoRA of the layers are left
 * out with a note; what makes it another thing than a LoRA is refused.
 *
 * @param name what to call it; PEFT's folders carry no name
 */
export function importPeft(folder: string, name: string): ImportedAdapter {
  const json = readJsonObject(join(folder, "adapter_config.json"));
  refusePeftOptions(json);
  const file = readWeightsFile(folder, "adapter_model.safetensors", "adapter_model.bin", new Budget("adapter"));
  if (!file) throw new Error(`"${folder}" has neither adapter_model.safetensors nor adapter_model.bin.`);
  try {
    return readLora(json, file, name);
  } catch (error) {
    throw new Error(`"${folder}": ${(error as Error).message}`, { cause: error });
  }
}

function readLora(json: PeftConfig, file: NamedTensorData, name: string): ImportedAdapter {
  const paths = new Map(Object.keys(file).map((key) => [key.startsWith(PREFIX) ? key.slice(PREFIX.length) : key, key]));
  const model = toldModel(json, [...paths.keys()]);
  const { tensors, places, others } = sort(file, paths, model);
  const { rank, alpha } = uniformScale(json, places);
  const family = layoutOf(model);
  requireTargets(json, places, family, model.saved.bare ? "" : `${family}.`);
  const shape = baseOfTensors(tensors, []);
  const present = new Set(places.map(({ layer }) => layer));
  const matrices = new Set(places.map(({ matrix }) => matrix));
  const config = adapterConfig({
    method: "lora",
    rank,
    alpha,
    rankStabilised: json.use_rslora === true,
    targets: MATRICES.filter((matrix) => matrices.has(matrix)),
    leaveOut: Array.from({ length: shape.layers }, (_, layer) => layer).filter((layer) => !present.has(layer)),
  }) as LoraConfig;
  const encoder = json.base_model_name_or_path;
  const base: AdapterBase = {
    family: model.family,
    ...shape,
    ...(mayLeaveLayersOut(json) && { layersAtLeast: true as const }),
    saved: model.saved,
    ...(typeof encoder === "string" && encoder !== "" && { encoder }),
  };
  requireTensors(tensors, config, base, "It");
  const { head, notes } = readPeftHead(json, others, model, shape.hiddenSize);
  return { adapter: { name, config, base, tensors }, ...(head && { head }), notes };
}

/** The LoRA of the layers, and all other tensors by their path without the model's prefix. */
function sort(file: NamedTensorData, paths: ReadonlyMap<string, string>, model: ToldModel) {
  const family = layoutOf(model);
  const tensors: NamedTensorData = {};
  const places = new Map<string, LoraPlace>();
  const others: NamedTensorData = {};
  for (const [path, key] of paths) {
    const [module, factor] = path.split(/\.lora_(?=[AB](?:\.default)?\.weight$)/);
    const place = factor ? readMatrixPath(family, module) : undefined;
    if (place) {
      tensors[`layers.${place.layer}.${place.matrix}.${factor[0]}`] = file[key];
      places.set(module, { ...place, path: module });
    } else if (/\.lora_|\.base_layer\./.test(path) && /(encoder|transformer)\.layer\.\d+\./.test(path)) {
      const dora = path.includes("magnitude") ? ", of DoRA" : "";
      throw new Error(
        `Its file has the tensor "${shown(path)}"${dora}, which changes what a layer computes and is no LoRA of its matrices.`,
      );
    } else others[model.saved.bare ? path : path.replace(`${family}.`, "")] = file[key];
  }
  if (places.size === 0) {
    throw new Error(`It has no LoRA on a matrix of a layer; its tensors are such as "${shown([...paths.keys()][0])}".`);
  }
  return { tensors, places: [...places.values()], others };
}

/**
 * Writes a LoRA, and a head if given, as PEFT does. An adapter that PEFT saved from a bare encoder goes back into one, unless a
 * head is written with it.
 *
 * @throws for bottleneck adapters, and for heads that are not the model's own kind of classifier
 */
export function exportPeft(adapter: Adapter, folder: string, options: { head?: Head; storage: WeightsStorage }): void {
  const { config, base } = adapter;
  if (config.method !== "lora") {
    throw new Error(`PEFT has no ${config.method} adapters; export "${adapter.name}" to "adapterhub" or "signmix".`);
  }
  const bare = base.saved?.bare === true && !options.head;
  const family = bare ? layoutOf(base) : familyOfBase(base, adapter.name);
  const prefix = bare ? "" : `${family}.`;
  const entries = Object.entries(adapter.tensors).map(([name, tensor]) => {
    const { layer, module, part } = placeOf(name);
    return [`${PREFIX}${prefix}${matrixPath(family, layer, module as LinearName)}.lora_${part}.weight`, tensor];
  });
  const head = options.head ? writePeftHead(options.head, family) : { tensors: {}, modules: [] };
  const heads = Object.entries(head.tensors).map(([path, tensor]) => [PREFIX + path, tensor]);
  writeJsonAtomic(
    join(folder, "adapter_config.json"),
    writePeftConfig(adapter.config as LoraConfig, { ...base, family }, head.modules),
  );
  const tensors = Object.fromEntries([...entries, ...heads]);
  writeWeightsFile(folder, "adapter_model.safetensors", "adapter_model.bin", tensors, options.storage);
}
