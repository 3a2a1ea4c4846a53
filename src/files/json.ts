import { Budget, type BudgetKind } from "./budget.js";
import { shown } from "./shown.js";
import { decodeText, readBytes } from "./text-file.js";

/** How JSON is read. */
export interface JsonOptions {
  /** Its limits, or their kind. Default "config". */
  budget?: Budget | BudgetKind;
  /** Refuses an object that has a key twice, of which JSON.parse would keep the last. Default false. */
  uniqueKeys?: boolean;
}

/** An object of JSON whose fields are yet to be checked. */
export type JsonObject = Record<string, unknown>;

/**
 * Reads a JSON file, with or without a byte-order mark. Depth and parts are counted, and numbers checked, before anything
 * is built.
 *
 * @throws naming the file and the line, if it is no JSON, beyond its limits, or holds a number that is not finite (NaN,
 * Infinity, or a literal such as 1e999)
 */
export function readJson(path: string, options: JsonOptions = {}): unknown {
  const budget = budgetOf(options);
  let text: string;
  try {
    text = decodeText(readBytes(path, budget));
  } catch (error) {
    throw new Error(`Cannot read "${path}" as JSON: ${(error as Error).message}.`, { cause: error });
  }
  return parseJson(text, `"${path}"`, { ...options, budget });
}

/** {@link readJson} of a file that holds one object. */
export function readJsonObject(path: string, options: JsonOptions = {}): JsonObject {
  return objectOf(readJson(path, options), `"${path}"`);
}

/** {@link readJson} of a text; `name` is what errors call it. */
export function parseJson(text: string, name: string, options: JsonOptions = {}): unknown {
  try {
    checkJson(text, budgetOf(options), options.uniqueKeys ?? false);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`Cannot read ${name} as JSON: ${message}.`, { cause: error });
  }
  return JSON.parse(text);
}

/** {@link parseJson} of a text that holds one object. */
export function parseJsonObject(text: string, name: string, options: JsonOptions = {}): JsonObject {
  return objectOf(parseJson(text, name, options), name);
}

/** A value of JSON as an object. @throws naming the file where it is none */
export function objectOf(value: unknown, name: string): JsonObject {
  if (isObject(value)) return value;
  const what = value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
  throw new Error(`${name} holds ${what}, where an object ({…}) is needed: it is not the file it is taken for.`);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function budgetOf({ budget = "config" }: JsonOptions): Budget {
  return typeof budget === "string" ? new Budget(budget) : budget;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const WORD = /[-+\w.]+/y;

/** An open list or object. */
interface Level {
  close: "]" | "}";
  /** Keys of an object, where they must be unique. */
  keys?: Set<string>;
  /** The key or place of the value that is being read. */
  at: string | number;
}

/** Walks once through a JSON text without building anything. @throws at the first place where it is not as it must be */
function checkJson(text: string, budget: Budget, uniqueKeys: boolean): void {
  const levels: Level[] = [];
  let position = 0;

  const fail = (why: string): never => {
    const before = text.slice(0, position);
    const line = before.split("\n").length;
    throw new Error(`${why}, in line ${line}, column ${position - before.lastIndexOf("\n")}`);
  };
  const skip = () => {
    for (;;) {
      const code = text.charCodeAt(position);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      position++;
    }
  };
  const cutOff = () => fail("it ends too early: it was cut off, or not written to its end");
  const place = () => (levels.length === 0 ? "the value" : `"${shown(levels.map(({ at }) => at).join("."))}"`);

  /** Skips a string, whose quote is at `position`. */
  const string = (): string => {
    const start = position++;
    for (;;) {
      const code = text.charCodeAt(position);
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        const kind = text[position + 1];
        if (
          kind === "u" ? !/^[0-9a-fA-F]{4}$/.test(text.slice(position + 2, position + 6)) : !'"\\/bfnrt'.includes(kind)
        ) {
          return kind === undefined
            ? cutOff()
            : fail(`a text has the escape "\\${shown(kind)}", which JSON does not know`);
        }
        position += kind === "u" ? 6 : 2;
      } else if (code >= 0x20) position++;
      else if (Number.isNaN(code)) return cutOff();
      else return fail("a text goes over the end of its line, or has a control character");
    }
    return text.slice(start, ++position);
  };
  const scalar = (): void => {
    NUMBER.lastIndex = position;
    const number = NUMBER.exec(text)?.[0];
    WORD.lastIndex = position;
    const word = WORD.exec(text)?.[0];
    if (number !== undefined && number === word) {
      if (!Number.isFinite(Number(number))) fail(`${place()} is ${shown(number)}, which is beyond every number`);
    } else if (word === undefined) {
      const symbol = text[position];
      if (symbol === undefined) cutOff();
      else
        fail(symbol === "'" ? "texts stand in double quotes" : `there is a "${shown(symbol)}" where a value is needed`);
    } else if (/^[-+]?(?:nan|inf|infinity)$/i.test(word)) fail(`${place()} is ${word}, which is no finite number`);
    else if (word !== "true" && word !== "false" && word !== "null")
      fail(`${place()} is ${shown(word)}, which JSON does not know`);
    position += (word as string).length;
  };
  /** Reads the key of an object, and the colon after it. */
  const key = (level: Level): void => {
    skip();
    if (text.charCodeAt(position) !== QUOTE) {
      if (position >= text.length) cutOff();
      fail("a key in double quotes is needed here");
    }
    const written = string();
    level.at = written.includes("\\") ? (JSON.parse(written) as string) : written.slice(1, -1);
    if (level.keys?.has(level.at)) fail(`it has the key "${shown(level.at)}" twice`);
    level.keys?.add(level.at);
    skip();
    if (text[position] !== ":") position >= text.length ? cutOff() : fail("a colon is needed after the key");
    position++;
  };

  for (;;) {
    budget.takeParts(1, "its values");
    skip();
    const symbol = text[position];
    if (symbol === "{" || symbol === "[") {
      budget.checkDepth(levels.length + 1, "it");
      position++;
      skip();
      const level: Level =
        symbol === "{" ? { close: "}", at: "", ...(uniqueKeys && { keys: new Set() }) } : { close: "]", at: 0 };
      if (text[position] !== level.close) {
        levels.push(level);
        if (symbol === "{") key(level);
        continue;
      }
      position++;
    } else if (symbol === '"') string();
    else scalar();

    // after a value: commas and ends, as many as there are
    for (;;) {
      skip();
      const level = levels[levels.length - 1];
      if (!level) {
        if (position < text.length) fail("something follows after its end");
        return;
      }
      const next = text[position];
      if (next === ",") {
        position++;
        if (level.close === "}") key(level);
        else (level.at as number)++;
        break;
      }
      if (next !== level.close) {
        if (next === undefined) cutOff();
        fail(`there is a "${shown(next)}" where a comma or "${level.close}" is needed`);
      }
      position++;
      levels.pop();
    }
  }
}
