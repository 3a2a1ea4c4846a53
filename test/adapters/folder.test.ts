import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { type Adapter, adapterHash } from "#src/adapters/adapter.js";
import { createAdapter } from "#src/adapters/create.js";
import type { ImportedAdapter } from "#src/adapters/fit.js";
import { type AdapterFormat, adapterFormat, exportAdapter, importAdapter } from "#src/adapters/folder.js";
import { createHead } from "#src/adapters/head.js";
import { exportSignmix } from "#src/adapters/signmix-folder.js";
import type { EncoderConfig, EncoderFamily } from "#src/encoder/config.js";
import { createEncoder, type Encoder } from "#src/encoder/encoder.js";
import { standardHead } from "#src/encoder/heads.js";
import { readSafetensors, writeSafetensors } from "#src/files/safetensors.js";
import { sharedFolder } from "../reference/vectors.js";

const scratch = mkdtempSync(join(tmpdir(), "signmix-adapters-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => join(scratch, `adapter-${folders++}`);

function smallEncoder(family: EncoderFamily, change: Partial<EncoderConfig> = {}): Encoder {
  const config: EncoderConfig = {
    family,
    vocabSize: 20,
    hiddenSize: 8,
    layers: 3,
    heads: 2,
    intermediateSize: 16,
    maxPositions: 12,
    typeVocabSize: family === "distilbert" ? 0 : 1,
    layerNormEpsilon: 1e-12,
    padTokenId: 0,
    activation: "gelu",
    ...change,
  };
  return createEncoder(config, { seed: 1, name: `small-${family}` });
}

function assertSame(actual: ImportedAdapter, expected: { adapter: Adapter; head?: ImportedAdapter["head"] }) {
  const { name: _, seed: __, base, ...adapter } = actual.adapter;
  const { name: ___, seed: ____, base: expectedBase, ...expectedAdapter } = expected.adapter;
  assert.deepEqual(adapter.config, expectedAdapter.config);
  assert.deepEqual(new Set(Object.keys(adapter.tensors)), new Set(Object.keys(expectedAdapter.tensors)));
  for (const [name, tensor] of Object.entries(expectedAdapter.tensors)) {
    assert.deepEqual(adapter.tensors[name], tensor, name);
  }
  const shape = ({ family, hiddenSize, layers, encoder }: Adapter["base"]) => ({ family, hiddenSize, layers, encoder });
  assert.deepEqual(shape(base), shape(expectedBase));
  assert.deepEqual(actual.head?.config, expected.head?.config);
  assert.deepEqual(actual.head?.tensors, expected.head?.tensors);
}

describe("a folder that was written reads back as it was", () => {
  for (const family of ["bert", "roberta", "distilbert"] as const) {
    const encoder = smallEncoder(family);
    const head = createHead(encoder, ["no", "yes", "maybe"], { seed: 2, layers: 2 });
    const kinds: [string, Adapter][] = [
      ["houlsby", createAdapter(encoder, { method: "houlsby", seed: 3, reductionFactor: 4 })],
      ["pfeiffer without layer 1", createAdapter(encoder, { method: "pfeiffer", seed: 3, leaveOut: [1] })],
      ["lora", createAdapter(encoder, { method: "lora", seed: 3, rank: 2, targets: ["query", "value", "output"] })],
    ];
    for (const [kind, adapter] of kinds) {
      const forms: [AdapterFormat, "safetensors" | "bin" | undefined][] = [
        ["signmix", undefined],
        ["adapterhub", "bin"],
        ["adapterhub", "safetensors"],
      ];
      for (const [format, storage] of forms) {
        test(`${kind} of ${family} as ${format} ${storage ?? ""}`, () => {
          const folder = newFolder();
          exportAdapter(adapter, folder, format, { head, storage });
          assert.equal(adapterFormat(folder), format);
          const read = importAdapter(folder, { encoder });
          assertSame(read, { adapter, head });
          assert.deepEqual(read.head?.labels, head.labels);
          assert.deepEqual(read.notes, []);
        });
      }
    }

    const everyMatrix = ["query", "key", "value", "attentionOutput", "intermediate", "output"] as const;
    for (const targets of [everyMatrix, ["output"], ["query", "value"]] as const) {
      test(`lora on ${targets} of ${family} as peft, with the model's own kind of head`, () => {
        const options = { seed: 3, rank: 2, alpha: 5, rankStabilised: true, leaveOut: [0], targets: [...targets] };
        const lora = createAdapter(encoder, { method: "lora", ...options });
        const own = createHead(encoder, ["LABEL_0", "LABEL_1"], { seed: 2, ...standardHead(family) });
        const folder = newFolder();
        exportAdapter(lora, folder, "peft", { head: own });
        assertSame(importAdapter(folder, { encoder }), { adapter: lora, head: own });
      });
    }
  }

  test("signmix keeps name, seed and labels, and equal adapters give equal bytes", () => {
    const encoder = smallEncoder("bert");
    const adapter = createAdapter(encoder, { method: "lora", seed: "s", name: "imdb" });
    const head = createHead(encoder, ["bad", "good"], { seed: "s", name: "imdb" });
    const [first, second] = [newFolder(), newFolder()];
    exportAdapter(adapter, first, "signmix", { head });
    exportAdapter(adapter, second, "signmix", { head });
    assert.deepEqual(importAdapter(first), { adapter, head, notes: [] });
    for (const file of ["signmix_adapter.json", "signmix_adapter.safetensors"]) {
      assert.deepEqual(readFileSync(join(first, file)), readFileSync(join(second, file)));
    }
  });
});

describe("what does not fit is refused by name", () => {
  const encoder = smallEncoder("bert");
  const lora = createAdapter(encoder, { method: "lora", seed: 1, rank: 2 });
  const houlsby = createAdapter(encoder, { method: "houlsby", seed: 1 });

  test("another encoder", () => {
    const folder = newFolder();
    exportAdapter(lora, folder, "adapterhub");
    const wide = createEncoder({ ...encoder.config, hiddenSize: 16 }, { seed: 1, name: "small-bert" });
    assert.throws(() => importAdapter(folder, { encoder: wide }), /hiddenSize 8 against 16/);
    assert.throws(() => importAdapter(folder, { encoder: smallEncoder("roberta") }), /family bert against roberta/);
    const deep = createEncoder({ ...encoder.config, layers: 4 }, { seed: 1, name: "small-bert" });
    assert.throws(() => importAdapter(folder, { encoder: deep }), /layers 3 against 4/);
    const other = createEncoder(encoder.config, { seed: 1, name: "hub/other-bert" });
    assert.throws(() => importAdapter(folder, { encoder: other }), /made for the encoder "small-bert"/);
    assert.ok(importAdapter(folder, { encoder: { ...other, name: "hub/Small-BERT" } }));
  });

  test("another rank than the tensors have", () => {
    const folder = newFolder();
    exportAdapter(lora, folder, "peft");
    edit(folder, (json) => ({ ...json, r: 4 }));
    assert.throws(() => importAdapter(folder), /"layers\.0\.query\.A" in shape \[2,8\]; .* \[4,8\]/);
  });

  test("a tensor that is missing, unknown, or of no model", () => {
    const folder = newFolder();
    exportAdapter(lora, folder, "peft");
    const path = join(folder, "adapter_model.safetensors");
    const { tensors } = readSafetensors(path);
    const [first, ...rest] = Object.keys(tensors);
    writeSafetensors(path, Object.fromEntries(rest.map((name) => [name, tensors[name]])));
    assert.throws(() => importAdapter(folder), /lacks the tensor "layers\.0\.query\.A"/);
    writeSafetensors(path, { ...tensors, [first.replace("lora_A", "lora_magnitude_vector")]: tensors[first] });
    assert.throws(() => importAdapter(folder), /lora_magnitude_vector.*, of DoRA, which changes what a layer computes/);
    writeSafetensors(path, { "base_model.model.gpt.h.0.attn.lora_A.weight": tensors[first] });
    edit(folder, (json) => ({ ...json, base_model_name_or_path: "gpt2" }));
    assert.throws(() => importAdapter(folder), /of no model that signmix knows/);
  });

  for (const [option, value] of Object.entries({
    use_dora: true,
    bias: "all",
    lora_bias: true,
    rank_pattern: { query: 4 },
    alpha_pattern: { query: 4 },
    layer_replication: [[0, 2]],
    init_lora_weights: "pissa",
    peft_type: "IA3",
    something_new: 1,
  })) {
    test(`PEFT's ${option}`, () => {
      const folder = newFolder();
      exportAdapter(lora, folder, "peft");
      edit(folder, (json) => ({ ...json, [option]: value }));
      const named = option === "peft_type" ? /type IA3/ : new RegExp(`PEFT option ${option} = `);
      assert.throws(() => importAdapter(folder), named);
    });
  }

  for (const [option, value] of Object.entries({
    ln_before: true,
    ln_after: true,
    is_parallel: true,
    use_gating: true,
    phm_layer: true,
    inv_adapter: "nice",
    adapter_residual_before_ln: true,
    cross_adapter: true,
    non_linearity: "leakyrelu",
    reduction_factor: { "0": 2, default: 16 },
    residual_before_ln: "post_add",
    scaling: "learned",
    init_weights: "mam_adapter",
    something_new: 1,
  })) {
    test(`AdapterHub's ${option}`, () => {
      const folder = newFolder();
      exportAdapter(houlsby, folder, "adapterhub");
      edit(folder, (json) => ({ ...json, config: { ...(json.config as object), [option]: value } }));
      assert.throws(() => importAdapter(folder), new RegExp(`AdapterHub option ${option} = .* not supported`));
    });
  }

  test("what a format has no place for", () => {
    const stabilised = createAdapter(encoder, { method: "lora", seed: 1, rankStabilised: true });
    const onOutput = createAdapter(encoder, { method: "lora", seed: 1, targets: ["attentionOutput"] });
    assert.throws(() => exportAdapter(stabilised, newFolder(), "adapterhub"), /rank-stabilised/);
    assert.throws(() => exportAdapter(onOutput, newFolder(), "adapterhub"), /attention's output matrix/);
    assert.throws(() => exportAdapter(houlsby, newFolder(), "peft"), /PEFT has no houlsby adapters/);
    const head = createHead(encoder, ["a", "b"], { seed: 1 });
    assert.throws(() => exportAdapter(lora, newFolder(), "peft", { head }), /for bert on the pooler with 1 matrix/);
  });

  test("a folder that holds no adapter, and a signmix file that was changed", () => {
    assert.throws(() => importAdapter(scratch), /holds no adapter/);
    assert.throws(() => importAdapter(join(scratch, "nowhere")), /There is no folder ".*nowhere"/);
    const folder = newFolder();
    exportAdapter(lora, folder, "signmix");
    const path = join(folder, "signmix_adapter.safetensors");
    const { tensors } = readSafetensors(path);
    Object.values(tensors)[0].data[0] += 1;
    writeSafetensors(path, tensors);
    assert.throws(() => importAdapter(folder), /not the one its hash was taken of/);
  });
});

test("an option that a signmix file lacks has its default", () => {
  const encoder = smallEncoder("bert");
  const adapter = createAdapter(encoder, { method: "lora", seed: 1, rank: 2 });
  const folder = newFolder();
  const { leaveOut: _, ...lacking } = adapter.config;
  exportSignmix({ ...adapter, config: lacking as typeof adapter.config }, folder, {});
  assert.deepEqual(importAdapter(folder).adapter.config, adapter.config);
});

describe("what old libraries wrote is read as they meant it", () => {
  const encoder = smallEncoder("bert");

  test("a LoRA of AdapterHub before 1.1.0, which left its alpha out", () => {
    const folder = newFolder();
    exportAdapter(createAdapter(encoder, { method: "lora", seed: 1, rank: 2, alpha: 8 }), folder, "adapterhub");
    edit(folder, (json) => ({ ...json, version: "adapters.1.0.1" }));
    const { adapter, notes } = importAdapter(folder);
    assert.equal(adapter.config.method === "lora" && adapter.config.alpha, 2);
    assert.match(notes[0], /did not apply alpha = 8/);
  });

  test("a folder of before the library had a version: names of tensors, gelu_orig", () => {
    const folder = newFolder();
    const adapter = createAdapter(encoder, { method: "pfeiffer", seed: 1, activation: "gelu" });
    exportAdapter(adapter, folder, "adapterhub", { storage: "safetensors" });
    edit(folder, ({ version: _, config, ...json }) => {
      return { ...json, config: { ...(config as object), non_linearity: "gelu_orig" } };
    });
    const path = join(folder, "adapter.safetensors");
    const old = Object.entries(readSafetensors(path).tensors).map(([name, tensor]) => {
      return [name.replace(".adapters.", ".layer_text_task_adapters."), tensor];
    });
    writeSafetensors(path, Object.fromEntries(old));
    assertSame(importAdapter(folder), { adapter });
    edit(folder, (json) => ({ ...json, config: { ...(json.config as object), non_linearity: "gelu" } }));
    assert.throws(() => importAdapter(folder), /non_linearity = "gelu" is not supported/); // then the tanh form
  });

  test("a head of another kind is left out and named", () => {
    const folder = newFolder();
    const head = createHead(encoder, ["a", "b"], { seed: 1 });
    exportAdapter(createAdapter(encoder, { method: "pfeiffer", seed: 1 }), folder, "adapterhub", { head });
    edit(
      folder,
      (json) => ({ ...json, config: { ...(json.config as object), head_type: "tagging" } }),
      "head_config.json",
    );
    const read = importAdapter(folder);
    assert.equal(read.head, undefined);
    assert.match(read.notes[0], /left out the head, which is of type tagging: heads\.pfeiffer\.1\.weight/);
  });
});

describe("real adapters import, re-export and re-import identically", () => {
  const real: [string, AdapterFormat][] = [
    ["adapters/adapterhub-pfeiffer-mbert-metaphor", "adapterhub"],
    ["adapters/peft-lora-distilbert-emotion", "peft"],
  ];
  for (const [path, format] of real) {
    const { folder, skip } = sharedFolder(path);
    for (const target of [format, "signmix"] as const) {
      test(`${path} by ${target}`, { skip }, () => {
        const first = importAdapter(folder);
        assert.ok(first.head);
        const copy = newFolder();
        exportAdapter(first.adapter, copy, target, { head: first.head });
        const second = importAdapter(copy);
        assertSame(second, first);
        assert.deepEqual(second.head?.labels, first.head?.labels);
        assert.equal(adapterHash(second.adapter), adapterHash(first.adapter));
      });
    }
  }

  test("the mBERT adapter is a Pfeiffer of 12 layers, width 48, with its labels in the order of their ids", {
    skip: sharedFolder(real[0][0]).skip,
  }, () => {
    const { adapter, head } = importAdapter(sharedFolder(real[0][0]).folder);
    assert.equal(adapter.config.method, "pfeiffer");
    assert.deepEqual(adapter.base, {
      family: "bert",
      hiddenSize: 768,
      layers: 12,
      encoder: "bert-base-multilingual-cased",
    });
    assert.deepEqual(adapter.tensors["layers.11.feedForward.down.weight"].shape, [48, 768]);
    assert.deepEqual(head?.labels, ["1", "0"]);
  });

  test("AdapterHub's own .bin and safetensors of one adapter hold equal numbers", {
    skip: sharedFolder("reference/03_adapterhub").skip,
  }, () => {
    const both = join(sharedFolder("reference/03_adapterhub").folder, "roberta", "double_seq_bn_r16_a");
    const copy = newFolder();
    cpSync(both, copy, { recursive: true });
    for (const file of ["adapter.safetensors", "model_head.safetensors"]) rmSync(join(copy, file), { force: true });
    assert.deepEqual(importAdapter(copy), importAdapter(both));
  });

  test("a head saved from a model for sequence classification is read as that model's classifier", {
    skip: sharedFolder("reference/03_adapterhub").skip,
  }, () => {
    const { folder } = sharedFolder("reference/03_adapterhub");
    for (const family of ["bert", "roberta"] as const) {
      const { head } = importAdapter(join(folder, family, "double_seq_bn_r16_a_static_head"));
      assert.deepEqual(head?.config, standardHead(family));
    }
  });
});

function edit(
  folder: string,
  change: (json: Record<string, unknown>) => Record<string, unknown>,
  file = "adapter_config.json",
): void {
  const path = join(folder, file);
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, "utf8")))));
}
