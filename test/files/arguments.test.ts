import assert from "node:assert/strict";
import { test } from "node:test";
import { hasFields, requireList, requireNumber, requireText, shownArgument } from "#src/files/arguments.js";
import { adapterFromMatrix, averageAdapters, fractionOfSignDifference } from "#src/index.js";

const adapter = adapterFromMatrix("a", [[1, -2]]);

test("what was given is told in a few words, however large it is", () => {
  assert.equal(shownArgument(undefined), "nothing");
  assert.equal(shownArgument([]), "an empty list");
  assert.equal(shownArgument([1, 2, 3]), "a list of 3");
  assert.equal(shownArgument({}), "an empty object");
  assert.equal(shownArgument({ adapter, head: 1 }), "an object of adapter, head");
  assert.equal(shownArgument(new Float32Array(2)), "an array of 8 bytes");
  assert.equal(shownArgument(Promise.resolve(1)), "a promise (await it)");
  assert.equal(shownArgument("x".repeat(500)).length, 120);
});

test("an argument of another kind is refused with what is taken in its place", () => {
  assert.throws(() => requireText("", "f takes a path"), { message: 'f takes a path; "" was given.' });
  assert.throws(() => requireNumber(Number.NaN, "f takes a share"), { message: "f takes a share; NaN was given." });
  const isText = (one: unknown) => typeof one === "string";
  assert.throws(() => requireList(["a", 7], "f takes a list of names", isText), {
    message: "f takes a list of names; 7 was given as number 2 of 2.",
  });
  assert.doesNotThrow(() => requireList(["a"], "f takes a list of names", isText));
  assert.ok(hasFields({ a: "x", b: [], c: {}, d: () => 1 }, { a: "text", b: "list", c: "object", d: "function" }));
  assert.ok(!hasFields({ b: {} }, { b: "list" }) && !hasFields([], {}) && !hasFields(null, {}));
});

test("the whole answer of a training in an adapter's place is answered by where the adapter is", () => {
  const trained = { adapter, head: {} };
  const message =
    /takes a(n| list of) adapters?, .*`\.adapter` of what trainAdapter.*; an object of adapter, head was given/;
  assert.throws(() => fractionOfSignDifference(trained as never, adapter), message);
  assert.throws(() => averageAdapters([adapter, trained as never]), message);
});
