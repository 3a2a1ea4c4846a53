import assert from "node:assert/strict";
import { test } from "node:test";
import type { MixtureResult } from "#src/chapters/mix/mixtures.js";
import { describeDomains, describeMixing } from "#src/chapters/mix/sentences.js";

function result(target: string, size: number, single: number, diluted: number, accuracy: number): MixtureResult {
  const [drop, dilution] = [100 * (single - accuracy), 100 * (single - diluted)];
  const members = [target, ...Array.from({ length: size - 1 }, (_, i) => `other ${i}`)];
  return {
    ...{ method: "houlsby", seed: 1, target, members, size, single, diluted, accuracy },
    ...{ drop, dilution, interference: drop - dilution },
  };
}

test("the domain that loses least is said to gain where it does", () => {
  const loses = [result("mnli", 2, 0.7, 0.6, 0.5), result("qnli", 2, 0.6, 0.6, 0.59)];
  assert.match(describeDomains(loses), /mnli loses most \(20\.0 points\) and qnli least \(1\.0 point[s]?\)\. 0 of 2/);
  const gains = [loses[0], result("qnli", 2, 0.6, 0.6, 0.62)];
  assert.match(describeDomains(gains), /mnli loses most \(20\.0 points\) and qnli even gains \(2\.0 points\)\. 1 of 2/);
});

test("the largest mixture's loss is told apart into dilution and interference", () => {
  const text = describeMixing([result("mnli", 1, 0.7, 0.7, 0.7), result("mnli", 2, 0.7, 0.65, 0.5)]);
  assert.match(text, /^Mixing 2 adapters costs 20\.0 points/);
  assert.match(text, /dilution by 1\/k alone costs 5\.0 points, and interference of the others costs 15\.0 points/);
});
