import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cellFunction, faceModules, loadCellFunction } from "#src/study/cell-function.js";

/** A function as TypeScript's compiler leaves it in a cell, from its text. */
function compiled(text: string): (...args: never[]) => unknown {
  return new Function(`return (${text});`)() as () => unknown;
}

describe("functions from cells", () => {
  test("run from their source with sm and inputs in scope, whatever the notebook holds", async () => {
    const own = cellFunction(
      compiled("(n) => exports.sm.mixing.normalizeCoefficients([3, 1]).map((w) => w * n + extra)"),
      {
        extra: 10,
      },
    );
    const fn = await loadCellFunction<(n: number) => number[]>(own);
    assert.deepEqual(fn(2), [11.5, 10.5]);
  });

  test("what they refer to beside sm, inputs and the language is refused by name", () => {
    const refused = (text: string, inputs = {}) => {
      try {
        cellFunction(compiled(text), inputs, "mix");
      } catch (error) {
        return (error as Error).message;
      }
      return "";
    };
    assert.match(refused("(a) => a.map((x) => x * density)"), /^mix refers to "density", which is not in scope/);
    assert.match(refused("(a) => exports.helper(a) + exports.lambda"), /"helper", "lambda", which are not in scope/);
    assert.match(refused("(a) => process.env.HOME"), /"process"/);
    assert.match(refused("(a) => Date.now()"), /"Date"/);
    assert.match(refused("() => Math.random()"), /mix uses Math\.random.*sm\.createRandom/);
    assert.match(refused("(a) => a + b", { b: 1 }), /^$/);
  });

  test("names that they declare themselves are in scope: parameters, patterns, loops, functions, catch", () => {
    const text = `function own({ a, b: [c = 1, ...d] }, e = a) {
      const f = (g) => g + c; // a comment with unknownName
      for (const h of d) { let i = h; if (i) e += f(i); }
      function later(j) { return j ** 2; }
      try { return later(e) } catch (k) { return [k, Math.max(a, e)]; }
    }`;
    const { source } = cellFunction(compiled(text));
    assert.ok(!source.includes("unknownName"), "comments do not count");
  });

  test("methods and built-ins cannot be sent, and say so", () => {
    assert.throws(() => cellFunction(Math.max), /must be a function or an arrow function written in the cell/);
  });

  test("its modules are those of the names of the face that it uses", () => {
    const own = cellFunction(
      compiled("(a) => sm.mixAdapters(a.map((x) => sm.pruneAdapter(x, { sparsity: 0.5 }).adapter))"),
    );
    assert.deepEqual(faceModules(own), ["mixing/mix.js", "pruning/prune.js"]);
  });
});
