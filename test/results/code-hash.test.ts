import assert from "node:assert/strict";
import { test } from "node:test";
import { criteria as allCriteria } from "#src/pruning/criteria.js";
import { codeHash, functionHash, methodsNamed } from "#src/results/code-hash.js";

test("a module's hash covers what it imports", () => {
  assert.equal(codeHash(["results/plan.js"]), codeHash(["results/plan.js"]));
  assert.notEqual(codeHash(["results/plan.js"]), codeHash(["results/store.js"]));
  assert.equal(codeHash(["results/store.js"]), codeHash(["results/store.js", "results/unit.js"]));
  assert.notEqual(codeHash(["results/store.js"]), codeHash(["results/store.js", "text/tokenizer.js"]));
});

test("of a list of methods only those named are followed, all where none is", () => {
  const criteria = (...names: string[]) => codeHash(["pruning/prune.js"], names);
  assert.notEqual(criteria("magnitude"), criteria("random"));
  assert.notEqual(criteria("magnitude"), criteria("magnitude", "random"));
  assert.equal(criteria("magnitude", "ties"), criteria("magnitude"), "strategies are of another list");
  assert.equal(criteria(), criteria(...Object.keys(allCriteria)));
  const ties = codeHash(["mixing/mix.js"], ["ties"]);
  assert.equal(ties, codeHash(["mixing/mix.js"], ["ties", "random"]), "mixing reads no criterion");
  assert.notEqual(ties, codeHash(["mixing/mix.js"], ["dare_ties"]));
});

test("methods are named by settings, and by words between quotation marks in a function's source", () => {
  assert.deepEqual(methodsNamed({ form: { criterion: "random" }, domain: { name: "sst2" }, sizes: [2, null] }), [
    "random",
  ]);
  const source = '(adapters) => sm.mixAdapters(adapters, { strategy: "dare_ties", name: `ties` })';
  assert.deepEqual(methodsNamed({ mix: { source, inputs: { how: "ties" } } }), ["dare_ties", "ties"]);
  assert.deepEqual(methodsNamed({ source: "(a) => ties(a)" }), []);
});

test("a module that is not compiled is named", () => {
  assert.throws(() => codeHash(["results/absent.js"]), /absent\.js is not compiled; run npm run build/);
});

test("a function is hashed by its tokens", () => {
  const spaced = (x: number) => {
    // a comment
    return x + 1;
  };
  assert.equal(functionHash(spaced), functionHash(spaced));
  assert.notEqual(
    functionHash(spaced),
    functionHash((x: number) => x + 2),
  );
});
