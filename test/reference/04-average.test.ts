import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Adapter } from "#src/adapters/adapter.js";
import { importAdapter } from "#src/adapters/folder.js";
import type { Head } from "#src/adapters/head.js";
import { loraProduct } from "#src/adapters/lora.js";
import { float32, type NamedTensorData } from "#src/engine/tensor-data.js";
import { readSafetensors } from "#src/files/safetensors.js";
import { mixHeads } from "#src/mixing/heads.js";
import { mixAdapters } from "#src/mixing/mix.js";
import type { MixOptions } from "#src/mixing/options.js";
import { backendsUnderTest } from "../backends.js";
import { referenceClassifier } from "./classifier.js";
import { ourName } from "./library-names.js";
import { ErrorTable, sharedFolder } from "./vectors.js";

const errors = new ErrorTable("Case 04, average_adapter of AdapterHub");

/** The tolerances of the case's README. */
const tolerances = { weights: 1e-6, logits: 1e-5, delta_w: 1e-5 };

/** The table of the case's README. */
const combinations: Record<string, { of: string; options: MixOptions }> = {
  uniform2: { of: "ab", options: {} },
  w2: { of: "ab", options: { coefficients: [0.7, 0.3] } },
  uniform3: { of: "abc", options: {} },
  w3: { of: "abc", options: { coefficients: [0.5, 0.3, 0.2] } },
  unnorm_neg: { of: "ab", options: { coefficients: [0.5, -0.25], normalize: false } },
  norm_2_1: { of: "ab", options: { coefficients: [2, 1] } },
  negate_b: { of: "ab", options: { coefficients: [0.5, -0.25], normalize: false, strategy: "negate_b" } },
  svd_uniform2: { of: "ab", options: { space: "product", rank: 8 } },
  svd_w2: { of: "ab", options: { coefficients: [0.7, 0.3], space: "product", rank: 8 } },
  svd_w3_rank4: { of: "abc", options: { coefficients: [0.5, 0.3, 0.2], space: "product", rank: 4 } },
  svd_full: { of: "ab", options: { space: "product", rank: 16 } },
};

const { folder: root, skip: noFolder } = sharedFolder("reference");

for (const family of ["bert", "roberta"] as const) {
  const expected = noFolder
    ? {}
    : readSafetensors(join(root, "04_average_adapter", family, "expected.safetensors")).tensors;
  const members = (variant: string, of: string) =>
    Array.from(of, (seed) => importAdapter(join(root, "03_adapterhub", family, `${variant}_${seed}`)));

  describe(`case 04 ${family}`, { skip: noFolder }, () => {
    for (const variant of ["double_seq_bn_r16", "seq_bn_r16", "lora_r8"]) {
      test(`${variant}: averaged weights and heads`, () => {
        let compared = 0;
        for (const [name, { of, options }] of Object.entries(combinations)) {
          const weights = Object.keys(expected).filter((key) => key.startsWith(`${variant}/${name}/`) && ourName(key));
          if (weights.length === 0) continue;
          const adapters = members(variant, of).map(({ adapter }) => adapter);
          const mixture = mixAdapters(adapters, { ...options, compat: "adapterhub" });
          for (const key of weights) {
            const ours = ourName(key) as string;
            const group = ours.endsWith(".BA") ? "delta_w" : "weights";
            const actual = ours.endsWith(".BA") ? product(mixture, ours) : mixture.tensors[ours];
            errors.check("(host)", `${family} ${group}`, key, actual, expected[key], tolerances[group]);
            compared++;
          }
        }
        assert.ok(compared > 10, `${compared} tensors were compared`);

        const [, b, c] = members(variant, "abc").map(({ head }) => head as Head);
        const mean = mixHeads([b, c], { coefficients: [0.7, 0.3] });
        for (const part of ["weight", "bias"]) {
          const key = `${variant}/average_head_w2/heads.avgh.1.${part}`;
          errors.check(
            "(host)",
            `${family} weights`,
            key,
            mean.tensors[`out.${part}`],
            expected[key],
            tolerances.weights,
          );
        }
      });
    }
  });

  for (const { name: backend, skip: noBackend, use } of backendsUnderTest) {
    test(`case 04 ${family}: logits on ${backend}`, { skip: noFolder ?? noBackend }, async () => {
      await use();
      const classifier = await referenceClassifier(root, family);
      const keys = Object.keys(expected).filter((key) => key.endsWith("/logits"));
      for (const key of keys) {
        const [variant, name] = key.split("/");
        const { of, options } = combinations[name];
        const found = members(variant, of);
        const mixture = mixAdapters(
          found.map(({ adapter }) => adapter),
          { ...options, compat: "adapterhub" },
        );
        const logits = classifier.logits(mixture, found[0].head as Head);
        errors.check(backend, `${family} logits`, key, logits, expected[key], tolerances.logits);
      }
      classifier.dispose();
      assert.ok(keys.length >= 18, `${keys.length} sets of logits were compared`);
    });
  }
}

/** B·A of a mixture, without the scale. */
function product({ tensors }: Adapter, name: string): NamedTensorData[string] {
  const [A, B] = [tensors[name.replace(/BA$/, "A")], tensors[name.replace(/BA$/, "B")]];
  return float32([B.shape[0], A.shape[1]], new Float32Array(loraProduct(A, B)));
}
