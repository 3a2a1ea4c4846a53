import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as TypeScript from "typescript";
import { temporaryName } from "../../files/temporary.js";
import { snapshotFile } from "./snapshot-path.js";
import { nodeOptions } from "./start.js";

/*
 * Makes the snapshot from which the compiler starts: the memory of a Node.js in which TypeScript is loaded and the
 * declarations of what notebooks import are parsed. Node.js makes one of a single script that loads no file by itself, so the
 * compiler's modules are put into one.
 */

const entry = fileURLToPath(new URL("main.js", import.meta.url));
const builtins = new Set(builtinModules);
const isBuiltin = (name: string) => name.startsWith("node:") || builtins.has(name);

interface Packed {
  text: string;
  /** by the names under which it loads others: their files */
  loads: Record<string, string>;
}

/** All that the compiler's process loads, by file. */
function pack(tslabRequire: NodeJS.Require): Map<string, Packed> {
  const ts = tslabRequire("@tslab/typescript-for-tslab") as typeof TypeScript;
  const packed = new Map<string, Packed>();
  const add = (file: string): void => {
    if (packed.has(file)) return;
    const content = readFileSync(file, "utf8");
    const source = file.endsWith(".json") ? `module.exports = ${content};` : content;
    const isOwn = /^(import|export)\b/m.test(source) && !/^"use strict"/.test(source);
    const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
    const text = isOwn
      ? ts.transpileModule(source.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(file).href)), {
          compilerOptions: options,
        }).outputText
      : source;
    const loads: Record<string, string> = {};
    packed.set(file, { text, loads });
    for (const [, name] of text.matchAll(/[rR]equire(?:\.resolve)?\(["']([^"']+)["']\)/g)) {
      if (isBuiltin(name) || name in loads) continue;
      for (const resolver of [createRequire(file), tslabRequire]) {
        try {
          loads[name] = resolver.resolve(name);
          break;
        } catch {
          // Optional packages of TypeScript that are not installed.
        }
      }
      if (loads[name]) add(loads[name]);
    }
  };
  add(entry);
  return packed;
}

/** A text whose every character takes one byte in memory: one that takes two would make all others do so. */
const inBytes = (source: string) =>
  source.replace(/[^\0-\xff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** One script that holds the modules and loads the first. */
function scriptOf(packed: ReadonlyMap<string, Packed>): string {
  const modules = [...packed].map(
    ([file, { text, loads }]) =>
      `${JSON.stringify(file)}: { loads: ${JSON.stringify(loads)}, run(module, exports, require, __filename, __dirname) {\n${text}\n} }`,
  );
  return `"use strict";
const builtin = require;
const { fileURLToPath } = builtin("url");
const packed = { __proto__: null,
${modules.join(",\n")}
};
const cache = { __proto__: null };
const anywhere = Object.assign({ __proto__: null }, ...Object.values(packed).map(({ loads }) => loads));
function requireOf(file) {
  const fileOf = (name) => packed[file].loads[name] ?? (name.startsWith(".") ? undefined : anywhere[name]);
  const require = (name) => {
    const found = fileOf(name) ?? (packed[name] && name);
    if (found) return load(found);
    const plain = name.replace(/^node:/, "");
    if (plain === "module") return { createRequire: (at) => requireOf(at.startsWith("file:") ? fileURLToPath(at) : at) };
    return builtin(plain);
  };
  require.resolve = (name) => fileOf(name) ?? name;
  require.cache = cache;
  return require;
}
function load(file) {
  if (cache[file]) return cache[file].exports;
  const module = { id: file, filename: file, exports: {}, loaded: false };
  cache[file] = module;
  const cut = Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\\\"));
  packed[file].run.call(module.exports, module, module.exports, requireOf(file), file, file.slice(0, cut));
  module.loaded = true;
  return module.exports;
}
load(${JSON.stringify(entry)});
`;
}

/** Removes the snapshots of earlier compilers for this Node.js. */
function removeOlder(file: string): void {
  const name = basename(file);
  const same = name.replace(/-[0-9a-f]+\.blob$/, "-");
  for (const one of readdirSync(dirname(file))) {
    if (one.startsWith(same) && one.endsWith(".blob") && one !== name)
      rmSync(join(dirname(file), one), { force: true });
  }
}

/**
 * Makes the snapshot for this Node.js unless it is there. Takes some seconds and 67 MB.
 * @returns its file
 * @throws where Node.js cannot make one or the folder is read-only: the kernel works without it, and starts later
 */
export function makeSnapshot(): string {
  const file = snapshotFile();
  if (existsSync(file)) return file;
  const tslabRequire = createRequire(createRequire(entry).resolve("tslab/dist/converter.js"));
  mkdirSync(dirname(file), { recursive: true });
  const [script, blob] = [temporaryName(`${file}.cjs`), temporaryName(file)];
  try {
    writeFileSync(script, inBytes(scriptOf(pack(tslabRequire))));
    const options = [...nodeOptions, "--snapshot-blob", blob, "--build-snapshot", script];
    const { status, stderr } = spawnSync(process.execPath, options, {
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (status !== 0)
      throw new Error(`Node.js made no snapshot of the kernel's compiler: ${stderr.trim().slice(-500)}`);
    renameSync(blob, file);
  } finally {
    for (const one of [script, blob]) rmSync(one, { force: true });
  }
  removeOlder(file);
  return file;
}
