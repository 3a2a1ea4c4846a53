import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SPECIAL_PIECES, splitWords, trainVocabulary } from "#src/text/vocabulary.js";

describe("splitWords", () => {
  it("lower-cases, drops accents and splits at punctuation", () => {
    assert.deepEqual(splitWords("Café-Wörter, don't!"), ["cafe", "-", "worter", ",", "don", "'", "t", "!"]);
  });
  it("takes Chinese characters one by one, and other signs with their word", () => {
    assert.deepEqual(splitWords("東京 €5 a\u200db"), ["東", "京", "€5", "ab"]);
  });
  it("finds the same words in plain text and beside an accent", () => {
    const plain = "It's $3.50 (a_b) ~x^2`";
    assert.deepEqual([...splitWords(plain), "e"], splitWords(`${plain} é`));
  });
});

describe("trainVocabulary", () => {
  const counts = new Map([
    ["low", 5],
    ["lower", 2],
    ["newest", 6],
    ["widest", 3],
  ]);
  const train = (size: number) => trainVocabulary(counts, { size, minimumCharacterCount: 1 });

  it("begins with the special pieces and the alphabet", () => {
    const alphabet = ["l", "n", "w", "##d", "##e", "##i", "##o", "##r", "##s", "##t", "##w"];
    assert.deepEqual(train(16), [...SPECIAL_PIECES, ...alphabet]);
  });
  it("merges the most frequent pair first, ties in the order of their spelling", () => {
    // e·s and s·t stand 9 times, then es·t 9; o·w and l·o 7, then l·ow 7
    assert.deepEqual(train(20).slice(16), ["##es", "##est", "##ow", "low"]);
  });
  it("does not depend on the order of the counts", () => {
    const reversed = new Map([...counts].reverse());
    assert.deepEqual(trainVocabulary(reversed, { size: 24, minimumCharacterCount: 1 }), train(24));
  });
  it("stops where nothing is left to merge", () => {
    const pieces = train(1000);
    assert.ok(pieces.length < 60);
    for (const word of counts.keys()) assert.ok(pieces.includes(word), word);
  });
  it("leaves rare characters out", () => {
    const pieces = trainVocabulary(new Map([...counts, ["ж", 1]]), { size: 30, minimumCharacterCount: 2 });
    assert.ok(!pieces.includes("ж"));
  });
  it("says when the alphabet does not fit", () => {
    assert.throws(() => train(10), /10 cannot hold 16 single characters/);
  });
});
