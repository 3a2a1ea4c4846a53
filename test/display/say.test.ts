import assert from "node:assert/strict";
import { test } from "node:test";
import { say } from "#src/display/say.js";

test("a sentence is said, and what a check says; outside a notebook on the console", (t) => {
  const lines: unknown[] = [];
  t.mock.method(console, "log", (line: unknown) => lines.push(line));
  say("Three of four.");
  say({ exercise: "00.1", right: true, says: "Right." } as { says: string });
  assert.deepEqual(lines, ["Three of four.", "Right."]);
});
