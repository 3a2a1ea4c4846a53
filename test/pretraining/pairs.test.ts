import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "#src/engine/random.js";
import { drawPair, PAIR_CLASSES, type SentencePair } from "#src/pretraining/pairs.js";
import { toyIndex } from "./toy-corpus.js";

const { pieces, index } = toyIndex(400, "pairs");
const random = createRandom(7);
const pairs = Array.from({ length: 2000 }, () => drawPair(index, 40, random));
const of = (name: (typeof PAIR_CLASSES)[number]) => pairs.filter(({ label }) => PAIR_CLASSES[label] === name);
const text = (ids: number[]) => ids.map((id) => pieces[id]).join(" ");

/** Pieces of `a` that `b` lacks. */
const missing = (a: number[], b: number[]) => a.filter((id) => !b.includes(id));
const bothMiss = ({ first, second }: SentencePair) =>
  missing(first, second).length > 0 && missing(second, first).length > 0;

describe("drawPair", () => {
  it("draws every class about as often", () => {
    for (const name of PAIR_CLASSES) assert.ok(Math.abs(of(name).length / pairs.length - 0.25) < 0.06, name);
  });
  it("keeps within the length", () => {
    assert.ok(pairs.every(({ first, second }) => first.length + second.length <= 40 && second.length >= 3));
  });
  it("adds no word to `same`, in one direction or the other", () => {
    for (const pair of of("same")) assert.ok(!bothMiss(pair), `${text(pair.first)} | ${text(pair.second)}`);
  });
  it("puts another word into `changed`", () => {
    const share = of("changed").filter(bothMiss).length / of("changed").length;
    assert.ok(share > 0.8, `${share}`); // a word may be replaced by one the sentence holds elsewhere
  });
  it("takes `follows` from one passage", () => {
    const whole = text([...index.corpus.ids]);
    for (const { first, second } of of("follows").slice(0, 50))
      assert.ok(whole.includes(`${text(first)} ${text(second)}`));
  });
  it("gives the same pair for the same seed", () => {
    assert.deepEqual(drawPair(index, 40, createRandom(1)), drawPair(index, 40, createRandom(1)));
  });
  it("says when the corpus has no sentences", () => {
    const { index: empty } = toyIndex(1, "one");
    assert.throws(() => {
      for (let i = 0; i < 200; i++)
        drawPair({ ...empty, kinds: { ...empty.kinds, content: new Uint8Array(999) } }, 4, random);
    }, /too few sentences/);
  });
});
