import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applySubstitutions, editsFor } from "#src/attacks/substitutions.js";
import {
  articleBefore,
  firstWords,
  inCaseOf,
  isPlainWord,
  windowAround,
  withoutWord,
  wordsOf,
} from "#src/attacks/words.js";

const texts = (text: string) => wordsOf(text).map((word) => word.text);

describe("words of a text", () => {
  test("are found at their offsets, whatever stands around them", () => {
    const text = `  "It isn't John's film," they said — twice!\n`;
    assert.deepEqual(texts(text), ["It", "isn't", "John", "film", "they", "said", "twice"]);
    for (const { text: word, start, end } of wordsOf(text)) assert.equal(text.slice(start, end), word);
  });

  test("addresses, @names and #tags are one word each, and none that can be exchanged", () => {
    assert.deepEqual(texts("@user see https://t.co/ab-1?c=d #so_good"), [
      "@user",
      "see",
      "https://t.co/ab-1?c=d",
      "#so_good",
    ]);
    assert.deepEqual(["@user", "#tag", "t.co", "b2b", "a b", "", "3"].filter(isPlainWord), []);
    assert.ok(isPlainWord("well-made") && isPlainWord("café"));
  });

  test("emoji are none; other scripts are", () => {
    assert.deepEqual(texts("🙂 привет 👍🏽 мир 世界"), ["привет", "мир", "世界"]);
    assert.deepEqual(texts(""), []);
    assert.deepEqual(texts("?! …"), []);
  });

  test("it's is one word, a possessive is not part of its noun", () => {
    assert.deepEqual(texts("it's the film's end, let’s go"), ["it's", "the", "film", "end", "let’s", "go"]);
  });

  test("one is deleted with one space", () => {
    const without = (text: string, word: number) => withoutWord(text, wordsOf(text)[word]);
    assert.equal(without("a fine film.", 1), "a film.");
    assert.equal(without("fine film", 0), "film");
    assert.equal(without("a film.", 1), "a .");
    assert.equal(without("film", 0), "");
  });

  test("the first of them end where the next one begins", () => {
    assert.equal(firstWords("It's the film's end (so they say).", 3), "It's the film's");
    assert.equal(firstWords("one, two; three", 2), "one, two;");
    for (const count of [3, 4]) assert.equal(firstWords("one, two; three! ", count), "one, two; three! ");
  });

  test("the window around a word is that of TextAttack", () => {
    const text = Array.from({ length: 9 }, (_, i) => `w${i}`).join(", ");
    const around = (at: number, size: number) => windowAround(text, wordsOf(text), at, size);
    assert.equal(around(4, 5), "w2, w3, w4, w5, w6");
    assert.equal(around(1, 5), "w0, w1, w2, w3, w4");
    assert.equal(around(8, 5), "w4, w5, w6, w7, w8");
    assert.equal(around(4, 15), text);
  });
});

test("a word takes the case of the one that it replaces", () => {
  assert.deepEqual(
    ["Film", "FILM", "film", "A", "É", "世"].map((like) => inCaseOf(like, "movie")),
    ["Movie", "MOVIE", "movie", "Movie", "Movie", "movie"],
  );
});

test("a or an, by the sound of the next word", () => {
  const an = "apple hour honest unimportant onerous heir uncle umbrella".split(" ");
  const a = "film union user one-off European usual once utopia".split(" ");
  assert.deepEqual(
    [...an, ...a].filter((word) => articleBefore(word) === "an"),
    an,
  );
});

describe("substitutions", () => {
  const example = { text: "Premise.", textPair: `It was an "OLD" film, an old one's end.`, label: 0 };

  test("change one word and leave the rest, and come back from what is stored", () => {
    const edits = editsFor(example.textPair, 1, 3, "ancient");
    assert.deepEqual(edits, [{ part: 1, word: 3, from: "OLD", to: "ANCIENT" }]);
    const changed = applySubstitutions(example, edits);
    assert.equal(changed.textPair, `It was an "ANCIENT" film, an old one's end.`);
    assert.equal(changed.text, example.text);
  });

  test("take the article along, but only where it was right and stands right before the word", () => {
    const edits = editsFor(example.textPair, 1, 6, "dated");
    assert.deepEqual(
      edits.map(({ from, to }) => [from, to]),
      [
        ["an", "a"],
        ["old", "dated"],
      ],
    );
    assert.equal(applySubstitutions(example, edits).textPair, `It was an "OLD" film, a dated one's end.`);
    assert.equal(editsFor(example.textPair, 1, 3, "dated").length, 1, "a quotation mark stands between");
    assert.equal(editsFor("a old film", 0, 1, "dated").length, 1, "the article was wrong before");
    assert.equal(editsFor("A film", 0, 1, "opus")[0].to, "An");
  });

  test("of another example are refused", () => {
    const edit = { part: 0 as const, word: 0, from: "Other", to: "x" };
    assert.throws(() => applySubstitutions(example, [edit]), /Word 1 of the text is "Premise", not "Other"/);
    assert.throws(() => applySubstitutions(example, [{ ...edit, word: 9 }]), /Word 10 of the text is not there/);
  });
});
