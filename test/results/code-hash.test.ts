import assert from "node:assert/strict";
import { test } from "node:test";
import { codeHash, functionHash } from "#src/results/code-hash.js";

test("a module's hash covers what it imports", () => {
  assert.equal(codeHash(["results/plan.js"]), codeHash(["results/plan.js"]));
  assert.notEqual(codeHash(["results/plan.js"]), codeHash(["results/store.js"]));
  assert.equal(codeHash(["results/store.js"]), codeHash(["results/store.js", "results/unit.js"]));
  assert.notEqual(codeHash(["results/store.js"]), codeHash(["results/store.js", "text/tokenizer.js"]));
  const criteria = (...names: string[]) =>
    codeHash(["pruning/prune.js", ...names.map((name) => `pruning/criteria/${name}.js`)]);
  assert.notEqual(criteria("magnitude"), criteria(), "the list of criteria is not followed");
  assert.notEqual(criteria("magnitude"), criteria("random"));
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
