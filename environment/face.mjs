// node environment/face.mjs: writes src/README.md, a line on each name of the face. `--check` writes nothing and fails where it is out of date.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { root } from "./build.mjs";
import { Problem, runMain } from "./problem.mjs";
import { publicNames } from "./public-names.mjs";

const target = path.join(root, "src", "README.md");

/** Every public name: flat ones under "", those of a namespace under its name; each with its first sentence. */
export function face() {
  const { checker, names } = publicNames(path.join(root, "src", "index.ts"));
  const groups = new Map([["", []]]);
  const about = new Map();
  const symbols = new Set();
  const add = (group, { name, declared }) => {
    symbols.add(declared);
    groups.get(group).push({ name, about: sentenceOf(declared, checker), symbol: declared });
  };
  for (const one of names) {
    if (one.members === undefined) {
      add("", one);
      continue;
    }
    groups.set(one.name, []);
    about.set(one.name, headOf(one.declared.declarations[0].getSourceFile().text));
    for (const inner of one.members) add(one.name, inner);
  }
  return { groups, about, hidden: hiddenTypes(symbols, checker) };
}

/** The first sentence of a declaration's comment. */
function sentenceOf(symbol, checker) {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, " ").trim();
  return text.match(/^.*?[.:](?= |$)/)?.[0].replace(/:$/, ".") ?? text;
}

const headOf = (text) => text.match(/^\/\*\* (.*?) \*\//s)?.[1].replace(/\s+/g, " ") ?? "";

/** Types of this project that a public signature names and the face does not export. */
function hiddenTypes(symbols, checker) {
  const hidden = new Map();
  const ours = (symbol) =>
    symbol.declarations?.some((node) => {
      const file = path.relative(path.join(root, "src"), node.getSourceFile().fileName);
      return !file.startsWith("..") && node.parent === node.getSourceFile();
    });
  for (const symbol of symbols) {
    for (const declaration of symbol.declarations ?? []) visitSignature(declaration, symbol);
  }
  return hidden;

  function visitSignature(node, of) {
    if (ts.isFunctionDeclaration(node)) {
      for (const parameter of node.parameters) visitType(parameter.type, of);
      visitType(node.type, of);
      for (const parameter of node.typeParameters ?? []) visitType(parameter.constraint, of);
    } else if (ts.isVariableDeclaration(node)) visitType(node.type, of);
    else if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
      ts.forEachChild(node, (n) => visitType(n, of));
  }

  function visitType(node, of) {
    if (!node) return;
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
      const name = ts.isTypeReferenceNode(node) ? node.typeName : node.expression;
      const found = checker.getSymbolAtLocation(name);
      const type = found && (found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found);
      if (type && !(type.flags & ts.SymbolFlags.TypeParameter) && ours(type) && !symbols.has(type)) {
        const file = path.relative(path.join(root, "src"), type.declarations[0].getSourceFile().fileName);
        hidden.set(`${file} ${type.name}`, [...(hidden.get(`${file} ${type.name}`) ?? []), of.name]);
      }
    }
    ts.forEachChild(node, (child) => visitType(child, of));
  }
}

/** The page. */
export function facePage({ groups, about }) {
  const lines = (names) =>
    [...names]
      .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
      .map(({ name, about: sentence }) => `- \`${name}\`: ${sentence}`);
  const parts = [...groups].filter(([group]) => group !== "");
  return [
    "# The face: what `import * as sm` gives",
    "",
    `Made by \`environment/face.mjs\` from the sources; a test tells where it is behind. ${groups.get("").length} names stand flat; the others are in namespaces.`,
    "",
    "## Flat",
    "",
    ...lines(groups.get("")),
    ...parts.flatMap(([group, names]) => ["", `## \`sm.${group}\``, "", about.get(group), "", ...lines(names)]),
    "",
  ].join("\n");
}

if (process.argv[1] && path.resolve(process.argv[1]) === import.meta.filename) {
  runMain(async () => {
    const page = facePage(face());
    if (!process.argv.includes("--check")) return writeFileSync(target, page);
    const known = existsSync(target) ? readFileSync(target, "utf8") : "";
    if (known !== page) throw new Problem("src/README.md is behind the sources: run node environment/face.mjs.");
  });
}
