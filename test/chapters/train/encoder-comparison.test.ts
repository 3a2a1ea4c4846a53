import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BaselineRow } from "#src/chapters/train/baseline-unit.js";
import { encoderScores, randomised } from "#src/chapters/train/encoder-comparison.js";
import { encoderTable, sureDomains } from "#src/chapters/train/encoder-table.js";
import type { TrainRow } from "#src/chapters/train/train-unit.js";
import { createEncoder } from "#src/encoder/encoder.js";
import { packBits } from "#src/results/bits.js";

const half = [true, false, true, false];

function train(seed: number, correct: boolean[]): TrainRow {
  const accuracy = correct.filter(Boolean).length / correct.length;
  return {
    domain: "sst2",
    method: "houlsby",
    seed,
    accuracy,
    correct: packBits(correct),
    testRows: 4,
  } as unknown as TrainRow;
}

function baseline(seed: number, correct: boolean[]): BaselineRow {
  const frozenProbe = correct.filter(Boolean).length / correct.length;
  const row = { domain: "sst2", seed, majority: 0.5, bagOfWords: 0.25, frozenProbe, probeCorrect: packBits(correct) };
  return row as unknown as BaselineRow;
}

describe("encoderScores", () => {
  const scores = encoderScores({
    encoder: "mini",
    baselines: [baseline(1, half), baseline(2, half)],
    singles: [train(1, [true, true, true, false]), train(2, [true, false, true, false])],
  });

  it("averages over seeds, in percent", () => {
    const [{ adapter, frozenProbe, majority, bagOfWords, seeds }] = scores;
    assert.deepEqual(
      { adapter, frozenProbe, majority, bagOfWords, seeds },
      { adapter: 62.5, frozenProbe: 50, majority: 50, bagOfWords: 25, seeds: 2 },
    );
  });

  it("pairs the gain with the probe's own examples and adds the variance between seeds", () => {
    // Gains by example, averaged over seeds: 0, ½, 0, 0; between seeds: ¼ and 0.
    const examples = (3 * 0.125 ** 2 + 0.375 ** 2) / 3 / 4;
    const between = (2 * 0.125 ** 2) / 1 / 2;
    assert.ok(Math.abs(scores[0].gainError - 100 * Math.sqrt(examples + between)) < 1e-9);
  });

  it("says which probe is missing", () => {
    const singles = [train(3, half)];
    assert.throws(() => encoderScores({ encoder: "mini", baselines: [], singles }), /frozen probe of sst2/);
  });

  it("is drawn as a table, and counts what is sure", () => {
    assert.match(encoderTable([scores]), /\| `sst2` \| 50\.0 \| 25\.0 \| 50\.0 \| 62\.5 ± /);
    const sure = [{ ...scores[0], adapterError: 1, gainError: 10 }];
    assert.deepEqual(sureDomains(sure, [{ ...sure[0], adapter: 50 }]), { overConstant: 1, overProbe: 0, overOther: 1 });
  });
});

describe("randomised", () => {
  const config = {
    family: "bert",
    vocabSize: 30,
    hiddenSize: 8,
    layers: 1,
    heads: 2,
    intermediateSize: 16,
    maxPositions: 8,
  };
  const encoder = createEncoder(
    { ...config, typeVocabSize: 2, layerNormEpsilon: 1e-12, padTokenId: 0, activation: "gelu" } as never,
    { seed: 1 },
  );

  it("keeps the shapes, not the weights, and is the same each time", () => {
    const random = randomised(encoder);
    assert.deepEqual(Object.keys(random.weights).sort(), Object.keys(encoder.weights).sort());
    assert.notEqual(random.hash, encoder.hash);
    assert.equal(random.hash, randomised(encoder).hash);
  });
});
