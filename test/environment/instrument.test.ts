import assert from "node:assert/strict";
import { it } from "node:test";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { projectPath } from "#src/files/project.js";

interface Instrument {
  instrument(text: string, isLibrary: boolean): string;
}

const program = `
const sign = (x) => x < 0 ? -1 : x > 0 && 1;
const pick = ({ a = 1 } = {}) => ({ a });
function walk(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += i;
  while (sum > 100) { sum -= 100; }
  if (n === 3) return "three"; else if (n === 4) { return "four"; }
  switch (n % 2) { case 0: sum++; break; default: sum--; }
  try { if (n > 8) throw new Error("large"); } catch { return n ?? "none"; } finally { sum += 0; }
  return sum;
}
[sign(-2), sign(3), pick({}).a, ...[1, 2, 3, 4, 9].map((n) => walk(n)), "__proto__"];
`;

it("a program whose blocks are counted computes the same, and each block that ran has a count", async () => {
  const file = pathToFileURL(projectPath("environment", "fuzz", "instrument.mjs")).href;
  const { instrument } = (await import(file)) as Instrument;
  const run = (text: string) => {
    let counts = new Uint32Array();
    let words: string[] = [];
    const signmixBlocks = (count: number, literals: string[]) => {
      [counts, words] = [new Uint32Array(count), literals];
      return counts;
    };
    const context = { signmixBlocks };
    return { value: JSON.stringify(runInNewContext(text, { ...context, globalThis: context })), counts, words };
  };
  const plain = run(program);
  for (const isLibrary of [false, true]) {
    const { value, counts, words } = run(instrument(program, isLibrary));
    assert.equal(value, plain.value);
    // what follows "while" and "??" never runs
    assert.deepEqual([counts.length, [...counts].filter((count) => count === 0).length], [19, 2], counts.join());
    assert.ok(words.includes("three") && words.includes("__proto__"));
  }
  const endless = instrument("let n = 0; while (n < 1e9) n++;", true);
  assert.throws(() => run(endless), /a loop without an end/);
});
