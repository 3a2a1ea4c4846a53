import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Adapter } from "#src/adapters/adapter.js";
import { classifierTensors, classify } from "#src/adapters/classify.js";
import { createAdapter } from "#src/adapters/create.js";
import { exportAdapter, importAdapter } from "#src/adapters/folder.js";
import { createHead, type Head } from "#src/adapters/head.js";
import { modelCard, writeModelCard } from "#src/adapters/model-card.js";
import { saveEncoder } from "#src/encoder/checkpoint.js";
import type { EncoderFamily } from "#src/encoder/config.js";
import { createEncoder, type Encoder } from "#src/encoder/encoder.js";
import { maskedLmLogits, standardHead, under } from "#src/encoder/heads.js";
import { selectBackend } from "#src/engine/backend.js";
import { compile } from "#src/engine/compile.js";
import { createRandom } from "#src/engine/random.js";
import { int32, type NamedTensorData, type TensorData } from "#src/engine/tensor-data.js";
import { batchOf, prefixed } from "#src/training/step.js";
import { sharedFolder, worstError } from "../reference/vectors.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const python = process.env.SIGNMIX_TORCH_PYTHON;

/** The libraries, in one Python process: environment/reference/load_adapter.py. */
const libraries = python
  ? spawn(python, [join(root, "environment", "reference", "load_adapter.py")], { stdio: ["pipe", "pipe", "ignore"] })
  : undefined;
const answers = libraries && createInterface({ input: libraries.stdout })[Symbol.asyncIterator]();
after(() => libraries?.stdin.end());

async function ask<T>(request: Record<string, unknown>): Promise<T> {
  libraries?.stdin.write(`${JSON.stringify(request)}\n`);
  const { value } = (await answers?.next()) ?? {};
  assert.ok(value, `${python} ended before it answered`);
  const answer = JSON.parse(value) as T & { error?: string };
  assert.equal(answer.error, undefined);
  return answer;
}

const noPython = python ? undefined : "needs SIGNMIX_TORCH_PYTHON, a Python with torch, transformers and peft";
const versions = python ? await ask<Record<string, string | null>>({ do: "versions" }) : {};
const noPeft = noPython ?? (versions.peft ? undefined : "SIGNMIX_TORCH_PYTHON has no peft");
const noAdapterHub = noPython ?? (versions.adapters ? undefined : "SIGNMIX_TORCH_PYTHON has no adapters package");

const scratch = mkdtempSync(join(tmpdir(), "signmix-libraries-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
before(async () => {
  await selectBackend("cpu", { quiet: true });
});

const ids = [
  [2, 7, 9, 11, 3],
  [2, 5, 3, 0, 0],
];
const mask = [
  [1, 1, 1, 1, 1],
  [1, 1, 1, 0, 0],
];

for (const family of ["bert", "roberta", "distilbert"] as const) {
  describe(`the libraries compute what signmix does with its ${family} files`, () => {
    test("an encoder with a LoRA and the model's own kind of head, in transformers and PEFT", {
      skip: noPeft,
    }, async () => {
      const encoder = spreadOut(smallEncoder(family));
      const head = grow(createHead(encoder, ["a", "b", "c"], { seed: 1, ...standardHead(family) }));
      const targets = ["query", "value", "intermediate", "output"] as const;
      const lora = grow(createAdapter(encoder, { method: "lora", seed: 1, rank: 3, alpha: 5, targets: [...targets] }));
      const folders = { encoder: join(scratch, `${family}-encoder`), adapter: join(scratch, `${family}-peft`) };
      saveEncoder(encoder, folders.encoder);
      exportAdapter(lora, folders.adapter, "peft", { head });
      writeModelCard(folders.adapter, modelCard({ adapter: lora, head }, "peft"));
      const theirs = await ask<{ logits: number[][] }>({ do: "peft", ...folders, classes: 3, inputs: inputsOf() });
      assertClose(logits(encoder, lora, head), theirs.logits.flat());
    });

    test("the masked-language-model head, in transformers", { skip: noPython }, async () => {
      const encoder = spreadOut(smallEncoder(family, true));
      const folder = join(scratch, `${family}-mlm`);
      saveEncoder(encoder, folder);
      const theirs = await ask<{ logits: number[][][] }>({ do: "mlm", encoder: folder, inputs: inputsOf() });
      const compiled = compile((inputs) => {
        const { lastHiddenState } = encoder.forward(batchOf(inputs));
        return { logits: maskedLmLogits(encoder.tensors(), encoder.headTensors(), encoder.config, lastHiddenState) };
      });
      assertClose(compiled.run(batch()).logits, theirs.logits.flat(2));
      encoder.dispose();
    });

    for (const method of ["houlsby", "pfeiffer", "lora"] as const) {
      test(`a ${method} adapter with a head, in AdapterHub`, { skip: noAdapterHub }, async () => {
        const encoder = spreadOut(smallEncoder(family));
        const head = grow(createHead(encoder, ["a", "b", "c"], { seed: 1, layers: 2 }));
        const adapter = grow(createAdapter(encoder, { method, seed: 1 }));
        const folders = { encoder: join(scratch, `${family}-base`), adapter: join(scratch, `${family}-${method}`) };
        saveEncoder(encoder, folders.encoder);
        exportAdapter(adapter, folders.adapter, "adapterhub", { head });
        writeModelCard(folders.adapter, modelCard({ adapter, head }, "adapterhub"));
        const theirs = await ask<{ logits: number[][] }>({ do: "adapterhub", ...folders, inputs: inputsOf() });
        assertClose(logits(encoder, adapter, head), theirs.logits.flat());
      });
    }
  });
}

test("PEFT reads a re-export of its real adapter as the original", {
  skip: noPeft ?? sharedFolder("adapters/peft-lora-distilbert-emotion").skip,
}, async () => {
  const { folder } = sharedFolder("adapters/peft-lora-distilbert-emotion");
  const { adapter, head } = importAdapter(folder);
  const copy = join(scratch, "emotion");
  exportAdapter(adapter, copy, "peft", { head });
  const config = { model_type: "distilbert", num_labels: 6, vocab_size: 100 };
  const original = join(folder, "adapter_model.safetensors");
  assert.deepEqual(await ask({ do: "same-as-peft", adapter: copy, original, config }), { equal: true, tensors: 28 });
});

test("torch reads the .bin of a re-export as the safetensors of AdapterHub, key by key", {
  skip: noPython ?? sharedFolder("reference/03_adapterhub").skip,
}, async () => {
  const original = join(sharedFolder("reference/03_adapterhub").folder, "bert", "double_seq_bn_r16_a");
  const { adapter, head } = importAdapter(original);
  const copy = join(scratch, "double_seq_bn_r16_a");
  exportAdapter(adapter, copy, "adapterhub", { head });
  for (const [bin, safetensors] of [
    ["pytorch_adapter.bin", "adapter.safetensors"],
    ["pytorch_model_head.bin", "model_head.safetensors"],
  ]) {
    const { equal } = await ask<{ equal: boolean }>({
      do: "same-as-torch",
      bin: join(copy, bin),
      safetensors: join(original, safetensors),
    });
    assert.ok(equal, bin);
  }
  for (const file of ["adapter_config.json", "head_config.json"]) {
    const [ours, theirs] = [copy, original].map((folder) => JSON.parse(readFileSync(join(folder, file), "utf8")));
    assert.deepEqual(ours, theirs, file);
  }
});

function smallEncoder(family: EncoderFamily, maskedLmHead = false): Encoder {
  const roberta = family === "roberta";
  return createEncoder(
    {
      family,
      vocabSize: 30,
      hiddenSize: 16,
      layers: 2,
      heads: 2,
      intermediateSize: 24,
      maxPositions: 16,
      typeVocabSize: { bert: 2, roberta: 1, distilbert: 0 }[family],
      layerNormEpsilon: roberta ? 1e-5 : 1e-12,
      padTokenId: roberta ? 1 : 0,
      activation: "gelu",
    },
    { seed: 5, maskedLmHead },
  );
}

/** The same encoder with weights large enough for every one of them to matter. */
function spreadOut(encoder: Encoder): Encoder {
  for (const [name, tensor] of Object.entries({ ...encoder.weights, ...encoder.heads })) shake(name, tensor);
  return encoder;
}

/** The same adapter or head away from its start, B not zero. */
function grow<T extends Adapter | Head>(thing: T): T {
  for (const [name, tensor] of Object.entries(thing.tensors)) shake(name, tensor);
  return thing;
}

function shake(name: string, { data }: TensorData): void {
  const { normal } = createRandom(name);
  data.forEach((value, i) => {
    data[i] = value + 0.2 * normal();
  });
}

function inputsOf() {
  return { input_ids: ids, attention_mask: mask };
}

function batch(): NamedTensorData {
  const matrix = (rows: number[][]) => int32([rows.length, rows[0].length], Int32Array.from(rows.flat()));
  return { inputIds: matrix(ids), attentionMask: matrix(mask) };
}

function logits(encoder: Encoder, adapter: Adapter, head: Head): TensorData {
  const plan = { encoder, adapter: adapter.config, head: head.config };
  const compiled = compile((inputs) => ({ logits: classify(plan, under(inputs, "parameter"), batchOf(inputs)) }));
  const result = compiled.run({ ...prefixed("parameter", classifierTensors(adapter, head)), ...batch() });
  encoder.dispose();
  return result.logits;
}

function assertClose(actual: TensorData, expected: number[]): void {
  const error = worstError(actual, { ...actual, data: Float32Array.from(expected) }, "logits");
  assert.ok(error < 2e-5, `the logits differ by ${error}`);
}
