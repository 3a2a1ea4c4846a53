import type * as TypeScript from "typescript";
import { excerpt, linesBefore } from "../excerpt.js";
import type { Failure } from "../session/protocol.js";
import { ts } from "./converter.js";

/** A cell as its diagnostics are told. */
interface Cell {
  label: string;
  code: string;
  folder: string;
}

/** TypeScript's messages of a chain, the general one first. */
function chain(message: string | TypeScript.DiagnosticMessageChain, depth = 0): string[] {
  if (typeof message === "string") return [message];
  const next = (message.next ?? []).flatMap((one) => chain(one, depth + 1));
  return [`${"  ".repeat(depth)}${message.messageText}`, ...next];
}

/** The first lines of a diagnostic and the line it is about. */
function diagnosticLines(diagnostic: TypeScript.DiagnosticRelatedInformation, cell: Cell): string[] {
  const { file, start = 0, length = 1, messageText, code } = diagnostic;
  const [first, ...rest] = chain(messageText);
  const isCell = file?.fileName.endsWith("/__tslab__.ts") === true;
  const category =
    "category" in diagnostic && diagnostic.category === ts.DiagnosticCategory.Message ? "" : `TS${code}: `;
  if (!file) return [`${category}${first}`, ...rest];
  if (file.fileName.endsWith("/__prev__.d.ts")) return [`  ${first} (in an earlier cell)`, ...rest];
  const near = file.fileName.startsWith(cell.folder) ? file.fileName.slice(cell.folder.length + 1) : file.fileName;
  const { line, character } = ts.getLineAndCharacterOfPosition(file, start);
  const place = {
    label: isCell ? cell.label : near,
    line: line + 1 - (isCell ? linesBefore : 0),
    column: character + 1,
  };
  const lines = [`  ${place.label}:${place.line}:${place.column} - ${category}${first}`];
  return [...lines, ...rest.map((text) => `    ${text}`), ...(isCell ? excerpt(cell.code, place, length) : [])];
}

/** What the compiler found wrong with a cell, all of it, with TypeScript's codes and hints. */
export function compileFailure(diagnostics: readonly TypeScript.Diagnostic[], cell: Cell): Failure {
  const [first] = diagnostics;
  // TypeScript's codes below 2000 are those of its parser.
  const ename = first.code < 2000 ? "SyntaxError" : "TypeCheckError";
  const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : "";
  const evalue = `TS${first.code}: ${chain(first.messageText)[0]}${more}`;
  const traceback = [`${ename}: ${evalue}`];
  for (const diagnostic of diagnostics) {
    traceback.push(...diagnosticLines(diagnostic, cell));
    for (const related of diagnostic.relatedInformation ?? []) {
      if (related.file?.fileName.endsWith("/__tslab__.ts")) traceback.push(...diagnosticLines(related, cell));
    }
  }
  return { ename, evalue, traceback };
}
