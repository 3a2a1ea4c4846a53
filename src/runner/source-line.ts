import { createRequire, SourceMap } from "node:module";
import { spellOutProperties, tslabCompiler } from "../kernel/short-properties.js";

/*
 * tslab compiles a cell before it runs it and keeps no source map, so an error's stack names a line of the compiled text.
 * To tell the line that the reader wrote, the cell is compiled once more in two ways: by tslab's own converter, whose
 * text has the stack's line numbers, and by the same TypeScript with a source map; equal lines of the two are matched.
 */

interface Converter {
  convert(declarations: string, source: string): { output?: string; declOutput?: string };
  close(): void;
}

const require = createRequire(import.meta.url);

/** tslab's compiled text of the last of these cells, which sees the declarations of those before it. */
function compiledByTslab(cells: readonly string[], folder: string): string {
  const { createConverter } = require("tslab/dist/converter.js") as {
    createConverter(options: { isJS: boolean; isBrowser: boolean }): Converter;
  };
  const before = process.cwd();
  process.chdir(folder); // tslab resolves a cell's imports from the working directory
  const converter = createConverter({ isJS: false, isBrowser: false });
  try {
    let declarations = "";
    let output = "";
    for (const cell of cells) {
      const converted = converter.convert(declarations, cell);
      declarations = converted.declOutput ?? "";
      output = converted.output ?? "";
    }
    return output;
  } finally {
    converter.close();
    process.chdir(before);
  }
}

/** A compiled line without what the step to CommonJS adds: `(0, dist_1.mix)(a)` and `dist_1.palette` as written. */
function plainLine(line: string): string {
  return line
    .replace(/\(0, [\w$]+\.([\w$]+)\)/g, "$1")
    .replace(/\b[\w$]+_\d+\.(?:default\.)?/g, "")
    .replace(/^exports\.tsLastExpr = /, "")
    .replace(/\bexports\./g, "")
    .trim();
}

/**
 * The line of a cell's source (from 1) in which it failed, or undefined where it cannot be told.
 * @param cells sources of the notebook's cells up to and with the one that failed
 * @param folder the kernel's working directory
 * @param compiledLines lines (from 1) of the stack's `evalmachine.<anonymous>` frames, the outermost call first: inner
 *   ones may be functions of earlier cells, which the stack does not tell apart
 */
export function sourceLine(
  cells: readonly string[],
  folder: string,
  compiledLines: readonly number[],
): number | undefined {
  if (compiledLines.length === 0) return undefined;
  const ts = tslabCompiler();
  const sources = cells.map(spellOutProperties); // as the kernel compiles them
  const source = sources[sources.length - 1];
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, sourceMap: true };
  const { outputText, sourceMapText } = ts.transpileModule(source, { fileName: "cell.ts", compilerOptions });
  if (!sourceMapText) return undefined;
  const map = new SourceMap(JSON.parse(sourceMapText));
  const compiled = compiledByTslab(sources, folder).split("\n").map(plainLine);
  const own = outputText.split("\n");
  for (const compiledLine of compiledLines) {
    const text = compiled[compiledLine - 1];
    if (!text) continue; // tslab's own wrapper around the cell
    // Of several equal lines, the one with as many before it.
    const before = compiled.slice(0, compiledLine - 1).filter((line) => line === text).length;
    const matches = own.flatMap((line, at) => (plainLine(line) === text ? [at] : []));
    const line = matches[before] ?? matches[0];
    if (line === undefined) continue;
    const entry = map.findEntry(line, own[line].search(/\S/));
    if ("originalLine" in entry) return entry.originalLine + 1;
  }
  return undefined;
}
