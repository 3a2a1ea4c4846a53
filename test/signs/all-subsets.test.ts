import assert from "node:assert/strict";
import { test } from "node:test";
import type { Adapter } from "#src/adapters/adapter.js";
import { adapterConfig, adapterShapes } from "#src/adapters/create.js";
import { createRandom } from "#src/engine/random.js";
import { float32, sizeOf } from "#src/engine/tensor-data.js";
import { signDifferenceOfSubsets } from "#src/signs/sign-difference-of-subsets.js";

const count = 13;
const base = { family: "bert", hiddenSize: 768, intermediateSize: 3072, layers: 12 } as const;

/** Houlsby adapters of BERT-base, 1.8 million weights each. */
function adapters(): Adapter[] {
  const config = adapterConfig({ method: "houlsby" });
  const shapes = Object.entries(adapterShapes(config, base)).filter(([, shape]) => shape.length === 2);
  const random = createRandom("all subsets");
  return Array.from({ length: count }, (_, i) => {
    const tensors = shapes.map(([name, shape]) => {
      const data = Float32Array.from({ length: sizeOf(shape) }, () => random.uniform() - 0.5);
      return [name, float32(shape, data)];
    });
    return { name: `adapter ${i}`, config, base, tensors: Object.fromEntries(tensors) };
  });
}

test("all 8,191 subsets of 13 adapters of BERT-base, every form, take less than 5 s of one core and 500 MB", () => {
  const all = adapters();
  const weights = Object.values(all[0].tensors).reduce((sum, { data }) => sum + data.length, 0);
  assert.ok(weights > 1.7e6);
  const before = process.cpuUsage();
  const { anyConflict, meanPairwise, anchored } = signDifferenceOfSubsets(all);
  const { user } = process.cpuUsage(before);
  const peak = process.resourceUsage().maxRSS / 1024;
  assert.ok(user < 5e6, `${(user / 1e6).toFixed(1)} s of processor time`);
  assert.ok(peak < 500, `${peak.toFixed()} MB at the peak, adapters and libraries included`);
  // One subset by a plain loop: members 0, 5 and 12.
  const members = [0, 5, 12];
  let conflicts = 0;
  const pairs = [0, 0, 0]; // 0–5, 0–12, 5–12
  for (const tensor of Object.keys(all[0].tensors)) {
    const [a, b, c] = members.map((i) => all[i].tensors[tensor].data);
    for (let at = 0; at < a.length; at++) {
      const signs = [a[at] * b[at] < 0, a[at] * c[at] < 0, b[at] * c[at] < 0];
      if (signs.some(Boolean)) conflicts++;
      for (let p = 0; p < 3; p++) if (signs[p]) pairs[p]++;
    }
  }
  const S = members.reduce((bits, i) => bits | (1 << i), 0);
  assert.equal(anyConflict[S], conflicts / weights);
  assert.equal(meanPairwise[S], (pairs[0] + pairs[1] + pairs[2]) / (3 * weights));
  assert.equal(anchored[5 * 2 ** count + S], (pairs[0] + pairs[2]) / (2 * weights));
});
