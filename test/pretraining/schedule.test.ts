import assert from "node:assert/strict";
import { it } from "node:test";
import { learningRateAt } from "#src/pretraining/schedule.js";

it("rises, stays, and falls to zero", () => {
  const schedule = { learningRate: 0.01, warmUp: 10, decayShare: 0.25 };
  const at = (step: number, progress: number) => Number(learningRateAt(schedule, step, progress).toFixed(6));
  assert.equal(at(0, 0), 0.001);
  assert.equal(at(4, 0.05), 0.005);
  assert.equal(at(10, 0.1), 0.01);
  assert.equal(at(70, 0.75), 0.01);
  assert.equal(at(90, 0.875), 0.005);
  assert.equal(at(100, 1), 0);
});

it("needs neither warm-up nor decay", () => {
  assert.equal(learningRateAt({ learningRate: 0.01, warmUp: 0, decayShare: 0 }, 0, 1), 0.01);
});
