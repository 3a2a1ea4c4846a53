import assert from "node:assert/strict";
import { test } from "node:test";
import { codeHash, functionHash } from "#src/experiments/code-hash.js";

test("a module's hash covers what it imports", () => {
  assert.equal(codeHash(["experiments/plan.js"]), codeHash(["experiments/plan.js"]));
  assert.notEqual(codeHash(["experiments/plan.js"]), codeHash(["experiments/store.js"]));
  assert.equal(codeHash(["experiments/store.js"]), codeHash(["experiments/store.js", "experiments/unit.js"]));
  assert.notEqual(codeHash(["experiments/store.js"]), codeHash(["experiments/store.js"], ["files/"]));
});

test("a module that is not compiled is named", () => {
  assert.throws(() => codeHash(["experiments/absent.js"]), /absent\.js is not compiled; run npm run build/);
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
