import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createDomain, type Domain, type Example } from "#src/domains/domain.js";
import { findLeaks } from "#src/domains/leaks.js";
import { domainStatistics } from "#src/domains/statistics.js";
import { subsample } from "#src/domains/subsample.js";
import { createRandom } from "#src/engine/random.js";

const long = "the quick brown fox jumps over the lazy dog while the old farmer watches from the hill";
const example = (text: string, label = 0, textPair?: string): Example =>
  textPair === undefined ? { text, label } : { text, textPair, label };
const domain = (train: Example[], dev: Example[], test: Example[]): Domain =>
  createDomain({ name: "d", labels: ["a", "b"], train, dev, test, source: "here" });

describe("createDomain", () => {
  test("refuses empty texts, labels out of range and half pairs, and says where", () => {
    const ok = [example("x")];
    assert.throws(() => domain(ok, [example(" ")], ok), /dev example 1: the text is empty/);
    assert.throws(() => domain(ok, ok, [example("x", 2)]), /test example 1: label 2/);
    assert.throws(() => domain(ok, [example("x", 0, "y")], ok), /dev example 1: has a second text/);
  });

  test("hashes examples and labels, not name or source", () => {
    const one = domain([example("x")], [example("y")], [example("z")]);
    assert.equal(createDomain({ ...one, name: "other", source: "there" }).hash, one.hash);
    assert.notEqual(domain([example("x", 1)], [example("y")], [example("z")]).hash, one.hash);
    assert.notEqual(domain([example("y")], [example("x")], [example("z")]).hash, one.hash);
  });
});

describe("findLeaks", () => {
  test("finds planted exact and near duplicates, and nothing else", () => {
    const train = [example("nothing like it at all in here"), example(long), example("Some words, here and there!")];
    const test_ = [
      example(long.replace("hill", "hills")),
      example("some words here and THERE"),
      example("a text of its own"),
    ];
    const leaks = findLeaks(domain(train, [example("unrelated words stand alone")], test_));
    assert.deepEqual(
      leaks.map(({ kind, splits, indices }) => ({ kind, splits, indices })),
      [
        { kind: "near", splits: ["train", "test"], indices: [1, 0] },
        { kind: "exact", splits: ["train", "test"], indices: [2, 1] },
      ],
    );
    // 15 of 17 shingles of three words are shared: 15 / (16 + 16 − 15)
    assert.ok(Math.abs(leaks[0].similarity - 14 / 16) < 0.08);
  });

  test("finds a shared side of a pair, whichever side it was", () => {
    const train = [example("a first question", 0, "and its own answer")];
    const shared = [example("another question", 1, "A first question!"), example("new one", 1, "new two")];
    const leaks = findLeaks(domain(train, shared, [example("p", 0, "q")]));
    assert.deepEqual(
      leaks.map(({ kind, indices }) => [kind, ...indices]),
      [["side", 0, 0]],
    );
  });

  test("finds what comparing all pairs finds", () => {
    const random = createRandom("leaks");
    const text = () => Array.from({ length: 6 }, () => random.choice(["a", "b", "c"])).join(" ");
    const some = (n: number) => Array.from({ length: n }, () => example(text()));
    const parts = domain(some(60), some(1), some(60));
    const grams = ({ text: words }: Example) => {
      const list = words.split(" ");
      return new Set(list.slice(2).map((_, i) => list.slice(i, i + 3).join(" ")));
    };
    const similar = (one: Example, other: Example) => {
      const [a, b] = [grams(one), grams(other)];
      const both = [...a].filter((gram) => b.has(gram)).length;
      return both / (a.size + b.size - both) >= 0.6;
    };
    const expected = parts.test.flatMap((late, j) => (parts.train.some((early) => similar(early, late)) ? [j] : []));
    const found = findLeaks(parts, { threshold: 0.6 }).filter(({ splits }) => splits.join() === "train,test");
    assert.deepEqual(
      found.map(({ indices }) => indices[1]),
      expected,
    );
    assert.ok(expected.length > 5);
  });
});

describe("subsample", () => {
  const examples = Array.from({ length: 100 }, (_, i) => example(`text ${i}`, i < 10 ? 1 : 0));

  test("balances labels until one runs out, is seeded, nested and in order", () => {
    const small = subsample(examples, 10, createRandom(1));
    const large = subsample(examples, 40, createRandom(1));
    assert.deepEqual([small.filter(({ label }) => label === 1).length, small.length], [5, 10]);
    assert.deepEqual([large.filter(({ label }) => label === 1).length, large.length], [10, 40]);
    assert.ok(small.every((each) => large.includes(each)));
    assert.deepEqual(subsample(examples, 40, createRandom(1)), large);
    assert.notDeepEqual(subsample(examples, 40, createRandom(2)), large);
    assert.deepEqual(
      large,
      examples.filter((each) => large.includes(each)),
    );
  });

  test("keeps shares when asked, and everything when there is no more", () => {
    const part = subsample(examples, 20, createRandom(1), { balance: "proportional" });
    assert.deepEqual([part.filter(({ label }) => label === 1).length, part.length], [2, 20]);
    assert.equal(subsample(examples, 500, createRandom(1)).length, 100);
    assert.throws(() => subsample(examples, 0, createRandom(1)), /whole size/);
  });
});

describe("domainStatistics", () => {
  test("counts words, labels, label shift and leaks per split", () => {
    const train = [
      example("one two three"),
      example("one two", 0),
      example("one", 1),
      example("one two three four", 0),
    ];
    const rows = domainStatistics(
      domain(train, [example("six words are in this text", 1)], [example("ONE two"), example("b", 1)]),
    );
    assert.deepEqual(
      rows.map(({ split, examples: n, medianWords }) => [split, n, medianWords]),
      [
        ["train", 4, 3],
        ["dev", 1, 6],
        ["test", 2, 2],
      ],
    );
    assert.deepEqual(
      rows.map(({ labelShift }) => labelShift),
      [0, 0.75, 0.25],
    );
    assert.deepEqual(
      rows.map(({ majority }) => majority),
      [0.75, 0, 0.5],
    );
    assert.deepEqual(
      rows.map(({ exactLeaks }) => exactLeaks),
      [0, 0, 1],
    );
  });
});
