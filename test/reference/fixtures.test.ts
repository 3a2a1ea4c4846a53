import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type ClassifierPlan, classifierTensors } from "#src/adapters/classify.js";
import { importAdapter } from "#src/adapters/folder.js";
import { checkpointHead, type Head } from "#src/adapters/head.js";
import { readMatrixPath } from "#src/adapters/layer-paths.js";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import { readCheckpointName } from "#src/encoder/checkpoint-names.js";
import { float32, type NamedTensorData } from "#src/engine/tensor-data.js";
import { readSafetensors } from "#src/files/safetensors.js";
import { batchOf } from "#src/training/step.js";
import { backendsUnderTest } from "../backends.js";
import {
  classificationTask,
  classifierGradients,
  logitsAndLoss,
  lossAndGradients,
  maskedWordTask,
  runOnce,
  trainOnOneBatch,
} from "./computations.js";
import { ErrorTable, readInputs } from "./vectors.js";

const errors = new ErrorTable("Committed vectors of transformers, PEFT and make.py's bottlenecks");

/** Five times what float32 leaves of such small models, as in the larger reference cases. */
const tolerances = { states: 2e-5, logits: 2e-5, loss: 1e-5, gradients: 1e-5, train_losses: 2e-5 };

const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

for (const family of ["bert", "roberta", "distilbert"] as const) {
  const folder = join(project, "test", "fixtures", "reference", family);
  const expected = readSafetensors(join(folder, "expected.safetensors")).tensors;
  const { mlmLabels, labels, ...batch } = readInputs(folder);

  for (const { name: backend, skip, use } of backendsUnderTest) {
    describe(`committed vectors, ${family} on ${backend}`, { skip }, () => {
      const check = (group: keyof typeof tolerances, name: string, actual: NamedTensorData[string]) => {
        errors.check(
          backend,
          `${family} ${name.split("/")[0]} ${group}`,
          name,
          actual,
          expected[name],
          tolerances[group],
        );
      };

      test("hidden states", async () => {
        await use();
        const encoder = await loadEncoder(join(folder, "model_seqcls"));
        const states = runOnce(batch, (inputs) => {
          const named = encoder.forward(batchOf(inputs)).hiddenStates.map((state, i) => [`hidden_states.${i}`, state]);
          return Object.fromEntries(named);
        });
        for (const [name, state] of Object.entries(states)) {
          errors.check(backend, `${family} hidden states`, name, state, expected[name], tolerances.states);
        }
        encoder.dispose();
      });

      for (const kind of ["seqcls", "mlm"] as const) {
        test(`${kind}: logits, loss and every gradient`, async () => {
          await use();
          const encoder = await loadEncoder(join(folder, `model_${kind}`));
          const task = kind === "mlm" ? maskedWordTask(encoder) : classificationTask(encoder);
          const asked = kind === "mlm" ? mlmLabels : labels;
          const actual = lossAndGradients(encoder, task, { ...batch, labels: asked });
          check("logits", `${kind}/logits`, actual.logits);
          check("loss", `${kind}/loss`, actual.loss);
          const ours = new Map(Object.entries(actual).map(([name, value]) => [canonical(name, "gradient/"), value]));
          for (const name of Object.keys(expected).filter((key) => key.startsWith(`${kind}/grad/`))) {
            check("gradients", name, ours.get(canonical(name, `${kind}/grad/`))!);
          }
          encoder.dispose();
        });
      }

      for (const method of ["houlsby", "pfeiffer", "lora"] as const) {
        test(`${method}: logits, loss, every gradient, three steps of AdamW`, async () => {
          await use();
          const encoder = await loadEncoder(join(folder, "model_seqcls"), { name: `tiny-${family}` });
          const { adapter, head: saved } = importAdapter(join(folder, method), { encoder });
          const head = saved ?? (checkpointHead(encoder) as Head);
          const full: ClassifierPlan = { encoder, adapter: adapter.config, head: head.config };
          const parameters = classifierTensors(adapter, head);
          const named = { ...batch, labels };
          const result = logitsAndLoss(full, parameters, named);
          check("logits", `${method}/logits`, result.logits);
          check("loss", `${method}/loss`, result.loss);
          const gradients = classifierGradients(full, parameters, named);
          const theirs = Object.keys(expected).filter((key) => key.startsWith(`${method}/grad/`));
          for (const name of theirs) check("gradients", name, gradients[parameterName(name)]);

          const trained = trainOnOneBatch(full, parameters, named, { steps: 3, learningRate: 1e-2 });
          const losses = [...trained.losses, logitsAndLoss(full, trained.parameters, named).loss.data[0]];
          check("train_losses", `${method}/train_losses`, float32([4], Float32Array.from(losses)));
          assert.equal(theirs.length, Object.keys(parameters).length, "every trained tensor has been compared");
          encoder.dispose();
        });
      }

      /** Our name among the classifier's parameters: `adapter.…` or `head.…`. */
      function parameterName(name: string): string {
        const path = name.replace(/^\w+\/grad\/(base_model\.model\.)?/, "").replace(".modules_to_save", "");
        const [matrix, factor] = path.split(".lora_");
        const lora = factor && readMatrixPath(family, matrix);
        if (lora) return `adapter.layers.${lora.layer}.${lora.matrix}.${factor[0]}`;
        const bottleneck = /layer\.(\d+)\.(.+)\.adapters\.\w+\.adapter_(down|up)\.(?:0\.)?(weight|bias)$/.exec(path);
        if (!bottleneck) return `head.${readCheckpointName(family, path)?.name.replace("classifier.", "")}`;
        const [, layer, place, part, kind] = bottleneck;
        return `adapter.layers.${layer}.${place.startsWith("attention") ? "attention" : "feedForward"}.${part}.${kind}`;
      }

      function canonical(name: string, prefix: string): string {
        return readCheckpointName(family, name.slice(prefix.length))?.name ?? name;
      }
    });
  }
}
