import { SourceMap } from "node:module";
import type { Maps } from "../compiler/protocol.js";
import { linesBefore, type Place } from "../excerpt.js";

/*
 * Where in a reader's cell something happened. V8 knows the text that runs; two source maps lead from it to the cell. Every
 * stack trace of this process is written in terms of cells, whoever prints it.
 */

interface Script {
  label: string;
  /** characters before the cell on its first line */
  indent: number;
  maps: Maps;
  read?: SourceMap[];
}

const prefix = "signmix-cell:";
const scripts = new Map<string, Script>();
const sources = new Map<string, string>();

/** Announces the source of a cell that is about to be compiled. */
export function addSource(label: string, source: string): void {
  sources.set(label, source);
}

/** Announces a compiled cell; V8 is to know it by the name that comes back. */
export function addScript(number: number, script: Script): string {
  const name = `${prefix}${number}`;
  scripts.set(name, script);
  return name;
}

/** Whether a script's name is that of a cell. */
export function isCellScript(name: string): boolean {
  return name.startsWith(prefix);
}

/** The source of a cell by its label, the latest of that label. */
export function sourceOf(label: string): string | undefined {
  return sources.get(label);
}

/** The place in the cell from line and column (from 1) of the text that runs. */
export function placeOf(scriptName: string, line: number, column: number): Place | undefined {
  const script = scripts.get(scriptName);
  if (!script) return undefined;
  const { label, indent, maps } = script;
  script.read ??= [maps.moduleMap, maps.cellMap].flatMap((map) => (map ? [new SourceMap(JSON.parse(map))] : []));
  let at = { line: line - 1, column: Math.max(0, column - 1 - (line === 1 ? indent : 0)) };
  for (const map of script.read) {
    const entry = map.findEntry(at.line, at.column);
    // What has no entry on its line is no line of the reader's, such as the call by which tslab starts a cell.
    if (!("originalLine" in entry) || entry.generatedLine !== at.line) return undefined;
    at = { line: entry.originalLine, column: entry.originalColumn };
  }
  return { label, line: at.line + 1 - (script.read.length > 0 ? linesBefore : 0), column: at.column + 1 };
}

/** Frames of the kernel itself, of tslab, and of Node.js' way to start a cell. */
const own = /[\\/]dist[\\/]kernel[\\/]|[\\/]tslab[\\/]dist[\\/]|^node:(vm|async_hooks)$/;

function frameText(frame: NodeJS.CallSite): string | undefined {
  const file = frame.getFileName() ?? "";
  const debug = process.env.SIGNMIX_DEBUG;
  if (!debug && own.test(file)) return undefined;
  const text = String(frame);
  if (!isCellScript(file)) return text;
  const place = placeOf(file, frame.getLineNumber() ?? 1, frame.getColumnNumber() ?? 1);
  if (!place) return debug ? text : undefined;
  const called = frame.getFunctionName() ?? "";
  const where = `${place.label}:${place.line}:${place.column}`;
  // The outermost frame of a cell is the function that tslab wraps around it.
  if (called === "" || (frame.isToplevel() && called === "eval")) return where;
  // tslab keeps a cell's functions in a Proxy.
  const name = text
    .slice(0, text.indexOf(prefix))
    .replace(/\s*\($/, "")
    .replace(/^(new |async )?Proxy\./, "$1");
  return name === "" ? where : `${name} (${where})`;
}

function head(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** Makes `stack` of every error name cells, lines and columns, and leave out the kernel's own frames. */
export function traceInCells(): void {
  Error.prepareStackTrace = (error, frames) => {
    const lines = frames.flatMap((frame) => frameText(frame) ?? []);
    return [head(error), ...lines.map((line) => `    at ${line}`)].join("\n");
  };
}

/** The places in cells that a stack names, the innermost first. */
export function placesIn(stack: string): { place: Place; called?: string }[] {
  return stack.split("\n").flatMap((line) => {
    const found = /^\s+at (?:(.*) \()?(cell [^:()]+|code):(\d+):(\d+)\)?$/.exec(line);
    if (!found) return [];
    const place = { label: found[2], line: Number(found[3]), column: Number(found[4]) };
    return [found[1] ? { place, called: found[1] } : { place }];
  });
}
