import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Tokenizer } from "@huggingface/tokenizers";
import { encodeCorpus, pieceEncoder, readCorpus } from "#src/pretraining/corpus.js";
import { countWords, trainVocabulary } from "#src/text/vocabulary.js";
import { writeVocabulary } from "#src/text/vocabulary-files.js";

const texts = [
  "The harbour's new lighthouse wasn't finished: 12 of 30 lamps were missing!",
  "Naïve café owners – über-busy – sell crème brûlée at €4.50 …",
  "東京 and Αθήνα are cities; #lighthouse @keeper 😀👍🏽 http://a.b/c?d=e&f",
  "tabs\tand\u00a0spaces\u200b, co-operate; x".repeat(3),
];

function vocabulary(size: number): string[] {
  const counts = new Map<string, number>();
  for (const text of texts.slice(0, 2)) for (let i = 0; i < 5; i++) countWords(text, counts);
  return trainVocabulary(counts, { size, minimumCharacterCount: 1 });
}

describe("pieceEncoder", () => {
  it("gives the ids of the Hugging Face tokenizer that its vocabulary describes", () => {
    const dir = mkdtempSync(join(tmpdir(), "signmix-"));
    const pieces = vocabulary(150);
    writeVocabulary(dir, pieces, 128);
    const json = (name: string) => JSON.parse(readFileSync(join(dir, name), "utf8"));
    const tokenizer = new Tokenizer(json("tokenizer.json"), json("tokenizer_config.json"));
    const encode = pieceEncoder(pieces);
    for (const text of texts) {
      assert.deepEqual(encode(text), tokenizer.encode(text, { add_special_tokens: false }).ids, text);
    }
    assert.deepEqual(readFileSync(join(dir, "vocab.txt"), "utf8").trimEnd().split("\n"), pieces);
    const pair = tokenizer.encode("new", { text_pair: "lamps", return_token_type_ids: true });
    assert.deepEqual(pair.ids, [2, ...encode("new"), 3, ...encode("lamps"), 3]);
  });
  it("takes the longest piece first", () => {
    const encode = pieceEncoder(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "ab", "##b", "##c", "##bc"]);
    assert.deepEqual(encode("abc abbc b"), [6, 8, 6, 9, 1]);
  });
});

describe("readCorpus", () => {
  const dir = mkdtempSync(join(tmpdir(), "signmix-"));
  writeFileSync(join(dir, "b.txt"), "third\n");
  writeFileSync(join(dir, "a.txt"), "first\r\n\n  \nsecond");
  writeFileSync(join(dir, "notes.md"), "not text");

  it("reads .txt files by name, one passage a line", () => {
    assert.deepEqual(readCorpus(dir), [
      { name: "a.txt", passages: ["first", "second"] },
      { name: "b.txt", passages: ["third"] },
    ]);
  });
  it("leaves files out", () => {
    assert.deepEqual(
      readCorpus(dir, ["a.txt"]).map(({ name }) => name),
      ["b.txt"],
    );
    assert.throws(() => readCorpus(dir, ["c.txt"]), /"c.txt" is to be left out but is not in/);
    assert.throws(() => readCorpus(dir, ["a.txt", "b.txt"]), /No \.txt file/);
    assert.throws(() => readCorpus(join(dir, "absent")), /No folder/);
  });
  it("encodes passages end to end, empty ones left out", () => {
    const { ids, starts } = encodeCorpus(
      ["a b", "\u200b", "b"],
      ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b"],
    );
    assert.deepEqual([...ids], [5, 6, 6]);
    assert.deepEqual([...starts], [0, 2, 3]);
  });
});
