import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { longestFirst } from "#src/text/truncation.js";

describe("longest-first truncation", () => {
  const cases: [[number, number], number, [number, number]][] = [
    [[3, 4], 7, [3, 4]], // both fit
    [[3, 9], 8, [3, 5]], // only the longer one loses
    [[9, 3], 8, [5, 3]],
    [[9, 9], 8, [4, 4]], // both lose
    [[9, 9], 7, [3, 4]],
    [[9, 8], 7, [4, 3]], // the one more goes to the longer
    [[8, 9], 7, [3, 4]],
    [[0, 9], 4, [0, 4]],
    [[9, 0], 4, [4, 0]],
    [[5, 5], 0, [0, 0]],
  ];
  for (const [lengths, room, kept] of cases) {
    it(`keeps ${kept} of ${lengths} in ${room}`, () => assert.deepEqual(longestFirst(lengths, room), kept));
  }
});
