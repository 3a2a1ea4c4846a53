// What is fuzzed: each reader of files from elsewhere, with sound inputs to start from.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { tableFromArrays, tableToIPC } from "@uwdata/flechette";
import { parquetWriteBuffer } from "hyparquet-writer";
import { exportAdapter, importAdapter } from "../../dist/adapters/folder.js";
import { nearestWords, openWordVectors } from "../../dist/attacks/word-vectors.js";
import { arrowColumns } from "../../dist/domains/arrow-columns.js";
import { lookAtParquet, parquetColumns } from "../../dist/domains/parquet-columns.js";
import { readTable } from "../../dist/domains/table.js";
import { fromCheckpointConfig } from "../../dist/encoder/config.js";
import { Budget } from "../../dist/files/budget.js";
import { memorySource } from "../../dist/files/byte-source.js";
import { parseJson, parseJsonObject } from "../../dist/files/json.js";
import { readPickle } from "../../dist/files/pickle.js";
import { decodeSafetensors, encodeSafetensors } from "../../dist/files/safetensors.js";
import { decodeTorchCheckpoint } from "../../dist/files/torch-checkpoint.js";
import { encodeTorchCheckpoint } from "../../dist/files/torch-checkpoint-writer.js";
import { openZip } from "../../dist/files/zip.js";
import { encodeZip } from "../../dist/files/zip-writer.js";
import { readConnection } from "../../dist/kernel/connection.js";
import { encodeMask, loadMask } from "../../dist/pruning/mask-file.js";
import { pruneAdapter } from "../../dist/pruning/prune.js";
import { loadSparseAdapter, saveSparseAdapter } from "../../dist/pruning/sparse-file.js";
import { parseNotebook } from "../../dist/runner/notebook.js";
import { loadProfile } from "../../dist/study/profile.js";
import { loadTokenizer } from "../../dist/text/load-tokenizer.js";
import { root } from "../build.mjs";

const fixture = (...parts) => readFileSync(path.join(root, "test", ...parts));
const folder = mkdtempSync(path.join(tmpdir(), "signmix-fuzz-"));

export const scratch = folder;

const tensors = {
  "a.weight": { shape: [2, 3], dtype: "float32", data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  ids: { shape: [2], dtype: "int32", data: Int32Array.of(1, 2) },
};

/** Words by which V8 calls an accident of its own. */
const ACCIDENT =
  /undefined|\[object |Cannot ((read|set) propert|convert|destructure)|is not (iterable|a function)|Unexpected token/;

const isAccident = (error) =>
  [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);

/** A plain Error with a sentence of our own. */
const isSentence = (error) =>
  error instanceof Error && !isAccident(error) && error.message.length > 10 && !ACCIDENT.test(error.message);

/** A sentence of our own that no accident has caused: our readers check before they take. */
function isRefusal(error) {
  for (let one = error; one instanceof Error; one = one.cause) if (isAccident(one)) return false;
  return isSentence(error);
}

const latin = (text) => Buffer.from(text, "latin1");
const decode = (bytes) => Buffer.from(bytes).toString("utf8");

/** A table in a file of its ending. */
function table(format, seeds, dictionary, read = (file) => readTable(file, { format })) {
  const file = path.join(folder, `table.${format}`);
  return {
    name: `table-${format}`,
    seeds: seeds.map((seed) => (typeof seed === "string" ? latin(seed) : seed)),
    dictionary,
    isRefusal: isSentence, // libraries read what is in them, and stumble
    async run(bytes) {
      writeFileSync(file, bytes);
      await read(file);
    },
  };
}

/** A reader that takes the path of a file of this name. */
function written(name, file, read, { seeds, dictionary }) {
  const to = path.join(folder, file);
  return {
    name,
    seeds,
    dictionary,
    run(bytes) {
      writeFileSync(to, bytes);
      return read(to);
    },
  };
}

/** Neighbours of a word; the index that is kept of the file is removed. */
function nearest(file) {
  process.env.SIGNMIX_CACHE = folder;
  try {
    return nearestWords(openWordVectors(file), "a", { count: 2, leastCosine: 0 });
  } finally {
    rmSync(path.join(folder, "word-vectors"), { recursive: true, force: true });
  }
}

/** An adapter of one small layer, pruned, as a file of its own. */
function sparseAdapter() {
  const file = path.join(folder, "seed.safetensors");
  saveSparseAdapter(file, pruneAdapter(imported.adapter, { sparsity: 0.5 }).adapter);
  return readFileSync(file);
}

const part = (text) => new TextEncoder().encode(text);

const cell = (name, value) => `<c r="${name}" t="inlineStr"><is><t>${value}</t></is></c>`;
const SHEET =
  `<worksheet><sheetData><row r="1">${cell("A1", "text")}${cell("B1", "label")}</row>` +
  `<row r="2">${cell("A2", "one")}<c r="B2" s="1"><v>2.5</v></c></row></sheetData></worksheet>`;

/** A workbook of one sheet with two columns, or of another. */
function workbook(sheet = part(SHEET)) {
  const types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const relation = (id, type, target) => `<Relationship Id="${id}" Type="${types}/${type}" Target="${target}"/>`;
  return encodeZip([
    ["_rels/.rels", part(`<Relationships>${relation("r", "officeDocument", "xl/workbook.xml")}</Relationships>`)],
    ["xl/workbook.xml", part('<workbook xmlns:r="r"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>')],
    ["xl/_rels/workbook.xml.rels", part(`<Relationships>${relation("r1", "worksheet", "s.xml")}</Relationships>`)],
    ["xl/s.xml", sheet],
  ]);
}

/** A Parquet file of two columns. */
function parquet() {
  const columnData = [
    { name: "text", data: ["one", "two", "two"], type: "STRING" },
    { name: "label", data: [0, 1, 1], type: "INT32" },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

const arrow = (format) => tableToIPC(tableFromArrays({ text: ["a", "b"], label: [0, 1] }), { format });

/** The shipped tokenizer, with a small vocabulary in place of its own. */
function tokenizerDefinition() {
  const whole = JSON.parse(readFileSync(path.join(root, "data", "signmix-mini", "tokenizer.json"), "utf8"));
  const words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "##a", "see", "!"];
  whole.model.vocab = Object.fromEntries(words.map((word, id) => [word, id]));
  return JSON.stringify(whole);
}

const reference = path.join(root, "test", "fixtures", "reference");

/** Folders of adapters in the scratch folder, the file of each that is fuzzed, and words of it. */
const adapterFolders = {
  "peft-config": ["adapter_config.json", '"peft_type":"LORA"', '"r":', '"layers_pattern":', '"rank_pattern":{'],
  "adapterhub-config": ["adapter_config.json", '"leave_out":[', '"config":{', '"model_type":"bert"', '"ln_before":'],
  "signmix-config": ["signmix_adapter.json", '"method":', '"seed":', '"head":{', '"labels":['],
};
for (const [name, from] of [
  ["peft-config", ["peft", "lora_a"]],
  ["adapterhub-config", ["bert", "houlsby"]],
]) {
  cpSync(path.join(reference, ...from), path.join(folder, name), { recursive: true });
}
const imported = importAdapter(path.join(reference, "peft", "lora_a"));
exportAdapter(imported.adapter, path.join(folder, "signmix-config"), "signmix");

const tokenizerFolder = path.join(folder, "tokenizer");
mkdirSync(tokenizerFolder);
for (const name of ["classroom", "smoke"]) {
  cpSync(path.join(root, "data", "profiles", `${name}.json`), path.join(folder, `${name}.json`));
}

// a checkpoint of ours, its pickle apart from what else is in its archive
const checkpoint = openZip(memorySource(encodeTorchCheckpoint(tensors)), new Budget("adapter"));
const pickleName = checkpoint.names.find((name) => name.endsWith("/data.pkl"));
const stateDict = checkpoint.read(pickleName);
const storages = checkpoint.names.filter((name) => name !== pickleName).map((name) => [name, checkpoint.read(name)]);

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
    name: "torch-pickle",
    run: (bytes) => decodeTorchCheckpoint(encodeZip([...storages, [pickleName, bytes]]), { budget: "adapter" }),
    seeds: [stateDict],
    dictionary: [
      "ctorch._utils\n_rebuild_tensor_v2\n",
      "ccollections\nOrderedDict\n)R",
      "X\x07\0\0\0storage",
      "Q",
      "\x85",
      "\x86",
      "tR",
    ],
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
  ...Object.entries(adapterFolders).map(([name, [file, ...words]]) => {
    const from = path.join(folder, name);
    return {
      name,
      run(bytes) {
        writeFileSync(path.join(from, file), bytes);
        return importAdapter(from);
      },
      seeds: [readFileSync(path.join(from, file))],
      dictionary: [...words, "null", "1e308", "__proto__", "[]", "{}"],
    };
  }),
  {
    name: "encoder-config",
    run: (bytes) => fromCheckpointConfig(parseJsonObject(decode(bytes), "config.json")),
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
  written("profile", "mine.json", () => loadProfile("mine", {}, folder), {
    seeds: [
      latin('{"purpose":"a","settings":{"steps":10,"domains":["sst2","rte"]}}'),
      readFileSync(path.join(root, "data", "profiles", "smoke.json")),
    ],
    dictionary: ['"base":"', '"from":"', '"value":', "null", "-1", "1e308"],
  }),
  written("connection", "kernel.json", readConnection, {
    seeds: [
      latin(
        '{"ip":"127.0.0.1","transport":"tcp","key":"a","signature_scheme":"hmac-sha256","shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5}',
      ),
    ],
    dictionary: ["65536", "null", "[]", "{}", '"ipc"'],
  }),
  written("word-vectors", "vectors.txt", nearest, {
    seeds: [latin("2 3\na 1 0 0\nb 0.5 0.5 0\n"), latin("a 1 2\nb -1 1e-3\n")],
    dictionary: ["1e999", "NaN", "\n", " ", "4294967296 3"],
  }),
  written("mask", "mask.safetensors", loadMask, {
    seeds: [encodeMask({ "a.weight": { shape: [2, 3], dtype: "bool", data: Uint8Array.of(1, 0, 1, 0, 1, 1) } })],
    dictionary: ['"shapes":"{', '\\"a.weight\\":[', "signmix", "1e999"],
  }),
  written("sparse-adapter", "sparse.safetensors", loadSparseAdapter, {
    seeds: [sparseAdapter()],
    dictionary: ['"adapter":"{', '\\"method\\":', '\\"shapes\\":', ".mask", ".kept", "initial"],
  }),
  {
    name: "zip",
    run(bytes) {
      const archive = openZip(memorySource(bytes), new Budget("adapter"));
      for (const name of archive.names) archive.read(name);
    },
    seeds: [
      encodeZip([
        ["a/data.pkl", part("}.")],
        ["a/data/0", part("0123")],
      ]),
      workbook(),
      fixture("files", "fixtures", "refused-expanded.bin"),
    ],
    dictionary: ["PK\x01\x02", "PK\x03\x04", "PK\x05\x06", "PK\x06\x06", "PK\x06\x07", "\x08\0", "\xff\xff\xff\xff"],
  },
  {
    name: "tokenizer",
    isRefusal: isSentence,
    run(bytes) {
      writeFileSync(path.join(tokenizerFolder, "tokenizer.json"), bytes);
      loadTokenizer(tokenizerFolder).encode("see a b! \u00e9 \u4e2d [MASK] aaa");
    },
    seeds: [part(tokenizerDefinition())],
    dictionary: [
      '"type":"BPE"',
      '"type":"Unigram"',
      '"type":"Sequence"',
      '"pre_tokenizers":[',
      '"single_word":true',
      '"Regex":"(a+)+$"',
      '"merges":[',
      "null",
      "1e308",
    ],
    maxLength: 65_536,
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
  table(
    "json",
    [
      '[{"text":"a","label":1},{"text":"b","label":0}]',
      '{"text":["a","b"],"label":[1,0]}',
      '{"columns":["a"],"data":[[1]]}',
    ],
    ['"data":', '"columns":', "[[", "{}", "null", "__proto__"],
  ),
  {
    name: "sheet",
    isRefusal: (error) => isSentence(error) || /undefined entity/.test(error.message), // XML's own word
    async run(bytes) {
      const file = path.join(folder, "sheet.xlsx");
      writeFileSync(file, workbook(bytes));
      await readTable(file, { format: "xlsx" });
    },
    seeds: [part(SHEET)],
    dictionary: ["<row>", "<c r='XFD9'>", "<v>", "</row>", "t='s'", "t='b'", "<!DOCTYPE", "&#0;", "&#x1F600;"],
  },
  table("xlsx", [workbook()], ["<row>", "<c r='XFD9'>", "<v>", "</row>", "t='s'", "<!DOCTYPE", "&#0;"]),
  // without the process of its own, which would take a hundred times as long
  table("parquet", [parquet()], ["PAR1", "\x15\x04", "\x19\x1c", "\x00\x00\x00\x7f"], async (file) =>
    parquetColumns(file, (await lookAtParquet(file)).wanted),
  ),
  table("arrow", [arrow("stream"), arrow("file")], ["ARROW1", "\xff\xff\xff\xff", "\x10\0\0\0"], arrowColumns),
];

export const targets = all.map((target) => ({ isRefusal, ...target }));
