import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, tokenizer } from "acorn";
import { sha256 } from "../files/hash.js";

/** Folder of the compiled modules, `dist`. */
export const compiled = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** The tokens of a module and the project's modules it imports. */
interface ModuleText {
  tokens: string;
  imports: string[];
}

const modules = new Map<string, ModuleText>();

// A plan of fifty thousand units asks for the hash of few kinds.
const hashes = new Map<string, string>();

/** What runs and stores units, which cannot change a row: not followed. */
const unfollowed = new Set(["study/define-unit.js", "study/cell-function.js"]);

/**
 * Lists of methods by name. Of these only the files are followed whose method is named (`dare_ties` is
 * `strategies/dare-ties.js`), so that a new method makes no stored row stale; all of them where none is named.
 */
const lists = new Set(["pruning/criteria.js", "mixing/strategies.js"]);

/**
 * SHA-256 (hex) of compiled modules and of all modules of the project that they import, directly or not.
 * Only tokens count: comments and layout may change without changing the hash.
 *
 * @param entries modules by their path under `src`, such as `training/train.js`
 * @param names words among which are the names of the methods that are used, of those that lists hold
 */
export function codeHash(entries: readonly string[], names: readonly string[] = []): string {
  const key = JSON.stringify([entries, names]);
  const hash = hashes.get(key) ?? hashOf(entries, names);
  hashes.set(key, hash);
  return hash;
}

/** The method that a file of a list holds. */
const methodOf = (file: string) => basename(file, ".js");

const fileName = (method: string) => method.replaceAll("_", "-");

let allMethods: Set<string> | undefined;

/**
 * The words in settings that name a method of a list; in a text, such as a function's source, those between quotation
 * marks.
 */
export function methodsNamed(settings: unknown): string[] {
  allMethods ??= new Set([...lists].flatMap((list) => readModule(resolve(compiled, list)).imports.map(methodOf)));
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value === "object" && value !== null) for (const one of Object.values(value)) look(one);
    if (typeof value !== "string") return;
    const quoted = value.matchAll(/["'`]([\w-]+)["'`]/g);
    for (const word of [value, ...[...quoted].map(([, one]) => one)]) {
      if (allMethods?.has(fileName(word))) found.add(word);
    }
  };
  look(settings);
  return [...found].sort();
}

function hashOf(entries: readonly string[], names: readonly string[]): string {
  const named = new Set(names.map(fileName));
  const seen = new Map<string, string>();
  const queue = entries.map((entry) => resolve(compiled, entry));
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const name = relative(compiled, file).replaceAll("\\", "/");
    if (seen.has(name) || unfollowed.has(name)) continue;
    const text = readModule(file);
    if (lists.has(name)) {
      seen.set(name, "");
      const used = text.imports.filter((one) => named.has(methodOf(one)));
      queue.push(...(used.length > 0 ? used : text.imports));
      continue;
    }
    seen.set(name, text.tokens);
    queue.push(...text.imports);
  }
  return sha256(
    [...seen.keys()]
      .sort()
      .map((name) => `${name}\n${seen.get(name)}\n`)
      .join(""),
  );
}

/** The source of a function passed in from a cell, without comments and layout; for a unit's key. */
export function functionHash(fn: (...args: never[]) => unknown): string {
  return sha256(tokensOf(`(${fn.toString()})`));
}

function readModule(file: string): ModuleText {
  const known = modules.get(file);
  if (known) return known;
  if (!existsSync(file)) throw new Error(`${file} is not compiled; run npm run build.`);
  const source = readFileSync(file, "utf8");
  const program = parse(source, { ecmaVersion: "latest", sourceType: "module" });
  const imports: string[] = [];
  for (const node of program.body) {
    const from =
      node.type === "ImportDeclaration" ||
      node.type === "ExportNamedDeclaration" ||
      node.type === "ExportAllDeclaration"
        ? node.source?.value
        : undefined;
    if (typeof from === "string" && from.startsWith(".")) imports.push(resolve(dirname(file), from));
  }
  const text = { tokens: tokensOf(source), imports };
  modules.set(file, text);
  return text;
}

function tokensOf(source: string): string {
  const tokens: string[] = [];
  for (const token of tokenizer(source, { ecmaVersion: "latest", sourceType: "module" })) {
    tokens.push(source.slice(token.start, token.end));
  }
  return tokens.join(" ");
}
