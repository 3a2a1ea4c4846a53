import type * as TypeScript from "typescript";

/*
 * A cell that declares nothing and imports nothing, as most short cells do: TypeScript's step from ES modules to the text that
 * runs, which makes a second program of it, has nothing to do there but to keep the value of the last expression.
 */

type Compiler = typeof TypeScript;

const head = 'Object.defineProperty(exports, "__esModule", { value: true });\n';
const keep = { before: "export const ", after: "exports." };

/** The name that tslab gives to a cell's last expression, where that is all that a statement exports; no other is known to be unused. */
function lastExpression(ts: Compiler, statement: TypeScript.Statement): TypeScript.Identifier | undefined {
  if (!ts.isVariableStatement(statement) || statement.modifiers?.length !== 1) return undefined;
  const [declared, ...others] = statement.declarationList.declarations;
  const { name } = declared;
  return others.length === 0 && ts.isIdentifier(name) && /^tsLastExpr\d*$/.test(name.text) ? name : undefined;
}

const isEmptyExport = (ts: Compiler, statement: TypeScript.Statement): boolean =>
  ts.isExportDeclaration(statement) &&
  !statement.moduleSpecifier &&
  statement.exportClause !== undefined &&
  ts.isNamedExports(statement.exportClause) &&
  statement.exportClause.elements.length === 0;

/**
 * The text that runs of a cell's text as an ES module, one line longer and else with every character in its place.
 * @returns undefined for a cell that declares or imports something
 */
export function plainCell(ts: Compiler, text: string): string | undefined {
  if (/\bimport\b|^export \{ /m.test(text)) return undefined; // most that do are known without parsing
  const file = ts.createSourceFile("cell.js", text, ts.ScriptTarget.ES2022);
  const [first] = file.statements;
  if (first && ts.isExpressionStatement(first) && ts.isStringLiteral(first.expression)) return undefined; // a directive
  let out = text;
  const replace = (start: number, end: number, by: string) => {
    out = out.slice(0, start) + by.padEnd(end - start) + out.slice(end);
  };
  for (const statement of file.statements) {
    const start = statement.getStart(file);
    const name = lastExpression(ts, statement);
    if (name && text.slice(start, name.pos + 1) === keep.before) replace(start, name.pos + 1, keep.after);
    else if (isEmptyExport(ts, statement)) replace(start, statement.end, "");
    else if (!ts.isExpressionStatement(statement)) return undefined;
  }
  return head + out;
}

/** The map of that text: of the ES module's, one line later. */
export function plainMap(map: string): string {
  const read = JSON.parse(map) as { mappings: string };
  return JSON.stringify({ ...read, mappings: `;${read.mappings}` });
}
