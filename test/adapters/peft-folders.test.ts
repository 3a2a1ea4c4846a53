import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { Adapter } from "#src/adapters/adapter.js";
import { createAdapter } from "#src/adapters/create.js";
import { exportAdapter, importAdapter } from "#src/adapters/folder.js";
import { createHead } from "#src/adapters/head.js";
import type { EncoderFamily } from "#src/encoder/config.js";
import { createEncoder } from "#src/encoder/encoder.js";
import { standardHead } from "#src/encoder/heads.js";
import { float32, type NamedTensorData } from "#src/engine/tensor-data.js";
import { readSafetensors, writeSafetensors } from "#src/files/safetensors.js";
import { mixAdapters } from "#src/mixing/mix.js";

const scratch = mkdtempSync(join(tmpdir(), "signmix-peft-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => join(scratch, String(folders++));

function smallEncoder(family: EncoderFamily = "bert", layers = 3) {
  return createEncoder(
    {
      ...{ family, vocabSize: 20, hiddenSize: 8, layers, heads: 2, intermediateSize: 12, maxPositions: 12 },
      ...{ typeVocabSize: 2, layerNormEpsilon: 1e-12, padTokenId: 0, activation: "gelu" },
    },
    { seed: 1 },
  );
}
const encoder = smallEncoder();

type Json = Record<string, unknown>;
const readConfig = (folder: string) => JSON.parse(readFileSync(join(folder, "adapter_config.json"), "utf8")) as Json;
const weights = (folder: string) => join(folder, "adapter_model.safetensors");

/** A folder of PEFT with a classifier, changed: tensors by `change`, the configuration by `config`. */
function saved(
  config: Json = {},
  change: (tensors: NamedTensorData) => NamedTensorData = (tensors) => tensors,
): string {
  const folder = newFolder();
  const head = createHead(encoder, ["a", "b", "c"], { seed: 1, ...standardHead("bert") });
  exportAdapter(createAdapter(encoder, { method: "lora", seed: 1, rank: 2, alpha: 3 }), folder, "peft", { head });
  writeSafetensors(weights(folder), change(readSafetensors(weights(folder)).tensors));
  writeFileSync(join(folder, "adapter_config.json"), JSON.stringify({ ...readConfig(folder), ...config }));
  return folder;
}
const renamed = (to: (key: string) => string) => (tensors: NamedTensorData) =>
  Object.fromEntries(Object.entries(tensors).map(([key, tensor]) => [to(key), tensor]));
const bare = renamed((key) => key.replace("base_model.model.bert.", "base_model.model."));
const withoutHead = (tensors: NamedTensorData) =>
  Object.fromEntries(Object.entries(tensors).filter(([key]) => !key.includes("classifier")));
const zeros = (...shape: number[]) => float32(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
const layersOf = ({ tensors }: Adapter) => [...new Set(Object.keys(tensors).map((name) => Number(name.split(".")[1])))];

describe("the model that an adapter was trained in", () => {
  const mapping = (library: string, name: string) => ({
    auto_mapping: { base_model_class: name, parent_library: `transformers.models.${library}.modeling_${library}` },
  });
  const bareFolder = (config: Json) =>
    saved({ task_type: "FEATURE_EXTRACTION", ...config }, (t) => bare(withoutHead(t)));

  test("is told by its class, whatever its name", () => {
    const named = { ...mapping("bert", "BertModel"), base_model_name_or_path: "x/chinese-roberta" };
    assert.equal(importAdapter(bareFolder(named)).adapter.base.family, "bert");
    const xlm = importAdapter(bareFolder(mapping("xlm_roberta", "XLMRobertaModel"))).adapter.base;
    assert.deepEqual([xlm.family, xlm.saved?.modelType], ["roberta", "xlm-roberta"]);
    assert.throws(
      () => importAdapter(bareFolder(mapping("electra", "ElectraModel"))),
      /model of type "electra" computes otherwise/,
    );
  });

  test("is told by its prefix, and refused where that is of another model", () => {
    const other = saved(
      {},
      renamed((key) => key.replace(".bert.", ".mobilebert.")),
    );
    assert.throws(() => importAdapter(other), /model of type "mobilebert" computes otherwise/);
  });

  test("is told by the config.json of its folder", () => {
    const folder = newFolder();
    exportAdapter(createAdapter(encoder, { method: "lora", seed: 1 }), folder, "peft");
    writeFileSync(join(folder, "config.json"), '{"model_type": "roberta"}');
    assert.equal(importAdapter(bareFolder({ base_model_name_or_path: folder })).adapter.base.family, "roberta");
  });

  test("may be BERT or RoBERTa where nothing tells; its encoder settles it", () => {
    const folder = bareFolder({ base_model_name_or_path: "x/MiniLM" });
    assert.equal(importAdapter(folder).adapter.base.family, "bert or roberta");
    const named = createEncoder(encoder.config, { seed: 1, name: "MiniLM" });
    assert.equal(importAdapter(folder, { encoder: named }).adapter.base.family, "bert");
    assert.throws(
      () => exportAdapter(importAdapter(folder).adapter, newFolder(), "adapterhub"),
      /import it with its encoder/,
    );
  });

  test("keeps its key layout and task on export, also of a mixture", () => {
    const folders = [bareFolder({ base_model_name_or_path: "x/y" }), bareFolder({ base_model_name_or_path: "x/y" })];
    const mixture = mixAdapters(folders.map((folder) => importAdapter(folder).adapter));
    const out = newFolder();
    exportAdapter(mixture, out, "peft");
    assert.deepEqual(
      Object.keys(readSafetensors(weights(out)).tensors),
      Object.keys(readSafetensors(weights(folders[0])).tensors),
    );
    assert.equal(readConfig(out).task_type, "FEATURE_EXTRACTION");
  });
});

describe("layers and matrices that a configuration leaves out", () => {
  const lora = (leaveOut: number[], targets: ("query" | "output")[] = ["query"]) =>
    createAdapter(encoder, { method: "lora", seed: 1, rank: 2, targets, leaveOut });

  for (const [leaveOut, targets] of [
    [[2], ["query"]],
    [[0], ["query"]],
    [[1, 2], ["output"]],
  ] as [number[], ("query" | "output")[]][]) {
    test(`layers ${leaveOut} of ${targets} come back as they were, with the encoder or without`, () => {
      const adapter = lora(leaveOut, targets);
      const folder = newFolder();
      exportAdapter(adapter, folder, "peft");
      const config = readConfig(folder);
      assert.ok(config.layers_to_transform === null || Array.isArray(config.target_modules)); // PEFT takes not both
      const whole = importAdapter(folder, { encoder }).adapter;
      assert.deepEqual([whole.config, whole.base.layers], [adapter.config, 3]);
      const alone = importAdapter(folder).adapter;
      assert.deepEqual(layersOf(mixAdapters([adapter, alone])), layersOf(adapter));
      assert.throws(() => mixAdapters([alone, lora([])]), /differ in the layers that they change|differ in targets/);
    });
  }

  test("tensors that the configuration leaves out, or asks for and lacks, are refused with the option", () => {
    const refused = (config: Json, what: RegExp) => assert.throws(() => importAdapter(saved(config)), what);
    refused({ layers_to_transform: [0, 1] }, /layer\.2\.attention\.self\.query".*leaves out \(layers_to_transform\)/);
    refused({ layers_to_transform: 0, layers_pattern: "layer" }, /layer\.1\..*layers_to_transform/);
    refused({ exclude_modules: ["value"] }, /self\.value".*exclude_modules/);
    refused({ target_modules: ["query"] }, /self\.value".*target_modules/);
    refused({ target_modules: ".*query" }, /self\.value".*target_modules/);
    refused(
      { target_modules: ["query", "value", "key"] },
      /asks for a LoRA on "bert\.encoder\.layer\.0\.attention\.self\.key"/,
    );
  });

  test("patterns of ranks and alphas count where they give one to all, and are refused where not", () => {
    const { config } = importAdapter(
      saved({ r: 9, rank_pattern: { "query|value": 2 }, alpha_pattern: { query: 7, value: 7 } }),
    ).adapter;
    assert.deepEqual([config.method === "lora" && config.rank, config.method === "lora" && config.alpha], [2, 7]);
    assert.throws(() => importAdapter(saved({ alpha_pattern: { query: 7 } })), /alpha_pattern = .* alphas that differ/);
    assert.throws(() => importAdapter(saved({ rank_pattern: { "layer.0.attention.self.query": 4 } })), /rank_pattern/);
  });
});

describe("tensors beside the LoRA of the layers", () => {
  const classifier = "base_model.model.classifier";
  const notesOf = (folder: string) => importAdapter(folder).notes.join("; ");

  test("a saved pooler becomes part of the head, and goes back as it was", () => {
    const pooler = {
      "base_model.model.bert.pooler.dense.weight": zeros(8, 8),
      "base_model.model.bert.pooler.dense.bias": zeros(8),
    };
    const folder = saved({ modules_to_save: ["classifier", "pooler"] }, (tensors) => ({ ...tensors, ...pooler }));
    const { adapter, head, notes } = importAdapter(folder);
    assert.deepEqual([head?.config.input, head?.config.layers, notes], ["firstToken", 2, []]);
    const out = newFolder();
    exportAdapter(adapter, out, "peft", { head });
    assert.deepEqual(readSafetensors(weights(out)).tensors, readSafetensors(weights(folder)).tensors);
    assert.deepEqual(readConfig(out).modules_to_save, ["pooler", "classifier"]);
  });

  test("a LoRA on the pooler is left out, and with it the head that reads it", () => {
    const pooler = "base_model.model.bert.pooler.dense.lora_";
    const folder = saved({ target_modules: "all-linear" }, (tensors) => ({
      ...tensors,
      [`${pooler}A.weight`]: zeros(2, 8),
      [`${pooler}B.weight`]: zeros(8, 2),
    }));
    assert.equal(importAdapter(folder).head, undefined);
    assert.match(
      notesOf(folder),
      /left out a LoRA on the pooler: .*; left out the head, which reads the pooler that a LoRA changes/,
    );
  });

  test("heads of other tasks, half heads and copies are named and left out", () => {
    const questions = saved(
      { task_type: "QUESTION_ANS" },
      renamed((key) => key.replace("classifier", "qa_outputs")),
    );
    assert.match(notesOf(questions), /the head, which is of question answering: qa_outputs\./);
    assert.match(notesOf(saved({ task_type: "TOKEN_CLS" })), /the head, which is of token classification/);
    const half = saved({}, ({ [`${classifier}.bias`]: _, ...rest }) => rest);
    assert.match(notesOf(half), /the head, which is not whole: it lacks classifier\.bias/);
    const regression = saved({}, (t) => ({
      ...t,
      [`${classifier}.weight`]: zeros(1, 8),
      [`${classifier}.bias`]: zeros(1),
    }));
    assert.match(notesOf(regression), /one output: a regression/);
    const copies = saved({}, (t) => ({
      ...renamed((key) => key.replace("classifier.", "classifier.modules_to_save.default."))(t),
      [`${classifier}.original_module.bias`]: zeros(3),
    }));
    assert.match(notesOf(copies), /copies of what its modules were before/);
    assert.equal(importAdapter(copies).head?.labels.length, 3);
    const norms = saved({}, (t) => ({ ...t, "base_model.model.bert.embeddings.LayerNorm.bias": zeros(8) }));
    assert.match(
      notesOf(norms),
      /changes of the encoder beside .*embeddings\.LayerNorm\.bias; without them it computes otherwise/,
    );
  });
});

describe("other methods are refused by what they are", () => {
  for (const [config, what] of [
    [{ peft_type: "IA3" }, /IA3 is IA³, which scales activations/],
    [{ peft_type: "PREFIX_TUNING" }, /is prefix tuning/],
    [{ peft_type: "VERA" }, /is VeRA/],
    [{ peft_type: "FUTURE" }, /type FUTURE is not supported/],
    [{ use_dora: true }, /use_dora = true is not supported: it is DoRA/],
    [{ init_lora_weights: "pissa" }, /init_lora_weights = "pissa".* encoder that its initialisation changed/],
    [{ option_of_tomorrow: 1 }, /option_of_tomorrow = 1 is not supported/],
  ] as [Json, RegExp][]) {
    test(JSON.stringify(config), () => assert.throws(() => importAdapter(saved(config)), what));
  }

  for (const [config, what] of [
    ["prefix_tuning", /"prefix_tuning" is prefix tuning/],
    ["mam", /is a union of several methods/],
    [{ architecture: "reft" }, /"reft" is ReFT/],
    [{ architecture: "lora", composition_mode: "scale" }, /it is IA³/],
    [{ architecture: "lora", use_dora: true }, /it is DoRA/],
    [{ is_parallel: true }, /it is a parallel adapter/],
    [{ inv_adapter: "nice" }, /invertible adapter/],
    [{ scaling: "learned" }, /its scale is learned/],
    [{ reduction_factor: { default: 16 } }, /its layers differ in width/],
  ] as [string | Json, RegExp][]) {
    test(`AdapterHub: ${JSON.stringify(config)}`, () => {
      const folder = newFolder();
      exportAdapter(createAdapter(encoder, { method: "pfeiffer", seed: 1 }), folder, "adapterhub");
      const json = readConfig(folder);
      const changed = typeof config === "string" ? config : { ...(json.config as Json), ...config };
      const only = typeof config !== "string" && "architecture" in config ? config : changed;
      writeFileSync(join(folder, "adapter_config.json"), JSON.stringify({ ...json, config: only }));
      assert.throws(() => importAdapter(folder), what);
    });
  }
});
