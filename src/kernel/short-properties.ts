import { createRequire } from "node:module";
import type * as TypeScript from "typescript";

const require = createRequire(import.meta.url);

/** The compiler that tslab brings. */
export function tslabCompiler(): typeof TypeScript {
  return createRequire(require.resolve("tslab"))("@tslab/typescript-for-tslab") as typeof TypeScript;
}

/**
 * A cell's source with each short property spelled out: `{ seed }` becomes `{ seed: seed }`. tslab 1.0.22 keeps the
 * variables of earlier cells as properties of one object, and forgets to look there for the short form, so that correct
 * TypeScript fails with "seed is not defined". Lines stay where they are.
 */
export function spellOutProperties(source: string): string {
  const ts = tslabCompiler();
  const names: TypeScript.Identifier[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (ts.isShorthandPropertyAssignment(node)) names.push(node.name);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest));
  let spelled = "";
  let from = 0;
  for (const name of names.sort((a, b) => a.end - b.end)) {
    spelled += `${source.slice(from, name.end)}: ${name.text}`;
    from = name.end;
  }
  return spelled + source.slice(from);
}
