import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { checkpointHead } from "#src/adapters/head.js";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import { readSafetensors } from "#src/files/safetensors.js";
import { backendsUnderTest } from "../backends.js";
import { referenceClassifier } from "./classifier.js";
import { PeftMixtures } from "./peft-mixtures.js";
import { ErrorTable, sharedFolder } from "./vectors.js";

const errors = new ErrorTable("Case 05, add_weighted_adapter of PEFT");

const { folder: root, skip: noFolder } = sharedFolder("reference");
const folder = join(root, "05_peft_lora");
const expected = noFolder ? {} : readSafetensors(join(folder, "expected.safetensors")).tensors;
const mixtures = new PeftMixtures(folder, expected, 0.2);

describe("case 05", { skip: noFolder }, () => {
  test("there are 19 mixtures", () => {
    assert.equal(mixtures.merges.length, 19);
  });

  for (const merge of mixtures.merges) {
    test(`${merge}: factors, products and norms`, () => mixtures.compare(merge, errors));
  }
});

for (const { name: backend, skip: noBackend, use } of backendsUnderTest) {
  test(`case 05: logits on ${backend}`, { skip: noFolder ?? noBackend }, async () => {
    await use();
    const encoder = await loadEncoder(join(root, "01_bert_tiny_random", "model_seqcls"));
    const head = checkpointHead(encoder);
    assert.ok(head);
    const classifier = await referenceClassifier(root, "bert");
    for (const merge of mixtures.merges) {
      const logits = classifier.logits(mixtures.mixtureOf(merge), head);
      const type = merge.split("/")[1];
      errors.check(backend, `${type} logits`, merge, logits, expected[`${merge}/logits`], 3e-5); // the README of case 05
    }
    classifier.dispose();
    encoder.dispose();
  });
}
