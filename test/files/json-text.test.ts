import assert from "node:assert/strict";
import { test } from "node:test";
import { float, jsonText } from "#src/files/json-text.js";

test("JSON is written as JSON.stringify writes it", () => {
  const value = {
    empty: [{}, [], ""],
    absent: undefined,
    'a "key"': [1, -2.5, 1e-12, 1e300, true, null, "line\nbreak é", undefined],
    deep: { list: [[1, 2], { a: { b: [] } }] },
  };
  for (const spaces of [0, 2, 3]) assert.equal(jsonText(value, spaces), JSON.stringify(value, null, spaces));
  for (const plain of [0, "text", false, null]) assert.equal(jsonText(plain), JSON.stringify(plain));
});

test("a number marked as a float is written so that Python reads a float", () => {
  const written = jsonText([1, 0, -3, 0.5, 1e-12, 1e21, 2 ** 53].map(float));
  assert.equal(written, "[1.0,0.0,-3.0,0.5,1e-12,1e+21,9007199254740992.0]");
  assert.equal(jsonText({ r: 8, scaling: float(1) }, 2), '{\n  "r": 8,\n  "scaling": 1.0\n}');
});
