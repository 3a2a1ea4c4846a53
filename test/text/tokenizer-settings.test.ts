import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadTokenizer } from "#src/text/tokenizer.js";

const scratch = mkdtempSync(join(tmpdir(), "signmix-tokenizers-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const python = process.env.SIGNMIX_TORCH_PYTHON;
const shared = process.env.SIGNMIX_SHARED;
const missing = [
  !python && "SIGNMIX_TORCH_PYTHON, a Python with transformers",
  !shared && "SIGNMIX_SHARED, with vocabularies",
];
const skip = python && shared ? undefined : `needs ${missing.filter(Boolean).join(" and ")}`;

test("ids are those of transformers and tokenizers on 10,000 lines of mixed scripts, whatever the settings", {
  skip,
}, () => {
  const script = join(root, "environment", "reference", "tokenise.py");
  const input = JSON.stringify({ folder: scratch, shared, lines: 10_000 });
  const answer = execFileSync(python as string, [script], {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: "pipe",
  });
  const { lines, variants } = JSON.parse(answer) as { lines: string[]; variants: string[] };
  assert.ok(variants.length >= 40);
  variants.forEach((name, i) => {
    const tokenizer = loadTokenizer(join(scratch, String(i)));
    const expected = JSON.parse(readFileSync(join(scratch, String(i), "expected.json"), "utf8")) as number[][];
    lines.forEach((line, row) => {
      const { inputIds } = tokenizer.encode(line);
      if (inputIds.join() === expected[row].join()) return;
      assert.deepEqual(inputIds, expected[row], `${name}: ${JSON.stringify(line)}`);
    });
  });
});

describe("settings beside a vocabulary", () => {
  const vocabulary = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "中",
    "##文",
    "文",
    "see",
    "user",
    "##s",
    "super",
    "##user",
    "<",
    ">",
    "url",
  ];
  let folders = 0;
  function tokenizer(config: object, files: Record<string, object> = {}) {
    const folder = join(scratch, `own-${folders++}`);
    mkdirSync(folder);
    writeFileSync(join(folder, "vocab.txt"), vocabulary.join("\n"));
    for (const [name, value] of Object.entries({ "tokenizer_config.json": config, ...files })) {
      writeFileSync(join(folder, name), JSON.stringify(value));
    }
    return loadTokenizer(folder);
  }
  const plain = { lstrip: false, rstrip: false, normalized: true, single_word: false, special: false };
  const added = (id: number, token: object) => ({ added_tokens_decoder: { [id]: { ...plain, ...token } } });

  test("Chinese characters in words, added tokens of each file, and single words", () => {
    assert.deepEqual(tokenizer({ tokenize_chinese_chars: false }).tokenize("see 中文"), ["see", "中", "##文"]);
    assert.deepEqual(tokenizer({}).tokenize("see 中文"), ["see", "中", "文"]);
    assert.deepEqual(tokenizer(added(16, { content: "<url>" })).encode("see <url>").inputIds, [2, 8, 16, 3]);
    assert.deepEqual(tokenizer({}, { "added_tokens.json": { "<url>": 16 } }).tokenize("<url>"), ["<url>"]);
    const map = { "special_tokens_map.json": { additional_special_tokens: ["[E1]"] } };
    assert.deepEqual(tokenizer({}, map).encode("[E1] see").inputIds, [2, 16, 8, 3]);
    const single = tokenizer(added(9, { content: "user", single_word: true }));
    assert.deepEqual(single.tokenize("user users superuser"), ["user", "user", "##s", "super", "##user"]);
  });

  test("white space beside an added token, the side that is cut, and segments", () => {
    const stripped = tokenizer(added(16, { content: "<url>", lstrip: true, rstrip: true, normalized: false }));
    assert.deepEqual(stripped.tokenize("see <url> see"), ["see", "<url>", "see"]);
    const left = tokenizer({ truncation_side: "left" });
    assert.deepEqual(left.encode("see user super", undefined, { maxLength: 4 }).inputIds, [2, 9, 11, 3]);
    const names = tokenizer({ model_input_names: ["input_ids", "attention_mask"] });
    assert.deepEqual(names.encode("see", "user").tokenTypeIds, [0, 0, 0, 0, 0]);
    assert.deepEqual(tokenizer({}).encode("see", "user").tokenTypeIds, [0, 0, 0, 1, 1]);
  });

  test("a capital sigma becomes σ, also one that normalisation brings", () => {
    const json = {
      ...{ added_tokens: [], pre_tokenizer: null, post_processor: null, decoder: null },
      normalizer: { type: "Sequence", normalizers: [{ type: "NFKC" }, { type: "Lowercase" }] },
      model: { type: "WordPiece", vocab: { "[PAD]": 0, "[UNK]": 1, οσ: 2 }, unk_token: "[UNK]" },
    };
    const small = tokenizer({}, { "tokenizer.json": json });
    assert.deepEqual(
      ["ΟΣ", "Ο\u03f9"].map((text) => small.tokenize(text)),
      [["οσ"], ["οσ"]],
    );
  });

  test("what is not computed is refused by name", () => {
    assert.throws(() => tokenizer({ padding_side: "left" }), /setting padding_side = "left" .* is not supported/);
    assert.throws(
      () => tokenizer(added(40, { content: "<url>" })),
      /"<url>" is said to have the id 40, but .* gets 16/,
    );
    const definition = (part: object) => ({
      "tokenizer.json": {
        ...{ added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null },
        model: { type: "WordPiece", vocab: { "[PAD]": 0, "[UNK]": 1 }, unk_token: "[UNK]" },
        ...part,
      },
    });
    assert.throws(() => tokenizer({}, definition({ normalizer: { type: "Nmt" } })), /normalizer = "Nmt"/);
    const split = { type: "Split", pattern: { String: " " }, behavior: "MergedWithNext", invert: false };
    assert.throws(() => tokenizer({}, definition({ pre_tokenizer: split })), /pre_tokenizer = .*MergedWithNext/);
    const model = { type: "BPE", vocab: { a: 0 }, merges: [], dropout: 0.1 };
    assert.throws(() => tokenizer({}, definition({ model: { ...model, unk_token: "a" } })), /dropout = 0\.1/);
    assert.throws(
      () => tokenizer({ pad_token: "a" }, definition({ model: { ...model, dropout: null } })),
      /unk_token = null/,
    );
    // the fuzzer found it: tables by id of this length took 24 s
    for (const id of [386_400_000, -1, 0.5]) {
      const vocab = { "[PAD]": 0, "[UNK]": 1, a: id };
      const asked = definition({ model: { type: "WordPiece", vocab, unk_token: "[UNK]" } });
      assert.throws(() => tokenizer({}, asked), /gives the token "a" the id [-0-9.]+; ids are whole numbers from 0 to/);
    }
  });
});
