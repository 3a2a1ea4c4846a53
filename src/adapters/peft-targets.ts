import type { EncoderFamily } from "../encoder/config.js";
import type { LinearName } from "../encoder/hooks.js";
import { isObject } from "../files/json.js";
import { shown } from "../files/shown.js";
import { matrixPath } from "./layer-paths.js";
import type { PeftConfig } from "./peft-config.js";

/** The matrices of a layer that a LoRA can change, in the order of the layer. */
export const MATRICES: readonly LinearName[] = ["query", "key", "value", "attentionOutput", "intermediate", "output"];

/** A matrix of a layer that a folder has a LoRA on. */
export interface LoraPlace {
  layer: number;
  matrix: LinearName;
  /** Its path in the model, such as `bert.encoder.layer.0.attention.self.query`. */
  path: string;
}

/**
 * Checks that a folder has a LoRA on just those matrices that its configuration asks for (target_modules, exclude_modules,
 * layers_to_transform, layers_pattern, modules_to_save): PEFT ignores tensors that it leaves out, and starts missing ones anew.
 *
 * @param prefix what stands before `encoder.` in paths
 * @throws naming the matrix and the option
 */
export function requireTargets(
  json: PeftConfig,
  places: readonly LoraPlace[],
  family: EncoderFamily,
  prefix: string,
): void {
  const present = new Set(places.map(({ path }) => path));
  for (const { path } of places) {
    const why = whyLeftOut(json, path);
    if (why !== undefined) {
      throw new Error(
        `It has a LoRA on "${shown(path)}", which its configuration leaves out (${why}); PEFT would not use it.`,
      );
    }
  }
  if (json.target_modules === null || json.target_modules === undefined || json.target_modules === "all-linear") return;
  const layers = 1 + places.reduce((most, { layer }) => Math.max(most, layer), 0);
  for (let layer = 0; layer < layers; layer++) {
    for (const matrix of MATRICES) {
      const path = prefix + matrixPath(family, layer, matrix);
      if (!present.has(path) && whyLeftOut(json, path) === undefined) {
        throw new Error(`Its configuration asks for a LoRA on "${path}", and its file has none: it is not whole.`);
      }
    }
  }
}

/** The option by which PEFT leaves a module out; undefined where it takes it, or where that cannot be told. */
function whyLeftOut(json: PeftConfig, path: string): string | undefined {
  const { target_modules: targets, exclude_modules: excluded, layers_to_transform: layers } = json;
  if (matchesNames(excluded, path) === true) return "exclude_modules";
  const saved = Array.isArray(json.modules_to_save) ? json.modules_to_save : [];
  if (saved.some((name) => `.${path}.`.includes(`.${name}.`))) return "modules_to_save";
  if (targets === "all-linear" || targets === null || targets === undefined) return undefined;
  if (matchesNames(targets, path) === false) return "target_modules";
  if (typeof targets === "string" || layers === null || layers === undefined) return undefined;
  const wanted = Array.isArray(layers) ? layers : [layers];
  if (wanted.length === 0) return undefined;
  const layer = layerIn(path, json.layers_pattern);
  return layer !== undefined && wanted.includes(layer) ? undefined : "layers_to_transform";
}

/** Whether names that a path must end with, or a pattern of the whole path, match; undefined for a pattern that cannot be read. */
function matchesNames(names: unknown, path: string): boolean | undefined {
  if (typeof names === "string") return python(`^(?:${names})$`)?.test(path);
  return Array.isArray(names) && names.some((name) => path === name || path.endsWith(`.${name}`));
}

function layerIn(path: string, pattern: unknown): number | undefined {
  const patterns = (Array.isArray(pattern) ? pattern : [pattern]).filter(
    (name) => typeof name === "string" && name !== "",
  );
  if (patterns.length === 0) return numbered(/^.*?\.[^.]*\.(\d+)\./, path);
  for (const name of patterns) {
    const found = numbered(python(`^(?:|.*?\\.)(?:${name})\\.(\\d+)\\.`), path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function numbered(pattern: RegExp | undefined, path: string): number | undefined {
  const digits = pattern?.exec(path)?.pop();
  return digits === undefined ? undefined : Number(digits);
}

/** A pattern of Python's; its named groups are written otherwise. */
function python(source: string): RegExp | undefined {
  try {
    return new RegExp(source.replaceAll("(?P<", "(?<"));
  } catch {
    return undefined;
  }
}

/**
 * The one rank and alpha of all matrices, patterns (rank_pattern, alpha_pattern) taken in.
 *
 * @throws naming the option, if matrices differ in it, or if it is no number
 */
export function uniformScale(json: PeftConfig, places: readonly LoraPlace[]): { rank: number; alpha: number } {
  const uniform = (option: "r" | "lora_alpha", patternOption: "rank_pattern" | "alpha_pattern"): number => {
    const given = json[patternOption];
    const patterns = isObject(given) ? Object.entries(given) : [];
    const values = places.map(({ path }) => {
      const match = patterns.find(([pattern]) => python(`^(?:.*\\.)?(?:${pattern})$`)?.test(path));
      return match ? match[1] : json[option];
    });
    const value = values[0];
    if (typeof value !== "number") throw new Error(`Its configuration lacks a number at "${option}".`);
    if (values.some((other) => other !== value)) {
      throw new Error(
        `The PEFT option ${patternOption} = ${shown(JSON.stringify(given))} gives its matrices ${
          option === "r" ? "ranks" : "alphas"
        } that differ; signmix's LoRA has one for all.`,
      );
    }
    return value;
  };
  return { rank: uniform("r", "rank_pattern"), alpha: uniform("lora_alpha", "alpha_pattern") };
}

/** Whether the configuration may leave out layers at the end, so that the tensors do not tell how many there are. */
export function mayLeaveLayersOut(json: PeftConfig): boolean {
  const { layers_to_transform: layers, target_modules: targets, exclude_modules: excluded } = json;
  const some = (value: unknown) => (Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined);
  const listed = Array.isArray(targets) ? targets : [];
  return (
    some(layers) || some(excluded) || typeof targets === "string" || listed.some((name) => /\.\d+\./.test(String(name)))
  );
}
