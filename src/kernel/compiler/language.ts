import type * as TypeScript from "typescript";
import { type Completions, ts } from "./converter.js";

/** The language service's answers about a position; cells that ran before are known to it. */
type CompleteAt = (source: string, position: number) => Completions;
type InspectAt = (source: string, position: number) => TypeScript.QuickInfo | undefined;

/** JavaScript counts UTF-16 units, Jupyter characters. */
const toUnits = (text: string, characters: number) => [...text].slice(0, characters).join("").length;
const toCharacters = (text: string, units: number) => [...text.slice(0, units)].length;

const mostMatches = 500;

/** The reply to `complete_request`: names that begin with what stands before the cursor, with their kinds. */
export function complete(completeAt: CompleteAt, code: string, cursor: number): object {
  const at = toUnits(code, cursor);
  const { start, end, candidates, original } = completeAt(code, at);
  const prefix = code.slice(start, Math.max(start, at));
  const exact = candidates.filter((name) => name.startsWith(prefix));
  const lower = prefix.toLowerCase();
  const matches = exact.length > 0 ? exact : candidates.filter((name) => name.toLowerCase().startsWith(lower));
  const kinds = new Map(original?.entries.map(({ name, kind }) => [name, kind]));
  const [cursor_start, cursor_end] = [toCharacters(code, start), toCharacters(code, Math.max(end, at))];
  const shown = matches.slice(0, mostMatches);
  const types = shown.map((text) => ({ start: cursor_start, end: cursor_end, text, type: kinds.get(text) ?? "" }));
  const metadata = { _jupyter_types_experimental: types };
  return { status: "ok", matches: shown, cursor_start, cursor_end, metadata };
}

/** The name whose description is wanted: at the cursor, just before it, or of the call around it. */
function positionsToTry(code: string, at: number): number[] {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022, true);
  const calls: number[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (at < node.pos) return;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const callee = node.expression;
      const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
      const isOpen = !code.slice(callee.end, node.end).endsWith(")"); // not written to its end
      if (at > callee.end && (at < node.end || isOpen)) calls.unshift(name.getStart(file));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  const isName = (position: number) => /[\p{L}\p{N}_$]/u.test(code.charAt(position));
  const here = [at, at - 1].filter((position) => position >= 0 && isName(position));
  return [...here, ...calls];
}

const words = (parts: readonly { text: string }[] | undefined) => (parts ?? []).map(({ text }) => text).join("");

function tagLine({ name, text }: TypeScript.JSDocTagInfo): string {
  const content = words(text);
  if (name === "example")
    return `**Example**\n\n${content.startsWith("```") ? content : `\`\`\`ts\n${content}\n\`\`\``}`;
  const [first, ...rest] = content.split(/\s+/);
  if (["param", "template", "property"].includes(name)) return `- \`${first}\` ${rest.join(" ")}`.trimEnd();
  return `*@${name}* ${content}`.trimEnd();
}

/** The reply to `inspect_request`: signature and docstring, as Markdown and as text. */
export function inspect(inspectAt: InspectAt, code: string, cursor: number): object {
  const at = toUnits(code, cursor);
  for (const position of positionsToTry(code, at)) {
    const info = inspectAt(code, position);
    const signature = words(info?.displayParts);
    if (!info || signature === "") continue;
    const documentation = words(info.documentation);
    const tags = (info.tags ?? []).map(tagLine);
    const markdown = [`\`\`\`typescript\n${signature}\n\`\`\``, documentation, tags.join("\n")];
    const text = [
      signature,
      documentation,
      (info.tags ?? []).map(({ name, text }) => `@${name} ${words(text)}`).join("\n"),
    ];
    const join = (parts: string[]) => parts.filter((part) => part !== "").join("\n\n");
    const data = { "text/plain": join(text), "text/markdown": join(markdown) };
    return { status: "ok", found: true, data, metadata: {} };
  }
  return { status: "ok", found: false, data: {}, metadata: {} };
}

/** TypeScript's codes for text that ends too early: an open comment, an open template. */
const openAtEnd = new Set([1010, 1160, 1126]);

/** The spaces with which the next line of an unfinished cell begins. */
function indentAfter(code: string): string {
  const last = code.split("\n").at(-1) ?? "";
  const own = /^\s*/.exec(last)?.[0] ?? "";
  return /[{([]\s*$|=>\s*$/.test(last) ? `${own}  ` : own;
}

/** The reply to `is_complete_request`. */
export function isComplete(code: string): object {
  const file = ts.createSourceFile("cell.ts", `${code}\nexport {};`, ts.ScriptTarget.ES2022, true);
  const own = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022, true);
  const problems = (one: TypeScript.SourceFile) =>
    (one as unknown as { parseDiagnostics: TypeScript.DiagnosticWithLocation[] }).parseDiagnostics;
  // Parsed as a module, a cell may await; parsed alone, a problem at its end stays at its end.
  if (problems(file).length === 0 || problems(own).length === 0) return { status: "complete" };
  const end = code.trimEnd().length;
  const [first] = problems(own);
  const expected = / expected\.?$/.test(String(ts.flattenDiagnosticMessageText(first.messageText, "\n")));
  if (openAtEnd.has(first.code) || (first.start >= end && expected)) {
    // Two empty lines say that the reader means it so.
    if (/\n\s*\n\s*$/.test(code)) return { status: "invalid" };
    return { status: "incomplete", indent: indentAfter(code) };
  }
  return { status: "invalid" };
}
