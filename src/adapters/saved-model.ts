import { existsSync } from "node:fs";
import { join } from "node:path";
import { type EncoderFamily, familyNamed } from "../encoder/config.js";
import { isObject, readJsonObject } from "../files/json.js";
import { shown } from "../files/shown.js";
import { EITHER_FAMILY, type SavedModel } from "./base.js";

/** The model that PEFT trained an adapter in, as far as its folder tells. */
export interface ToldModel {
  family: EncoderFamily | typeof EITHER_FAMILY;
  saved: SavedModel & { bare: boolean };
}

/** Prefixes that models of each family put before their layers. */
const PREFIXES: Record<string, EncoderFamily> = { bert: "bert", roberta: "roberta", distilbert: "distilbert" };

/**
 * The model by the class that the configuration names, else by what stands before the layers in the tensors' names, else by
 * the `config.json` of the folder that it names, else by the form of the classifier. A name such as `chinese-roberta` tells nothing.
 *
 * @param keys tensors' names, without PEFT's own prefix
 * @throws naming the model, if its arithmetic is not signmix's
 */
export function toldModel(json: Record<string, unknown>, keys: readonly string[]): ToldModel {
  const paths = keys.map((key) => /^(?:(.+?)\.)?(encoder|transformer)\.layer\.\d+\./.exec(key)).filter(Boolean);
  if (paths.length === 0) {
    throw new Error(
      `Its tensors, such as "${shown(keys[0] ?? "none")}", are of no model that signmix knows (BERT, RoBERTa, DistilBERT).`,
    );
  }
  const [, prefix, stack] = paths[0] as RegExpExecArray;
  const bare = prefix === undefined;
  const byPrefix = bare ? (stack === "transformer" ? "distilbert" : undefined) : PREFIXES[prefix];
  if (!bare && byPrefix === undefined) familyNamed(prefix); // refuses it by its name
  const modelType = classType(json.auto_mapping) ?? folderType(json.base_model_name_or_path);
  const family = modelType === undefined ? (byPrefix ?? byClassifier(keys)) : familyNamed(modelType);
  const saved = {
    bare,
    taskType: typeof json.task_type === "string" ? json.task_type : null,
    ...(modelType !== undefined && modelType !== family && { modelType }),
    ...(isObject(json.auto_mapping) && { autoMapping: json.auto_mapping }),
  };
  return { family, saved };
}

/** `transformers.models.xlm_roberta.modeling_xlm_roberta` is the model type xlm-roberta. */
function classType(mapping: unknown): string | undefined {
  const library = isObject(mapping) ? mapping.parent_library : undefined;
  return typeof library === "string"
    ? /^transformers\.models\.(\w+)\./.exec(library)?.[1].replaceAll("_", "-")
    : undefined;
}

function folderType(name: unknown): string | undefined {
  if (typeof name !== "string" || name === "" || !existsSync(join(name, "config.json"))) return undefined;
  const type = readJsonObject(join(name, "config.json")).model_type;
  return typeof type === "string" ? type : undefined;
}

/** BERT's classifier is one matrix, RoBERTa's are two. */
function byClassifier(keys: readonly string[]): ToldModel["family"] {
  if (keys.some((key) => /^classifier\.(modules_to_save\.default\.)?out_proj\.weight$/.test(key))) return "roberta";
  if (keys.some((key) => /^classifier\.(modules_to_save\.default\.)?weight$/.test(key))) return "bert";
  return EITHER_FAMILY;
}

/**
 * The family of an adapter, for what differs between families.
 *
 * @throws where the adapter does not tell
 */
export function familyOfBase(base: { family: string }, name: string): EncoderFamily {
  if (base.family !== EITHER_FAMILY) return familyNamed(base.family);
  throw new Error(
    `The adapter "${name}" does not tell whether its encoder is a BERT or a RoBERTa; import it with its encoder ({ encoder }).`,
  );
}

/** The family whose names of layers and matrices an adapter's tensors have; they are BERT's in RoBERTa too. */
export function layoutOf(base: { family: string }): EncoderFamily {
  return base.family === EITHER_FAMILY ? "bert" : familyNamed(base.family);
}
