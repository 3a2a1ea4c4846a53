import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Options, type Program, parse } from "acorn";
import { analyze } from "eslint-scope";
import { compiled } from "../results/code-hash.js";
import type { Json } from "../results/unit.js";

/** A function of the reader's as units name it: by its source, and what it takes beside `sm`. Plain data. */
export interface CellFunction {
  source: string;
  inputs: { [name: string]: Json };
}

/** Names that every function may use: the language's own, without clocks, chance and the outside world. */
const language = new Set(
  `undefined NaN Infinity Math Number Object Array String Boolean BigInt Map Set WeakMap Symbol JSON RegExp Error
  TypeError RangeError Promise Float32Array Float64Array Int8Array Int16Array Int32Array Uint8Array Uint16Array
  Uint32Array Uint8ClampedArray ArrayBuffer isNaN isFinite parseInt parseFloat structuredClone console arguments`.split(
    /\s+/,
  ),
);

/**
 * A function from a cell, ready to be named by units and run in workers, where it sees `sm`, what `inputs` holds by name,
 * and nothing else.
 *
 * @param what the name of the option that it was given as, for messages
 * @throws naming what it refers to that is not in scope
 */
export function cellFunction(
  fn: (...args: never[]) => unknown,
  inputs: { [name: string]: Json } = {},
  what: string = "the function",
): CellFunction {
  const { source, free } = inspect(fn.toString(), what);
  const known = (name: string) => name === "sm" || Object.hasOwn(inputs, name) || language.has(name);
  const unknown = [...free].filter((name) => !known(name)).sort();
  if (unknown.length > 0) {
    const names = unknown.map((name) => `"${name}"`).join(", ");
    throw new Error(
      `${what} refers to ${names}, which ${unknown.length > 1 ? "are" : "is"} not in scope where it runs: it sees its ` +
        `arguments, sm and what \`inputs\` holds. Pass ${unknown.length > 1 ? "them" : "it"} as inputs: ` +
        `{ ${unknown.join(", ")} }, or define ${unknown.length > 1 ? "them" : "it"} inside.`,
    );
  }
  const random = /\bMath\s*\.\s*random\b/.test(source);
  if (random)
    throw new Error(`${what} uses Math.random, so its result could not be computed again; use sm.createRandom.`);
  return { source, inputs: JSON.parse(JSON.stringify(inputs)) as CellFunction["inputs"] };
}

const loaded = new Map<string, unknown>();

/** A function of the reader's, with `sm` and its inputs in scope. */
export async function loadCellFunction<F extends (...args: never[]) => unknown>(cell: CellFunction): Promise<F> {
  const key = JSON.stringify(cell);
  const known = loaded.get(key);
  if (known) return known as F;
  const sm = (await import(pathToFileURL(join(compiled, "index.js")).href)) as object;
  const names = Object.keys(cell.inputs);
  // Compiled cells reach what an earlier cell declared as a property of `exports`.
  const scope = { sm, ...cell.inputs };
  const make = new Function("exports", "sm", ...names, `"use strict"; return (${cell.source});`);
  const fn = make(scope, sm, ...names.map((name) => cell.inputs[name])) as F;
  loaded.set(key, fn);
  return fn;
}

/** The modules of the face's names that a function uses, as paths below `dist`: what its result depends on. */
export function faceModules({ source }: CellFunction): string[] {
  const used = new Set([...source.matchAll(/\bsm\s*\.\s*([A-Za-z_$][\w$]*)/g)].map((match) => match[1]));
  return [...used].flatMap((name) => faceExports().get(name) ?? []).sort();
}

let face: Map<string, string> | undefined;

/** Where each name of the face comes from. */
function faceExports(): Map<string, string> {
  if (face) return face;
  face = new Map();
  const program = parse(readFileSync(join(compiled, "index.js"), "utf8"), modern);
  for (const node of program.body) {
    if (node.type === "ExportAllDeclaration" && node.exported?.type === "Identifier") {
      face.set(node.exported.name, pathBelow(node.source.value));
    }
    if (node.type !== "ExportNamedDeclaration" || !node.source) continue;
    for (const { exported } of node.specifiers) {
      if (exported.type === "Identifier") face.set(exported.name, pathBelow(node.source.value));
    }
  }
  return face;
}

const pathBelow = (specifier: unknown) => String(specifier).replace(/^\.\//, "");

const modern: Options = { ecmaVersion: "latest", sourceType: "module" };

/** A function's source without comments, and the names that it uses and no scope of its own declares. */
function inspect(text: string, what: string): { source: string; free: Set<string> } {
  const comments: { start: number; end: number }[] = [];
  let program: Program;
  try {
    const onComment = (_block: boolean, _text: string, start: number, end: number) => comments.push({ start, end });
    program = parse(`(${text})`, { ...modern, onComment, ranges: true });
  } catch {
    throw new Error(
      `${what} must be a function or an arrow function written in the cell; methods and built-ins cannot be sent.`,
    );
  }
  let source = `(${text})`;
  for (const { start, end } of comments.reverse()) source = `${source.slice(0, start)} ${source.slice(end)}`;
  source = source.slice(1, -1).trim();
  const scopes = analyze(program as Parameters<typeof analyze>[0], { ecmaVersion: 2022, sourceType: "module" });
  const free = new Set((scopes.globalScope?.through ?? []).map(({ identifier }) => identifier.name));
  // Compiled cells write `exports.name` for what an earlier cell declared.
  if (free.delete("exports")) for (const [, name] of source.matchAll(/\bexports\.([\w$]+)/g)) free.add(name);
  return { source, free };
}
