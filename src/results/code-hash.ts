import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
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

/**
 * Modules that are not followed. Lists of methods by name: a new method makes no stored row stale, since a unit names the
 * file of the one that it uses. And what runs and stores units, which cannot change a row.
 */
const unfollowed = new Set(["pruning/criteria.js", "study/define-unit.js", "study/cell-function.js"]);

/**
 * SHA-256 (hex) of compiled modules and of all modules of the project that they import, directly or not.
 * Only tokens count: comments and layout may change without changing the hash.
 *
 * @param entries modules by their path under `src`, such as `training/train.js`
 */
export function codeHash(entries: readonly string[]): string {
  const key = entries.join();
  const hash = hashes.get(key) ?? hashOf(entries);
  hashes.set(key, hash);
  return hash;
}

function hashOf(entries: readonly string[]): string {
  const seen = new Map<string, string>();
  const queue = entries.map((entry) => resolve(compiled, entry));
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const name = relative(compiled, file).replaceAll("\\", "/");
    if (seen.has(name) || unfollowed.has(name)) continue;
    const text = readModule(file);
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
