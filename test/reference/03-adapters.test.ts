import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type ClassifierPlan, classifierTensors } from "#src/adapters/classify.js";
import { hooksOf } from "#src/adapters/create.js";
import { importAdapter } from "#src/adapters/folder.js";
import { checkpointHead, type Head } from "#src/adapters/head.js";
import { matrixPath } from "#src/adapters/layer-paths.js";
import type { Classifier } from "#src/attacks/classifier.js";
import { fgsm } from "#src/attacks/fgsm.js";
import { createFgsmStep } from "#src/attacks/fgsm-step.js";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import type { Encoder } from "#src/encoder/encoder.js";
import { under } from "#src/encoder/heads.js";
import type { LinearName } from "#src/encoder/hooks.js";
import { float32, int32, type NamedTensorData, type TensorData } from "#src/engine/tensor-data.js";
import { readSafetensors } from "#src/files/safetensors.js";
import type { Encoding, Tokenizer } from "#src/text/tokenizer.js";
import { evaluationOf } from "#src/training/evaluate.js";
import { batchOf, prefixed } from "#src/training/step.js";
import { backendsUnderTest } from "../backends.js";
import { classifierGradients, logitsAndLoss, runOnce, trainOnOneBatch } from "./computations.js";
import { ErrorTable, readInputs, sharedFolder } from "./vectors.js";

const errors = new ErrorTable("Case 03, AdapterHub");

/** Five times the library's own float32 error (the README of case 03), at least 1e-5. */
const tolerances = {
  logits: 1.5e-5,
  seqcls_static_head_logits: 3e-5,
  last_hidden_state: 1.5e-5,
  loss: 1e-5,
  grad: 1.5e-4,
  grad_input_embeddings: 1e-6,
  fgsm: 1e-5,
  train_losses: 1e-5,
  after5_logits: 2.2e-5,
  after5: 4.2e-4,
};

/** How far an FGSM logit moves where gradients near zero have either sign (the README's last column). */
const fgsmSlack: Record<string, number> = {
  "bert/seq_bn_r4_a": 1.8e-3,
  "bert/lora_r4_alpha16_a": 2.2e-2,
  "roberta/double_seq_bn_r16_a": 6.6e-5,
  "roberta/double_seq_bn_r4_a": 7.7e-4,
  "roberta/lora_r8_a": 2.3e-4,
  "roberta/lora_r4_alpha16_a": 4.5e-4,
};

const { folder: root, skip: noFolder } = sharedFolder("reference/03_adapterhub");
const models = { bert: "01_bert_tiny_random", roberta: "02_roberta_tiny_random" };

for (const [family, modelFolder] of Object.entries(models)) {
  const variants = noFolder ? ["(absent)"] : readdirSync(join(root, family)).filter((name) => !name.includes("static"));
  for (const { name: backend, skip: noBackend, use } of backendsUnderTest) {
    describe(`case 03 ${family} on ${backend}`, { skip: noFolder ?? noBackend }, () => {
      for (const variant of variants) {
        test(variant, async () => {
          await use();
          const model = join(root, "..", modelFolder);
          const encoder = await loadEncoder(join(model, "model_seqcls"), { name: `${modelFolder}/model_seqcls` });
          try {
            compareVariant(backend, encoder, model, family, variant);
          } finally {
            encoder.dispose();
          }
        });
      }
    });
  }
}

function compareVariant(backend: string, encoder: Encoder, model: string, family: string, variant: string) {
  const folder = join(root, family, variant);
  const expected = readSafetensors(join(folder, "expected.safetensors")).tensors;
  const { inputIds, attentionMask, tokenTypeIds, labels } = readInputs(model);
  const { adapter, head } = importAdapter(folder);
  assert.ok(head, "the folder has a head");
  const batch = { inputIds, attentionMask, ...(tokenTypeIds && { tokenTypeIds }), labels };
  const plan = { encoder, adapter: adapter.config, head: head.config };
  const parameters = classifierTensors(adapter, head);
  const check = (group: keyof typeof tolerances, name: string, actual: NamedTensorData[string], slack = 0) => {
    const tolerance = tolerances[group] + slack;
    errors.check(backend, `${family} ${group}`, `${variant} ${name}`, actual, expected[name], tolerance);
  };

  const own = logitsAndLoss(plan, parameters, batch);
  check("logits", "logits", own.logits);
  check("loss", "loss", own.loss);
  if (expected.last_hidden_state)
    check("last_hidden_state", "last_hidden_state", lastHiddenState(plan, parameters, batch));

  const standard = checkpointHead(encoder) as Head;
  const withStandard = logitsAndLoss({ ...plan, head: standard.config }, classifierTensors(adapter, standard), batch);
  check("seqcls_static_head_logits", "seqcls_static_head_logits", withStandard.logits);
  if (!expected.train_losses) return; // only folders of seed a have what follows

  const gradients = classifierGradients(plan, parameters, batch);
  const libraryNames = Object.keys(parameters).map((name) => [name, libraryName(family, adapter.name, head, name)]);
  for (const [name, theirs] of libraryNames) check("grad", `grad/${theirs}`, gradients[name]);
  if (expected.grad_input_embeddings) check("grad_input_embeddings", "grad_input_embeddings", gradients.wordEmbeddings);

  const attacked = fgsmLogits(plan, parameters, batch);
  const slack = fgsmSlack[`${family}/${variant}`] ?? 0;
  check("fgsm", "fgsm_logits", attacked, slack);
  check("fgsm", "fgsm_logits", fgsmOfTexts(encoder, { adapter, head }, batch), slack);
  const loss = evaluationOf(attacked, Array.from(labels.data)).loss;
  check("fgsm", "fgsm_loss", float32([1], Float32Array.of(loss)), slack);

  const trained = trainOnOneBatch(plan, parameters, batch, { steps: 5, learningRate: 1e-3 });
  const losses = float32(
    [6],
    Float32Array.from([...trained.losses, logitsAndLoss(plan, trained.parameters, batch).loss.data[0]]),
  );
  check("train_losses", "train_losses", losses);
  check("after5_logits", "after5_logits", logitsAndLoss(plan, trained.parameters, batch).logits);
  for (const [name, theirs] of libraryNames) {
    if (expected[`after5/${theirs}`]) check("after5", `after5/${theirs}`, trained.parameters[name]);
  }
}

/** Logits after FGSM by 0.05, special tokens perturbed too, as the library's numbers were made. */
function fgsmLogits(plan: ClassifierPlan, parameters: NamedTensorData, batch: NamedTensorData): TensorData {
  const { inputIds, attentionMask, tokenTypeIds = int32(inputIds.shape), labels } = batch;
  const tokens = { inputIds, attentionMask, tokenTypeIds };
  const step = createFgsmStep(plan);
  const direction = step.direction(parameters, tokens, labels, attentionMask);
  const logits = step.logits(parameters, tokens, direction, 0.05);
  step.dispose();
  return logits;
}

/** The same through `fgsm`, whose texts are row numbers here: the tokenizer answers with the row's tokens. */
function fgsmOfTexts(encoder: Encoder, victim: Classifier, batch: NamedTensorData): TensorData {
  const { inputIds, attentionMask, tokenTypeIds = int32(inputIds.shape), labels } = batch;
  const [rows, time] = inputIds.shape;
  const encode = (row: string): Encoding => {
    const real = (tensor: TensorData) =>
      Array.from(tensor.data.subarray(Number(row) * time, (Number(row) + 1) * time)).filter(
        (_, token) => attentionMask.data[Number(row) * time + token] === 1,
      );
    const tokens = real(inputIds);
    return {
      inputIds: tokens,
      tokenTypeIds: real(tokenTypeIds),
      attentionMask: tokens.map(() => 1),
      specialTokensMask: tokens.map(() => 0),
    };
  };
  const examples = Array.from({ length: rows }, (_, row) => ({ text: String(row), label: labels.data[row] }));
  const reading: Encoder = { ...encoder, hash: encoder.hash, tokenizer: { encode } as unknown as Tokenizer };
  const options = { epsilon: 0.05, unit: "absolute" as const, specialTokens: true, batchSize: rows, maxLength: time };
  return fgsm(reading, victim, examples, options)[0].logits;
}

function lastHiddenState(plan: ClassifierPlan, parameters: NamedTensorData, batch: NamedTensorData) {
  const result = runOnce({ ...prefixed("parameter", parameters), ...batch }, (inputs) => {
    const hooks = hooksOf(plan.adapter!, under(inputs, "parameter.adapter"));
    return { state: plan.encoder.forward(batchOf(inputs), { adapter: hooks }).lastHiddenState };
  });
  return result.state;
}

/** The name that AdapterHub's library gives to one of `classifierTensors`. */
function libraryName(family: string, adapterName: string, head: Head, name: string): string {
  const lora = /^adapter\.layers\.(\d+)\.([A-Za-z]+)\.([AB])$/.exec(name);
  if (lora) {
    const path = matrixPath("bert", Number(lora[1]), lora[2] as LinearName);
    return `${family}.${path}.loras.${adapterName}.lora_${lora[3]}`;
  }
  const bottleneck = /^adapter\.layers\.(\d+)\.(attention|feedForward)\.(down|up)\.(weight|bias)$/.exec(name);
  if (bottleneck) {
    const [, layer, module, matrix, part] = bottleneck;
    const path = `encoder.layer.${layer}.${module === "attention" ? "attention.output" : "output"}`;
    const theirs = matrix === "down" ? "adapter_down.0" : "adapter_up";
    return `${family}.${path}.adapters.${adapterName}.${theirs}.${part}`;
  }
  const [, module, part] = name.split(".");
  return `heads.${adapterName}.${module === "out" && head.config.layers === 2 ? 4 : 1}.${part}`;
}
