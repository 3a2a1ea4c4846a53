import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import type { Encoder } from "#src/encoder/encoder.js";
import { forward } from "#src/encoder/forward.js";
import { compile } from "#src/engine/compile.js";
import { float32, type NamedTensorData } from "#src/engine/tensor-data.js";
import { readSafetensors } from "#src/files/safetensors.js";
import { batchOf } from "#src/training/step.js";
import { backendsUnderTest } from "../backends.js";
import { classificationTask, lossAndGradients, maskedWordTask } from "./computations.js";
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
        const { labels, ...inputs } = readInputs(folder);
        const actual = lossAndGradients(encoder, classificationTask(encoder), { ...batchData(inputs), labels });
        compareAll("seqcls", actual, encoder, tolerances.logits);
      });

      test("masked language model: logits, loss and gradients", async () => {
        await use();
        const encoder = await loadEncoder(join(folder, "model_mlm"));
        const { mlmLabels: labels, ...inputs } = readInputs(folder);
        const actual = lossAndGradients(encoder, maskedWordTask(encoder), { ...batchData(inputs), labels });
        const firstTwoRows = expected["mlm.logits"].shape;
        const count = firstTwoRows.reduce((product, length) => product * length);
        const logits = float32(firstTwoRows, actual.logits.data.slice(0, count) as Float32Array);
        compareAll("mlm", { ...actual, logits }, encoder, tolerances.mlmLogits);
      });

      function compareAll(task: "seqcls" | "mlm", actual: NamedTensorData, encoder: Encoder, logitTolerance: number) {
        const group = (name: string) => `${folderName} ${task}.${name}`;
        errors.check(backend, group("logits"), "logits", actual.logits, expected[`${task}.logits`], logitTolerance);
        errors.check(backend, group("loss"), "loss", actual.loss, expected[`${task}.loss`], tolerances.loss);
        const norms = JSON.parse(readFileSync(join(folder, "grad_norms.json"), "utf8"))[task] as Record<string, number>;
        for (const [name, tensor] of Object.entries(actual)) {
          if (!name.startsWith("gradient/")) continue;
          const theirs = name.slice("gradient/".length);
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

function batchData({ inputIds, attentionMask, tokenTypeIds }: Partial<ReferenceInputs>): NamedTensorData {
  return { inputIds: inputIds!, attentionMask: attentionMask!, ...(tokenTypeIds && { tokenTypeIds }) };
}
