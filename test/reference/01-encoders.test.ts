import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import { headCheckpointName } from "#src/encoder/checkpoint-names.js";
import type { Encoder } from "#src/encoder/encoder.js";
import { forward } from "#src/encoder/forward.js";
import { classificationLogits, headInput, maskedLmLogits, standardHead, under } from "#src/encoder/heads.js";
import { compile } from "#src/engine/compile.js";
import { valueAndGradients } from "#src/engine/gradients.js";
import { crossEntropy } from "#src/engine/ops.js";
import type { NamedTensorData, NamedTensors } from "#src/engine/tensor-data.js";
import { readSafetensors } from "#src/files/safetensors.js";
import { backendsUnderTest } from "../backends.js";
import { ErrorTable, type ReferenceInputs, readInputs, sharedFolder } from "./vectors.js";

const errors = new ErrorTable("Cases 01 and 02, encoders");

/** About 5 times the library's own float32 error, at least 2e-5 for activations (the READMEs of cases 01 and 02). */
const tolerances = { states: 2e-5, logits: 2e-5, mlmLogits: 7e-5, loss: 1e-5, gradients: 5e-6 };

for (const folderName of ["01_bert_tiny_random", "02_roberta_tiny_random"]) {
  const { folder, skip: noFolder } = sharedFolder(`reference/${folderName}`);
  for (const { name: backend, skip: noBackend, use } of backendsUnderTest) {
    describe(`case ${folderName} on ${backend}`, { skip: noFolder ?? noBackend }, () => {
      const expected = noFolder ? {} : readSafetensors(join(folder, "expected.safetensors")).tensors;

      test("hidden states and pooler", async () => {
        await use();
        const bare = folderName.startsWith("01") ? "model_seqcls" : "model";
        const encoder = await loadEncoder(join(folder, bare));
        const weights = encoder.tensors();
        const states = compile((inputs) => {
          const output = forward(weights, encoder.config, batchOf(inputs));
          const named = Object.fromEntries(output.hiddenStates.map((state, i) => [`hidden_states.${i}`, state]));
          return { ...named, last_hidden_state: output.lastHiddenState, pooler_output: output.pooled! };
        });
        for (const [name, actual] of Object.entries(states.run(batchData(readInputs(folder))))) {
          errors.check(backend, `${folderName} ${name}`, name, actual, expected[name], tolerances.states);
        }
        states.dispose();
        encoder.dispose();
      });

      test("classification: logits, loss and gradients", async () => {
        await use();
        const encoder = await loadEncoder(join(folder, "model_seqcls"));
        const inputs = readInputs(folder);
        const actual = lossAndGradients(
          encoder,
          batchData(inputs),
          (weights, heads, named) => {
            const head = standardHead(encoder.config.family);
            const output = forward(weights, encoder.config, batchOf(named));
            const logits = classificationLogits(under(heads, "classifier"), head, headInput(head, output));
            return { logits, loss: tf.mean(crossEntropy(logits, named.labels)) };
          },
          { labels: inputs.labels },
        );
        compareAll("seqcls", actual, encoder, tolerances.logits);
      });

      test("masked language model: logits, loss and gradients", async () => {
        await use();
        const encoder = await loadEncoder(join(folder, "model_mlm"));
        const inputs = readInputs(folder);
        const actual = lossAndGradients(
          encoder,
          batchData(inputs),
          (weights, heads, named) => {
            const output = forward(weights, encoder.config, batchOf(named));
            const logits = maskedLmLogits(weights, heads, encoder.config, output.lastHiddenState);
            const rows = tf.reshape(logits, [-1, encoder.config.vocabSize]);
            const labels = tf.reshape(named.labels, [-1]);
            const counted = tf.cast(tf.greaterEqual(labels, tf.scalar(0, "int32")), "float32");
            const losses = crossEntropy(rows, tf.maximum(labels, tf.scalar(0, "int32")));
            const loss = tf.div(tf.sum(tf.mul(losses, counted)), tf.sum(counted));
            return { logits: tf.slice(logits, [0, 0, 0], [2, -1, -1]), loss };
          },
          { labels: inputs.mlmLabels },
        );
        compareAll("mlm", actual, encoder, tolerances.mlmLogits);
      });

      function compareAll(task: "seqcls" | "mlm", actual: NamedTensorData, encoder: Encoder, logitTolerance: number) {
        const group = (name: string) => `${folderName} ${task}.${name}`;
        errors.check(backend, group("logits"), "logits", actual.logits, expected[`${task}.logits`], logitTolerance);
        errors.check(backend, group("loss"), "loss", actual.loss, expected[`${task}.loss`], tolerances.loss);
        const norms = JSON.parse(readFileSync(join(folder, "grad_norms.json"), "utf8"))[task] as Record<string, number>;
        for (const [name, tensor] of Object.entries(actual)) {
          if (!name.startsWith("gradient/")) continue;
          const theirs = libraryName(encoder, name.slice("gradient/".length));
          const vector = expected[`${task}.grad/${theirs}`];
          if (vector) errors.check(backend, group("gradients"), theirs, tensor, vector, tolerances.gradients);
          const norm = Math.hypot(...tensor.data);
          errors.checkNumber(backend, group("gradient norms, relative"), theirs, norm, norms[theirs], 2e-5);
        }
        encoder.dispose();
      }
    });
  }
}

type Task = (
  weights: NamedTensors,
  heads: NamedTensors,
  inputs: NamedTensors,
) => { logits: tf.Tensor; loss: tf.Tensor };

/** Loss, logits and the gradient of every weight, run as one compiled function. */
function lossAndGradients(
  encoder: Encoder,
  batch: NamedTensorData,
  task: Task,
  labels: NamedTensorData,
): NamedTensorData {
  const used = Object.entries({ ...encoder.weights, ...prefixed("heads", encoder.heads) }).filter(
    // The pooler has no part in a loss that does not read it.
    ([name]) => !(name.startsWith("pooler.") && !encoder.heads["classifier.out.weight"]),
  );
  const names = used.map(([name]) => name);
  const compiled = compile((inputs) => {
    const parameters = Object.fromEntries(names.map((name) => [name, inputs[name]]));
    let logits: tf.Tensor | undefined;
    const { value, gradients } = valueAndGradients((tensors) => {
      const result = task(tensors, under(tensors, "heads"), inputs);
      logits = tf.keep(result.logits);
      return result.loss;
    }, parameters);
    return { loss: value, logits: logits!, ...prefixed("gradient", gradients, "/") };
  });
  const result = compiled.run({ ...Object.fromEntries(used), ...batch, ...labels });
  compiled.dispose();
  return result;
}

function prefixed<T>(prefix: string, tensors: Record<string, T>, separator = "."): Record<string, T> {
  return Object.fromEntries(Object.entries(tensors).map(([name, value]) => [`${prefix}${separator}${name}`, value]));
}

function libraryName(encoder: Encoder, name: string): string {
  const { family } = encoder.config;
  return name.startsWith("heads.") ? headCheckpointName(family, name.slice("heads.".length)) : `${family}.${name}`;
}

function batchData({ inputIds, attentionMask, tokenTypeIds }: ReferenceInputs): NamedTensorData {
  return { inputIds, attentionMask, ...(tokenTypeIds && { tokenTypeIds }) };
}

function batchOf(inputs: NamedTensors) {
  return { inputIds: inputs.inputIds, attentionMask: inputs.attentionMask, tokenTypeIds: inputs.tokenTypeIds };
}
