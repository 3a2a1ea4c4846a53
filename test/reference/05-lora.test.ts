import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { classifierTensors, classify } from "#src/adapters/classify.js";
import { importAdapter } from "#src/adapters/folder.js";
import { checkpointHead } from "#src/adapters/head.js";
import { mergeAdapter } from "#src/adapters/merge.js";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import { under } from "#src/encoder/heads.js";
import { compile } from "#src/engine/compile.js";
import { valueAndGradients } from "#src/engine/gradients.js";
import { crossEntropy } from "#src/engine/ops.js";
import { readSafetensors } from "#src/files/safetensors.js";
import { batchOf, prefixed } from "#src/training/step.js";
import { backendsUnderTest } from "../backends.js";
import { ourName } from "./library-names.js";
import { ErrorTable, readInputs, sharedFolder } from "./vectors.js";

const errors = new ErrorTable("Case 05, adapters of PEFT");

/** The tolerances of the case's README. */
const tolerances = { logits: 3e-5, loss: 1e-5, weights: 2e-5, gradients: 4e-6 };

const { folder: root, skip: noFolder } = sharedFolder("reference");
const folder = join(root, "05_peft_lora");
const expected = noFolder ? {} : readSafetensors(join(folder, "expected.safetensors")).tensors;

for (const { name: backend, skip: noBackend, use } of backendsUnderTest) {
  describe(`case 05, adapters, on ${backend}`, { skip: noFolder ?? noBackend }, () => {
    for (const name of ["lora_a", "lora_b", "lora_seqcls", "lora_rslora_r2"]) {
      test(`${name}: logits, loss, gradients, merged weights and their logits`, async () => {
        await use();
        const model = join(root, "01_bert_tiny_random");
        const encoder = await loadEncoder(join(model, "model_seqcls"));
        const { inputIds, attentionMask, tokenTypeIds, labels } = readInputs(model);
        const batch = { inputIds, attentionMask, tokenTypeIds: tokenTypeIds!, labels };
        const { adapter, head: saved } = importAdapter(join(folder, name));
        const head = saved ?? checkpointHead(encoder)!;
        assert.equal(saved !== undefined, name === "lora_seqcls", "only the one made for a task has a head of its own");

        const plan = { encoder, adapter: adapter.config, head: head.config };
        const parameters = classifierTensors(adapter, head);
        const apart = compile((inputs) => {
          let logits: tf.Tensor | undefined;
          const { value, gradients } = valueAndGradients(
            (tensors) => {
              logits = tf.keep(classify(plan, tensors, batchOf(inputs)));
              return tf.mean(crossEntropy(logits, inputs.labels));
            },
            under(inputs, "parameter"),
          );
          return { loss: value, logits: logits!, ...prefixed("gradient", gradients) };
        });
        const actual = apart.run({ ...prefixed("parameter", parameters), ...batch });
        errors.check(backend, "logits", `${name} logits`, actual.logits, expected[`${name}/logits`], tolerances.logits);
        errors.check(backend, "loss", `${name} loss`, actual.loss, expected[`${name}/loss`], tolerances.loss);
        for (const key of Object.keys(expected).filter((each) => each.startsWith(`${name}/grad/`))) {
          const theirs = key.slice(`${name}/grad/`.length);
          const part = /classifier\.modules_to_save\.(weight|bias)$/.exec(theirs)?.[1];
          const ours = part ? `head.out.${part}` : `adapter.${ourName(theirs)}`;
          errors.check(backend, "gradients", key, actual[`gradient.${ours}`], expected[key], tolerances.gradients);
        }

        const merged = mergeAdapter(encoder, adapter);
        for (const key of Object.keys(expected).filter((each) => each.startsWith(`${name}/merged/`))) {
          const weight = merged.weights[key.slice(`${name}/merged/bert.`.length)];
          errors.check(backend, "merged weights", key, weight, expected[key], tolerances.weights);
        }
        const together = compile((inputs) => ({
          logits: classify({ encoder: merged, head: head.config }, under(inputs, "parameter"), batchOf(inputs)),
        }));
        const { logits } = together.run({ ...prefixed("parameter", classifierTensors(undefined, head)), ...batch });
        const theirs = expected[`${name}/merged_logits`];
        errors.check(backend, "logits of the merged", `${name} merged`, logits, theirs, tolerances.logits);
        for (const each of [apart, together, merged, encoder]) each.dispose();
      });
    }
  });
}
