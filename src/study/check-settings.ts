import { methods } from "../adapters/methods.js";
import { amongNames } from "../files/among-names.js";
import { shownValue } from "../files/shown.js";

/** Most that a number of a profile may be. */
const MOST = 1_000_000;

/** Settings that are counted: whole numbers. */
const COUNTED =
  /^(steps|rank|maxLength|batchSize|poolSize|dosePartners|adaptiveTests|attackSeed|waySets|seeds|designSeeds|mixtureSizes|sparseSizes|waySizes)$|(Rows|PerSize|Texts|Steps)$/;

/** Settings that may be null: no value of theirs tells their kind. */
const NULLABLE = new Map<string, "number" | "object">([
  ["sharedClasses", "number"],
  ["designSeeds", "number"],
  ["rateTrial", "object"],
  ["similarityThreshold", "number"],
]);

/**
 * Checks a setting that takes the place of a profile's own: of the same kind, numbers finite and within a limit, lists
 * without repetition, methods by name.
 *
 * @param own the value that the profile has
 * @throws Error naming the setting, what it takes and what was given
 */
export function checkSetting(name: string, value: unknown, own: unknown): void {
  const nullable = NULLABLE.get(name);
  if (nullable !== undefined && value === null) return;
  const takes = whatFits(name, value, nullable ?? kindOf(own), own);
  if (takes === undefined) return;
  throw new Error(`The setting "${name}" takes ${takes}, not ${shownValue(value)}.`);
}

/** What the setting takes, in words, where the value does not fit; undefined where it does. */
function whatFits(name: string, value: unknown, kind: string, own: unknown): string | undefined {
  if (kind === "number") return numberFits(name, value);
  if (kind === "list") return listFits(name, value, own as readonly unknown[]);
  if (kindOf(value) === kind) return undefined;
  return kind === "string"
    ? `a word such as ${JSON.stringify(own)}`
    : kind === "boolean"
      ? "true or false"
      : "an object";
}

function numberFits(name: string, value: unknown): string | undefined {
  const counted = COUNTED.test(name);
  const fits = typeof value === "number" && value >= 0 && value <= MOST && (!counted || Number.isInteger(value));
  return fits ? undefined : `a ${counted ? "whole number" : "number"} from 0 to ${MOST}`;
}

function listFits(name: string, value: unknown, own: readonly unknown[]): string | undefined {
  const example = own.length > 0 ? `a list such as ${JSON.stringify(own.slice(0, 3))}` : "a list";
  if (!Array.isArray(value)) return example;
  const repeated = value.find((one, i) => value.indexOf(one) !== i);
  if (repeated !== undefined) return `a list without repetition (${shownValue(repeated)} is there twice)`;
  for (const one of value) {
    if (own.length > 0 && kindOf(one) !== kindOf(own[0])) return example;
    const takes = typeof one === "number" ? numberFits(name, one) : undefined;
    if (takes !== undefined) return takes;
    if (!/methods$/i.test(name) || Object.hasOwn(methods, one as string)) continue;
    const known = amongNames(String(one), Object.keys(methods));
    throw new Error(`There is no method ${shownValue(one)} for the setting "${name}"${known}.`);
  }
  return undefined;
}

function kindOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
}
