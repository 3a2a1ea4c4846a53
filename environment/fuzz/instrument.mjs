// A loader's hook: modules of the project, and of the libraries that read tables for it, count how often each of their
// blocks runs. `coverage.mjs` reads the counts; a literal of the code is a word that an input may need to come further.
import { readFileSync } from "node:fs";
import { register } from "node:module";
import ts from "typescript";

const COUNTED = /\/dist\/.*\.js$/;
const LIBRARIES = /\/node_modules\/(hyparquet|hyparquet-compressors|@uwdata\/flechette)\//;
const { SyntaxKind } = ts;
const BRANCHING = [SyntaxKind.IfStatement, SyntaxKind.TryStatement, SyntaxKind.SwitchStatement];
const SHORT = [SyntaxKind.AmpersandAmpersandToken, SyntaxKind.BarBarToken, SyntaxKind.QuestionQuestionToken];

/** Runs of one block of a library with one input; the process that a reader has for itself would be ended for more. */
const MOST_RUNS = 100_000;

/** @returns the module's text with a counter in each block, and what it compares with */
export function instrument(text, isLibrary) {
  const file = ts.createSourceFile("module.js", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const pieces = [];
  const literals = new Set();
  let count = 0;
  const insert = (at, piece) => pieces.push({ at, piece });
  const counter = () => (isLibrary ? `__run(${count++})` : `__blocks[${count++}]++`);
  const statement = () => `${counter()};`;
  /** A node whose run is counted: an expression in brackets, a statement in braces, a block as it is. */
  const counted = (node) => {
    if (ts.isBlock(node)) {
      insert(node.getStart(file) + 1, statement());
      return ts.forEachChild(node, visit);
    }
    const [open, close] = ts.isStatement(node) ? ["{", "}"] : [`(${counter()},`, ")"];
    insert(node.getStart(file), ts.isStatement(node) ? open + statement() : open);
    visit(node);
    insert(node.end, close);
  };
  function visit(node) {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isStringLiteral(node) || ts.isNumericLiteral(node)) literals.add(node.text);
    const apart = new Set(); // children that are counted
    if (ts.isFunctionLike(node) && node.body) apart.add(node.body);
    if (ts.isIfStatement(node)) apart.add(node.thenStatement).add(node.elseStatement);
    if (ts.isIterationStatement(node, false)) apart.add(node.statement);
    if (ts.isTryStatement(node)) apart.add(node.tryBlock).add(node.finallyBlock);
    if (ts.isCatchClause(node)) apart.add(node.block);
    if (ts.isConditionalExpression(node)) apart.add(node.whenTrue).add(node.whenFalse);
    if (ts.isBinaryExpression(node) && SHORT.includes(node.operatorToken.kind)) apart.add(node.right);
    if (ts.isCaseOrDefaultClause(node)) {
      const after = ts.isCaseClause(node) ? node.expression.end : node.getStart(file);
      insert(text.indexOf(":", after) + 1, statement());
    }
    for (const [i, one] of (node.statements ?? []).entries()) {
      // what comes after a branch is a block too: the branch may have left
      const left = BRANCHING.includes(node.statements[i - 1]?.kind) && !ts.isFunctionDeclaration(one);
      if (left && !ts.isImportDeclaration(one) && !ts.isExportDeclaration(one)) insert(one.getStart(file), statement());
      visit(one);
    }
    ts.forEachChild(node, (child) => {
      if (node.statements?.includes(child)) return;
      if (apart.has(child)) counted(child);
      else visit(child);
    });
  }
  ts.forEachChild(file, visit);
  pieces.sort((a, b) => a.at - b.at); // stable: what is outside was inserted first, and closes last
  let result = "";
  let done = 0;
  for (const { at, piece } of pieces) {
    result += text.slice(done, at) + piece;
    done = at;
  }
  const words = JSON.stringify([...literals].filter((word) => word.length > 0 && word.length <= 32));
  const limit = `const __run = (i) => { if (__blocks[i]++ > ${MOST_RUNS}) throw new Error("a loop without an end"); };`;
  const blocks = `const __blocks = globalThis.signmixBlocks(${count}, ${words});${isLibrary ? limit : ""}`;
  return `${blocks}${result}${text.slice(done)}`;
}

export async function load(url, context, next) {
  const loaded = await next(url, context);
  const isLibrary = LIBRARIES.test(url);
  const isOurs = COUNTED.test(url) && !url.includes("/node_modules/");
  if (!(isLibrary || isOurs)) return loaded;
  const source = loaded.source ?? readFileSync(new URL(url)); // Node reads CommonJS later, by itself
  return { ...loaded, source: instrument(Buffer.from(source).toString("utf8"), isLibrary) };
}

/** From now on modules are counted as they are loaded. */
export function countBlocks() {
  const all = new Uint32Array(1 << 18);
  const words = new Set();
  let used = 0;
  globalThis.signmixBlocks = (count, literals) => {
    for (const word of literals) words.add(word);
    used += count;
    if (used > all.length) throw new Error("More blocks than the fuzzer has counters for.");
    return all.subarray(used - count, used);
  };
  register("./instrument.mjs", import.meta.url);
  return { counts: () => all.subarray(0, used), words: () => [...words] };
}
