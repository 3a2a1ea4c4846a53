import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, tokenizer } from "acorn";
import { sha256 } from "../files/hash.js";

const compiled = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** The tokens of a module and the project's modules it imports. */
interface ModuleText {
  tokens: string;
  imports: string[];
}

const modules = new Map<string, ModuleText>();

/**
 * SHA-256 (hex) of compiled modules and of all modules of the project that they import, directly or not.
 * Only tokens count: comments and layout may change without changing the hash.
 *
 * @param entries modules by their path under `src`, such as `training/train.js`
 * @param except folders whose modules do not count, because they cannot change a result (display, the worker pool)
 */
export function codeHash(entries: string[], except: string[] = []): string {
  const seen = new Map<string, string>();
  const queue = entries.map((entry) => resolve(compiled, entry));
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const name = relative(compiled, file).replaceAll("\\", "/");
    if (seen.has(name) || except.some((start) => name.startsWith(start))) continue;
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
