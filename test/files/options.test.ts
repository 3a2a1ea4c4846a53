import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkOptions, nearestName } from "#src/files/options.js";

describe("checkOptions", () => {
  interface Options {
    learningRate?: number;
    steps?: number;
    textPair?: string;
  }
  const known = { learningRate: true, steps: true, textPair: true } as const;
  const check = (given: unknown) => checkOptions(given as Options | undefined, known, "train");

  test("lets known options and none pass", () => {
    check(undefined);
    check({});
    check({ steps: 1, learningRate: undefined });
  });

  test("names an unknown option, the nearest and all", () => {
    assert.throws(() => check({ lr: 1 }), {
      message: '"lr" is no option of train; the nearest is "learningRate" (of learningRate, steps, textPair).',
    });
    assert.throws(() => check({ stpes: 1 }), /nearest is "steps"/);
    assert.throws(() => check({ pair: "b" }), /nearest is "textPair"/);
    assert.throws(() => check({ quux: 1 }), /"quux" is no option of train; it has learningRate, steps, textPair\./);
  });

  test("takes no inherited name for an option, and no list or text for options", () => {
    assert.throws(() => check({ constructor: 1 }), /"constructor" is no option/);
    assert.throws(() => check([1]), /are an object such as \{ learningRate: … \}, not a list/);
    assert.throws(() => check("steps"), /not a string/);
  });
});

test("nearestName counts a swap as one edit and finds nothing far", () => {
  assert.equal(nearestName("epcohs", ["steps", "epochs"]), "epochs");
  assert.equal(nearestName("text_pair", ["text", "textPair"]), "textPair");
  assert.equal(nearestName("zzz", ["steps"]), undefined);
  assert.equal(nearestName("", ["steps"]), undefined);
});
