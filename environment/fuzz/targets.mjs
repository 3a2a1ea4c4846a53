// What is fuzzed: each reader of files from elsewhere, with sound inputs to start from.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { importAdapter } from "../../dist/adapters/folder.js";
import { readTable } from "../../dist/domains/table.js";
import { fromCheckpointConfig } from "../../dist/encoder/config.js";
import { parseJson } from "../../dist/files/json.js";
import { readPickle } from "../../dist/files/pickle.js";
import { decodeSafetensors, encodeSafetensors } from "../../dist/files/safetensors.js";
import { decodeTorchCheckpoint } from "../../dist/files/torch-checkpoint.js";
import { encodeTorchCheckpoint } from "../../dist/files/torch-checkpoint-writer.js";
import { parseNotebook } from "../../dist/runner/notebook.js";
import { root } from "../build.mjs";

const fixture = (...parts) => readFileSync(path.join(root, "test", ...parts));
const folder = mkdtempSync(path.join(tmpdir(), "signmix-fuzz-"));

export const scratch = folder;

const tensors = {
  "a.weight": { shape: [2, 3], dtype: "float32", data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  ids: { shape: [2], dtype: "int32", data: Int32Array.of(1, 2) },
};

/** A plain Error with a sentence of our own; what V8 throws by itself is an accident. */
function isRefusal(error) {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (one instanceof TypeError || one instanceof RangeError || one instanceof ReferenceError) return false;
    if (one instanceof SyntaxError) return false;
  }
  return error instanceof Error && error.message.length > 10 && !/undefined|\[object Object\]/.test(error.message);
}

const latin = (text) => Buffer.from(text, "latin1");
const decode = (bytes) => Buffer.from(bytes).toString("utf8");

/** A table in a file of its ending. */
function table(format, seeds, dictionary) {
  const file = path.join(folder, `table.${format}`);
  return {
    name: `table-${format}`,
    seeds: seeds.map(latin),
    dictionary,
    async run(bytes) {
      writeFileSync(file, bytes);
      await readTable(file, { format });
    },
  };
}

const config = JSON.parse(fixture("fixtures", "reference", "peft", "lora_a", "adapter_config.json"));
const adapterFolder = path.join(folder, "adapter");

/** @type {{ name: string, run(bytes: Uint8Array): unknown, seeds: Uint8Array[], dictionary?: string[] }[]} */
const all = [
  {
    name: "safetensors",
    run: (bytes) => decodeSafetensors(bytes, { budget: "adapter" }),
    seeds: [encodeSafetensors(tensors, { format: "pt" }), fixture("files", "fixtures", "views.safetensors")],
    dictionary: [
      '"dtype":"F32"',
      '"shape":[',
      '"data_offsets":[0,',
      "__metadata__",
      "BF16",
      "I64",
      "BOOL",
      "1e999",
      "{}",
      "[]",
    ],
  },
  {
    name: "torch",
    run: (bytes) => decodeTorchCheckpoint(bytes, { budget: "adapter" }),
    seeds: ["views.bin", "views-legacy.bin", "protocol-4.bin"]
      .map((name) => fixture("files", "fixtures", name))
      .concat(encodeTorchCheckpoint(tensors)),
    dictionary: ["PK\x01\x02", "PK\x03\x04", "PK\x05\x06", "PK\x06\x06", "data.pkl"],
    maxLength: 65_536,
  },
  {
    name: "pickle",
    run: (bytes) => readPickle(bytes),
    seeds: [
      "\x80\x02}(X\x01\0\0\0aK\x01u.",
      "(dp0\nS'a'\np1\nI1\ns.",
      "\x80\x04\x95\x0a\0\0\0\0\0\0\0}\x94\x8c\x01a\x94K\x01s.",
      "(lp0\nL5L\naF1.5\na.",
    ].map(latin),
    dictionary: [
      "\x8c\x02os\x8c\x06system\x93",
      "ccollections\nOrderedDict\n)R",
      "\x94",
      "h\0",
      "(",
      "t",
      "\x86",
      "u",
      "e",
    ],
  },
  {
    name: "json",
    run: (bytes) => parseJson(decode(bytes), "x"),
    seeds: ['{"a":[1,2.5e3,"x\\u0041",true,null,{}]}', "[]", '"\\n"'].map(latin),
    dictionary: ["NaN", "1e999", "[[[[", '{"', '":', "\\u", "\ufeff"],
  },
  {
    name: "adapter-config",
    run(bytes) {
      writeFileSync(path.join(adapterFolder, "adapter_config.json"), bytes);
      importAdapter(adapterFolder);
    },
    seeds: [latin(JSON.stringify(config)), fixture("fixtures", "reference", "bert", "houlsby", "adapter_config.json")],
    dictionary: [
      '"peft_type":"LORA"',
      '"r":',
      '"leave_out":[',
      '"config":{',
      '"model_type":"bert"',
      '"layers_pattern":',
      '"rank_pattern":{',
      "null",
      "1e308",
      "__proto__",
    ],
  },
  {
    name: "encoder-config",
    run: (bytes) => fromCheckpointConfig(parseJson(decode(bytes), "config.json")),
    seeds: [
      latin(
        '{"model_type":"bert","vocab_size":10,"hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":16,"max_position_embeddings":32}',
      ),
    ],
    dictionary: ['"roberta"', '"distilbert"', '"dim":', "1e9", "-1", "0.5", "null", '"gelu"'],
  },
  {
    name: "notebook",
    run: (bytes) => parseNotebook(decode(bytes), "x.ipynb"),
    seeds: [fixture("fixtures", "notebooks", "small.ipynb")],
    dictionary: [
      '"outputs":[',
      '"output_type":"stream"',
      '"cells":[',
      "null",
      '"cell_type":"code"',
      '"nbformat":4',
      '"text/html":[',
    ],
  },
  table(
    "csv",
    ['text,label\n"a, b",1\nc,0\n', "a;b\n1;2\n"],
    ['"', '""', "\r\n", ",", ";", "\t", "\xef\xbb\xbf", "NaN", "label"],
  ),
  table("tsv", ["text\tlabel\na\t1\nb\t0\n"], ['"', "\t", "\r\n", "\xff\xfe"]),
  table(
    "jsonl",
    ['{"text":"a","label":1}\n{"text":"b","label":0}\n'],
    ['{"text":', "9007199254740993", "NaN", "\n", "null"],
  ),
];

export const targets = all.map((target) => ({ isRefusal, ...target }));

/** Sound weights beside the configuration that is fuzzed. */
export async function prepare() {
  const { cpSync } = await import("node:fs");
  cpSync(path.join(root, "test", "fixtures", "reference", "peft", "lora_a"), adapterFolder, { recursive: true });
}
