import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluationReport } from "#src/chapters/own/evaluation-report.js";
import { float32 } from "#src/engine/tensor-data.js";
import type { Evaluation } from "#src/training/evaluate.js";

const examples = [
  { text: "good", label: 1 },
  { text: "bad", label: 0 },
];
const evaluation = (loss: number): Evaluation => ({
  accuracy: 0.5,
  standardError: 0.35,
  macroF1: 1 / 3,
  loss,
  predictions: [1, 1],
  logits: float32([2, 2], Float32Array.of(0, 1, 0, 1)),
});

test("a loss that is not finite is refused, and the remedy said", () => {
  for (const loss of [Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(
      () => evaluationReport(evaluation(loss), examples, ["no", "yes"]),
      /The loss is (NaN|Infinity): .*lower rate/,
    );
  assert.equal(evaluationReport(evaluation(0.7), examples, ["no", "yes"]).loss, 0.7);
});
