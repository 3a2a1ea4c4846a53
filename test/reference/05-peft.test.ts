import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Adapter } from "#src/adapters/adapter.js";
import { importAdapter } from "#src/adapters/folder.js";
import { checkpointHead } from "#src/adapters/head.js";
import { loraProduct } from "#src/adapters/lora.js";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import { float32, type NamedTensorData } from "#src/engine/tensor-data.js";
import { readSafetensors } from "#src/files/safetensors.js";
import { type MixOptions, mixAdapters } from "#src/mixing/mix.js";
import { backendsUnderTest } from "../backends.js";
import { referenceClassifier } from "./classifier.js";
import { ourName } from "./library-names.js";
import { ErrorTable, sharedFolder } from "./vectors.js";

const errors = new ErrorTable("Case 05, add_weighted_adapter of PEFT");

/** The tolerances of the case's README. */
const tolerances = { factors: 2e-5, products: 2e-5, norms: 1e-6, logits: 3e-5 };

/** PEFT's combination types in our words. */
const types: Record<string, MixOptions> = {
  linear: {},
  cat: { strategy: "cat" },
  svd: { space: "product" },
  ties: { strategy: "ties", density: 0.2 },
  ties_frequency: { strategy: "ties", density: 0.2, majority: "count" },
  ties_svd: { strategy: "ties", density: 0.2, space: "product" },
  magnitude_prune: { strategy: "magnitude_prune", density: 0.2 },
  magnitude_prune_svd: { strategy: "magnitude_prune", density: 0.2, space: "product" },
  dare_linear: { strategy: "dare", density: 0.2 },
  dare_ties: { strategy: "dare_ties", density: 0.2 },
};

const { folder: root, skip: noFolder } = sharedFolder("reference");
const folder = join(root, "05_peft_lora");
const expected = noFolder ? {} : readSafetensors(join(folder, "expected.safetensors")).tensors;
/** `merge/<type>/<w0>_<w1>` of every mixture in the case. */
const merges = [...new Set(Object.keys(expected).map((key) => /^merge\/[^/]+\/[^/]+/.exec(key)?.[0] ?? ""))].filter(
  Boolean,
);

function mixtureOf(merge: string): Adapter {
  const [, type, weights] = merge.split("/");
  const names = ["lora_a", "lora_b"];
  const adapters = names.map((name) => importAdapter(join(folder, name)).adapter);
  const masks = type.startsWith("dare") ? names.map((name) => masksOf(`${merge}/mask/${name}/`)) : undefined;
  const options = { ...types[type], weights: weights.split("_").map(Number), compat: "peft" as const };
  return mixAdapters(adapters, { ...options, masks });
}

function masksOf(prefix: string): NamedTensorData {
  const masks = Object.keys(expected).filter((key) => key.startsWith(prefix));
  // mask/<adapter>/lora_A/<module>
  return Object.fromEntries(
    masks.map((key) => {
      const [factor, module] = key.slice(prefix.length).split("/");
      return [ourName(`${module}.${factor}`), expected[key]];
    }),
  );
}

/** A·B in float32, as the library's product. [out, in] */
function productOf({ tensors }: { tensors: NamedTensorData }, name: string) {
  const [A, B] = ["A", "B"].map((factor) => tensors[name.replace(/BA$/, factor)]);
  return float32([B.shape[0], A.shape[1]], new Float32Array(loraProduct(A, B)));
}

describe("case 05", { skip: noFolder }, () => {
  test("there are 19 mixtures", () => {
    assert.equal(merges.length, 19);
  });

  for (const merge of merges) {
    test(`${merge}: factors, products and norms`, () => {
      const mixture = mixtureOf(merge);
      const type = merge.split("/")[1];
      const theirs: NamedTensorData = {};
      for (const key of Object.keys(expected).filter((name) => name.startsWith(`${merge}/`))) {
        const [group, module] = key.slice(merge.length + 1).split("/");
        if (group === "lora_A" || group === "lora_B") theirs[ourName(`${module}.${group}`) as string] = expected[key];
        if (group === "delta_w") {
          const product = productOf(mixture, ourName(module) as string);
          errors.check("(host)", `${type} delta_w`, key, product, expected[key], tolerances.products);
        }
        if (group === "delta_w_norm") {
          const norm = Math.hypot(...productOf(mixture, ourName(module) as string).data);
          errors.checkNumber("(host)", `${type} norm (relative)`, key, norm, expected[key].data[0], tolerances.norms);
        }
      }
      assert.equal(Object.keys(theirs).length, Object.keys(mixture.tensors).length);
      for (const [name, tensor] of Object.entries(theirs)) {
        const [group, actual, wanted] = type.endsWith("svd")
          ? [
              "B·A",
              productOf(mixture, name.replace(/.$/, "BA")),
              productOf({ tensors: theirs }, name.replace(/.$/, "BA")),
            ]
          : ["factors", mixture.tensors[name], tensor];
        errors.check("(host)", `${type} ${group}`, `${merge} ${name}`, actual, wanted, tolerances.factors);
      }
    });
  }
});

for (const { name: backend, skip: noBackend, use } of backendsUnderTest) {
  test(`case 05: logits on ${backend}`, { skip: noFolder ?? noBackend }, async () => {
    await use();
    const encoder = await loadEncoder(join(root, "01_bert_tiny_random", "model_seqcls"));
    const head = checkpointHead(encoder);
    assert.ok(head);
    const classifier = await referenceClassifier(root, "bert");
    for (const merge of merges) {
      const logits = classifier.logits(mixtureOf(merge), head);
      const type = merge.split("/")[1];
      errors.check(backend, `${type} logits`, merge, logits, expected[`${merge}/logits`], tolerances.logits);
    }
    classifier.dispose();
    encoder.dispose();
  });
}
