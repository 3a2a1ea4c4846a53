import assert from "node:assert/strict";
import { test } from "node:test";
import { quoted, shown } from "#src/files/shown.js";

test("a message shows what a file lacks as nothing, and objects as JSON", () => {
  assert.equal(quoted(undefined), "nothing");
  assert.equal(quoted("a\u001b"), '"a\\u001b"');
  assert.equal(shown({ a: [1, { b: 2 }] }), '{"a":[1,{"b":2}]}');
  assert.equal(shown([{ a: 1 }]), '[{"a":1}]');
  assert.equal(shown([2, 3]), "2,3");
  assert.equal(shown({ a: "x".repeat(200) }).length, 120);
});
