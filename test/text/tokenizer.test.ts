import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { tokenBatch } from "#src/text/batching.js";
import { loadTokenizer, type Tokenizer } from "#src/text/tokenizer.js";
import { ErrorTable } from "../reference/vectors.js";

interface Expected {
  input_ids: number[];
  token_type_ids: number[];
  attention_mask?: number[];
}

interface Reference {
  cases: (Expected & { text: string; text_pair?: string; max_length?: number; empty_pair_as_pair?: Expected })[];
  batch_longest: ReferenceBatch;
  batch_max_length: ReferenceBatch;
}

interface ReferenceBatch {
  texts: string[];
  text_pairs?: string[];
  max_length: number;
  input_ids: number[][];
  token_type_ids: number[][];
  attention_mask: number[][];
}

const shared = process.env.SIGNMIX_SHARED;
const skip = shared ? false : "reference case 08 needs SIGNMIX_SHARED";
const models = [
  ["bert_wordpiece.json", "bert-base-uncased", ["vocab.txt"]],
  ["roberta_bpe.json", "roberta-base", ["vocab.json", "merges.txt"]],
] as const;

const errors = new ErrorTable("Case 08, tokenisation (numbers that differ, of all strings)");

/** How many numbers of two lists differ. */
function differing(actual: ArrayLike<number>, expected: readonly number[]): number {
  const surplus = Math.abs(actual.length - expected.length);
  return expected.filter((value, i) => i < actual.length && actual[i] !== value).length + surplus;
}

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "signmix-"));
});
after(() => rmSync(folder, { recursive: true }));

function write(files: Record<string, string>): string {
  const path = mkdtempSync(join(folder, "t"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

for (const [file, vocabulary, names] of models) {
  describe(`reference case 08, ${vocabulary}`, { skip }, () => {
    const published = join(shared ?? "", "vocab", vocabulary);
    const forms: [string, () => string][] = [
      ["tokenizer.json", () => published],
      [
        names.join(" and "),
        () => {
          const path = write({});
          for (const name of names) copyFileSync(join(published, name), join(path, name));
          return path;
        },
      ],
    ];
    for (const [form, path] of forms) {
      it(`gives equal ids on all 225 strings, from ${form}`, () => {
        const reference = readReference(file);
        const tokenizer = loadTokenizer(path());
        assert.equal(reference.cases.length, 225);
        for (const { text, text_pair, max_length, empty_pair_as_pair, ...plain } of reference.cases) {
          const expected = empty_pair_as_pair ?? plain;
          const actual = tokenizer.encode(text, text_pair, { maxLength: max_length });
          const where = JSON.stringify([text, text_pair, max_length]);
          const ones = expected.input_ids.map(() => 1);
          const check = (part: string, numbers: readonly number[], theirs: readonly number[]) =>
            errors.checkError("(host)", `${vocabulary} ${part}`, where, differing(numbers, theirs), 0);
          check("ids", actual.inputIds, expected.input_ids);
          check("token types", actual.tokenTypeIds, expected.token_type_ids);
          check("masks", actual.attentionMask, expected.attention_mask ?? ones);
        }
      });
    }

    it("pads batches as the library does", () => {
      const reference = readReference(file);
      const tokenizer = loadTokenizer(published);
      for (const batch of [reference.batch_longest, reference.batch_max_length]) {
        const encodings = batch.texts.map((text, i) =>
          tokenizer.encode(text, batch.text_pairs?.[i], { maxLength: batch.max_length }),
        );
        const padded = tokenBatch(encodings, batch.input_ids[0].length, tokenizer.special.pad);
        assert.deepEqual([...padded.inputIds.data], batch.input_ids.flat());
        assert.deepEqual([...padded.tokenTypeIds.data], batch.token_type_ids.flat());
        assert.deepEqual([...padded.attentionMask.data], batch.attention_mask.flat());
        assert.deepEqual(padded.inputIds.shape, [batch.texts.length, batch.input_ids[0].length]);
      }
    });
  });
}

function readReference(file: string): Reference {
  return JSON.parse(readFileSync(join(shared ?? "", "reference", "08_tokenisation", file), "utf8"));
}

const wordPieces = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "[MASK]",
  "play",
  "##ing",
  "σ",
  "##σ",
  "Play",
  ".",
  "𠀀",
  "é",
  "e",
];

describe("a WordPiece vocabulary", () => {
  let tokenizer: Tokenizer;
  before(() => {
    tokenizer = loadTokenizer(write({ "vocab.txt": `${wordPieces.join("\r\n")}\r\n` }));
  });

  it("encodes one text and a pair with segments", () => {
    assert.deepEqual(tokenizer.encode("Playing."), {
      inputIds: [2, 5, 6, 10, 3],
      tokenTypeIds: [0, 0, 0, 0, 0],
      attentionMask: [1, 1, 1, 1, 1],
      specialTokensMask: [1, 0, 0, 0, 1],
    });
    const pair = tokenizer.encode("play", "playing");
    assert.deepEqual(pair.inputIds, [2, 5, 3, 5, 6, 3]);
    assert.deepEqual(pair.tokenTypeIds, [0, 0, 0, 1, 1, 1]);
    assert.deepEqual(tokenizer.encode("play", "").inputIds, [2, 5, 3, 3]);
    assert.deepEqual(tokenizer.encode("play", undefined, { addSpecialTokens: false }).inputIds, [5]);
  });

  it("mends what the library does otherwise: rare Han and the last sigma", () => {
    assert.deepEqual(tokenizer.tokenize("𠀀𠀀ΣΣ"), ["𠀀", "𠀀", "σ", "##σ"]);
  });

  it("knows its special tokens, and goes back to text", () => {
    assert.deepEqual(tokenizer.special, { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 });
    assert.equal(tokenizer.vocabSize, wordPieces.length);
    assert.deepEqual(tokenizer.encode("[MASK]?").inputIds, [2, 4, 1, 3]);
    assert.equal(tokenizer.decode([5, 6]), "playing");
    assert.equal(tokenizer.decode([]), "");
    assert.equal(tokenizer.tokenToId("##ing"), 6);
    assert.equal(tokenizer.idToToken(6), "##ing");
  });

  it("obeys the config on case, accents and length", () => {
    const config = (fields: object) =>
      loadTokenizer(
        write({ "vocab.txt": `${wordPieces.join("\n")}\n`, "tokenizer_config.json": JSON.stringify(fields) }),
      );
    assert.deepEqual(config({ do_lower_case: false }).tokenize("Play é"), ["Play", "é"]);
    assert.deepEqual(config({}).tokenize("Play é"), ["play", "e"]);
    assert.deepEqual(config({ strip_accents: false }).tokenize("Play é"), ["play", "é"]);
    assert.equal(config({ model_max_length: 512 }).maxLength, 512);
    assert.equal(config({ model_max_length: 1e30 }).maxLength, undefined);
  });

  it("refuses a length without room, and a vocabulary without special tokens", () => {
    assert.throws(() => tokenizer.encode("a", "b", { maxLength: 2 }), /maxLength 2 leaves no room for 3 special/);
    assert.throws(() => loadTokenizer(write({ "vocab.txt": "a\nb\n" })), /vocabulary has no token "\[CLS\]"/);
    assert.throws(
      () => loadTokenizer(write({})),
      /has no tokenizer; it needs tokenizer\.json, vocab\.txt, or vocab\.json/,
    );
    assert.throws(() => loadTokenizer(write({ "tokenizer.json": "{" })), /tokenizer\.json" as JSON: it ends too early/);
  });
});

describe("a byte-level BPE vocabulary", () => {
  const vocab = { "<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, a: 4, b: 5, ab: 6, Ġ: 7, Ġab: 8, "<mask>": 9 };
  const merges = "#version: 0.2\na b\nĠ ab\n";

  it("joins by its merges and marks spaces", () => {
    const tokenizer = loadTokenizer(write({ "vocab.json": JSON.stringify(vocab), "merges.txt": merges }));
    assert.deepEqual(tokenizer.encode("ab ab"), {
      inputIds: [0, 6, 8, 2],
      tokenTypeIds: [0, 0, 0, 0],
      attentionMask: [1, 1, 1, 1],
      specialTokensMask: [1, 0, 0, 1],
    });
    assert.deepEqual(tokenizer.encode("a", "b").inputIds, [0, 4, 2, 2, 5, 2]);
    assert.deepEqual(tokenizer.encode("a <mask>").inputIds, [0, 4, 9, 2]);
    assert.deepEqual(tokenizer.special, { pad: 1, unk: 3, cls: 0, sep: 2, mask: 9 });
  });

  it("puts a space before the first word if the config says so", () => {
    const path = write({
      "vocab.json": JSON.stringify(vocab),
      "merges.txt": merges,
      "tokenizer_config.json": '{"add_prefix_space":true}',
    });
    assert.deepEqual(loadTokenizer(path).tokenize("ab"), ["Ġab"]);
  });
});
