import { readFileSync, statSync } from "node:fs";
import type * as TypeScript from "typescript";

/*
 * TypeScript's own declarations, those of Node.js and those of the packages that notebooks import are parsed once, when the
 * snapshot is made; a compiler that starts from it finds them here, as long as the files are what they were.
 */

interface Kept {
  file: TypeScript.SourceFile;
  size: number;
  modified: number;
  /** whether this process has looked */
  seen: boolean;
}

const kept = new Map<string, Kept>();
let keeping = false;

/** Runs a function and keeps every declaration file that the compiler reads meanwhile. */
export function keepDeclarations(run: () => void): void {
  keeping = true;
  run();
  keeping = false;
  for (const one of kept.values()) one.seen = false;
}

function isFresh(name: string, one: Kept): boolean {
  if (one.seen) return true;
  const found = statSync(name, { throwIfNoEntry: false });
  const isOfSize = found?.size === one.size;
  // built anew, and most often to the same text
  one.seen = isOfSize && (found.mtimeMs === one.modified || readFileSync(name, "utf8") === one.file.text);
  if (!one.seen) kept.delete(name);
  return one.seen;
}

/** The files that were taken from here since they were kept; they will be looked at anew. */
export function takenFiles(): string[] {
  const taken = [...kept].filter(([, { seen }]) => seen).map(([name]) => name);
  for (const one of kept.values()) one.seen = false;
  return taken;
}

/** Whether all of these files are as they were when they were kept. */
export function areFresh(names: readonly string[]): boolean {
  return names.every((name) => {
    const one = kept.get(name);
    return one !== undefined && isFresh(name, one);
  });
}

function keep(name: string, file: TypeScript.SourceFile): void {
  const found = statSync(name, { throwIfNoEntry: false });
  if (found) kept.set(name, { file, size: found.size, modified: found.mtimeMs, seen: true });
}

const wrapped = new WeakSet<TypeScript.CompilerHost>();

/** Has a compiler take the declaration files that are kept from here. */
export function takeKeptDeclarations(host: TypeScript.CompilerHost): void {
  if (wrapped.has(host)) return;
  wrapped.add(host);
  function taking<Arguments extends unknown[]>(read: (...given: Arguments) => TypeScript.SourceFile | undefined) {
    return (...given: Arguments): TypeScript.SourceFile | undefined => {
      const name = String(given[0]);
      const isNew = given.at(-1) === true; // TypeScript's `shouldCreateNewSourceFile`
      const one = kept.get(name);
      if (one && !isNew && isFresh(name, one)) return one.file;
      const file = read(...given);
      if (keeping && file?.isDeclarationFile) keep(name, file);
      return file;
    };
  }
  host.getSourceFile = taking(host.getSourceFile.bind(host));
  if (host.getSourceFileByPath) host.getSourceFileByPath = taking(host.getSourceFileByPath.bind(host));
}
