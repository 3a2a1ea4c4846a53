import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { inflect, readingsOf } from "#src/attacks/inflection.js";
import { partOfSpeech, tagsAgree } from "#src/attacks/part-of-speech.js";
import { isStopWord } from "#src/attacks/stop-words.js";
import { counterFittedSynonyms, neighbourSynonyms, openSynonyms, wordnetSynonyms } from "#src/attacks/synonyms.js";
import { nearestWords, openWordVectors } from "#src/attacks/word-vectors.js";
import { openWordnet } from "#src/attacks/wordnet.js";
import { sharedFolder } from "../reference/vectors.js";

const scratch = mkdtempSync(join(tmpdir(), "signmix-synonyms-"));
process.env.SIGNMIX_CACHE = join(scratch, "cache");
after(() => rmSync(scratch, { recursive: true, force: true }));

function fileOf(name: string, content: string): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

describe("WordNet", () => {
  const wordnet = openWordnet();

  test("gives senses by frequency, and the words of each", () => {
    const senses = wordnet.senses("film").filter(({ part }) => part === "noun");
    assert.deepEqual(
      senses.map(({ number }) => number),
      [1, 2, 3, 4, 5],
    );
    assert.ok(senses[0].count > senses[1].count);
    assert.ok(wordnet.members(senses[0]).includes("motion_picture"));
  });

  test("finds the first and the last entry, and none that is not there", () => {
    for (const lemma of ["'hood", "zymurgy", "a", "well-made"]) assert.ok(wordnet.senses(lemma).length > 0, lemma);
    for (const lemma of ["", "'", "zzzz", "filmm", "fil", "movie ", "世界"])
      assert.deepEqual(wordnet.senses(lemma), []);
  });

  test("marks of adjectives are not part of the word, vulgar words are left out", () => {
    const words = ["asleep", "bed"].flatMap((lemma) => wordnet.senses(lemma)).flatMap(wordnet.members);
    assert.ok(words.includes("asleep") && !words.some((word) => word.includes("(")));
    const heads = wordnet.senses("terrible").flatMap(wordnet.similar).flatMap(wordnet.members);
    assert.ok(heads.includes("bad"));
  });
});

describe("synonyms of WordNet", () => {
  const synonyms = wordnetSynonyms();
  const of = (word: string, partOfSpeech?: string, before: string[] = []) =>
    synonyms.candidates(word, { partOfSpeech, before });

  test("have the form of the word", () => {
    assert.ok(of("film", "NOUN").includes("movie"));
    assert.ok(of("films", "NOUN").includes("movies"));
    assert.ok(of("buying", "VERB").includes("purchasing"));
    assert.ok(of("loved", "VERB").includes("enjoyed"));
    assert.ok(of("says", "VERB").includes("states"));
    assert.ok(of("biggest", "ADJ").includes("largest"));
    assert.ok(of("quickly", "ADV").includes("rapidly"));
  });

  test("a past is told from a participle by the words before", () => {
    assert.ok(of("demonstrated", "VERB", ["they"]).includes("showed"));
    assert.ok(of("demonstrated", "VERB", ["has", "never"]).includes("shown"));
    assert.deepEqual(of("hit", "VERB", ["they"]), [], "past or present");
    assert.deepEqual(of("hit", "VERB", ["will"]), of("hit", "VERB", ["to"]));
  });

  test("are single plain words, never the word itself, and keep to the part of speech where it is known", () => {
    for (const word of ["love", "good", "time", "house", "government", "running", "glasses", "us", "helium"]) {
      for (const candidate of of(word)) assert.match(candidate, /^[a-z]+(-[a-z]+)*$/);
      assert.ok(!of(word).includes(word));
    }
    assert.ok(of("love").includes("passion") || of("love").includes("enjoy"));
    assert.ok(!of("love", "NOUN").includes("enjoy"));
    assert.deepEqual(of("the", "DET"), []);
    assert.deepEqual(of("世界", "NOUN"), []);
  });
});

describe("forms of words", () => {
  test("come from readings that inflect back", () => {
    assert.deepEqual(readingsOf("news", "noun"), [{ lemma: "news", form: "base" }]);
    assert.deepEqual(readingsOf("women", "noun")[0], { lemma: "woman", form: "plural" });
    assert.deepEqual(readingsOf("seen", "verb")[0], { lemma: "see", form: "participle" });
    assert.deepEqual(readingsOf("saw", "verb")[0], { lemma: "see", form: "past" });
    assert.deepEqual(readingsOf("stopped", "verb")[0], { lemma: "stop", form: "pastOrParticiple" });
    assert.deepEqual(readingsOf("happier", "adjective")[0], { lemma: "happy", form: "comparative" });
  });

  test("are made only where English has them", () => {
    assert.equal(inflect("big", "adjective", "comparative"), "bigger");
    assert.equal(inflect("intelligent", "adjective", "comparative"), undefined);
    assert.equal(inflect("see", "verb", "pastOrParticiple"), undefined);
    assert.equal(inflect("quickly", "adverb", "plural"), undefined);
  });
});

test("parts of speech depend on the neighbours; noun and verb may swap", () => {
  const tag = (text: string, at: number) => partOfSpeech(text.split(" "), at);
  assert.equal(tag("they love the film", 1), "VERB");
  assert.equal(tag("the film was slow", 1), "NOUN");
  assert.equal(tag("he isn't happy about it", 2), "ADJ");
  assert.equal(tag("a well-made, much-loved film", 3), "NOUN");
  assert.ok(tagsAgree("NOUN", "VERB") && tagsAgree("ADJ", "ADJ") && !tagsAgree("ADJ", "NOUN"));
});

test("stop words come with contractions, straight or curly, in any case", () => {
  for (const word of ["the", "Not", "isn't", "ISN’T", "very"]) assert.ok(isStopWord(word), word);
  for (const word of ["film", "good", ""]) assert.ok(!isStopWord(word), word);
});

describe("a JSON of neighbours", () => {
  test("is read, without the word itself and without terms of several words", () => {
    const file = fileOf("n.json", `{"film": ["movie", "film", "motion picture", "b2b"], "of": []}`);
    assert.deepEqual(neighbourSynonyms(file).candidates("film"), ["movie"]);
    assert.deepEqual(neighbourSynonyms(file).candidates("constructor"), []);
    assert.equal(openSynonyms(file).name, "n.json");
  });

  test("that is malformed or missing is named, with the remedy", () => {
    assert.throws(
      () => neighbourSynonyms(fileOf("cut.json", `{"film": [`)),
      /Cannot read ".*cut\.json" as JSON: it ends too early/,
    );
    assert.throws(
      () => neighbourSynonyms(fileOf("list.json", `["film"]`)),
      /list\.json" holds a list, where an object .* is needed/,
    );
    const wrong = fileOf("wrong.json", `{"film": ["movie"], "of": "by"}`);
    assert.throws(() => neighbourSynonyms(wrong), /wrong\.json": the neighbours of "of" are not a list of words/);
    assert.throws(() => openSynonyms(join(scratch, "no.json")), /no file of synonyms ".*no\.json"; give a JSON file/);
  });

  const { folder, skip } = sharedFolder("lexicon");
  test("of counter-fitted neighbours, the real one", { skip }, () => {
    const source = openSynonyms(join(folder, "counterfitted_neighbors.json"));
    assert.ok(source.candidates("movie").includes("film"));
  });
});

describe("word vectors", () => {
  test("give the nearest words of enough cosine", () => {
    const file = fileOf("v.txt", "film 1 0\nmovie 2 0.2\nopus 1 0.9\ndog 0 1\nanti -1 0\n");
    assert.deepEqual(counterFittedSynonyms(file).candidates("film"), ["movie", "opus"]);
    assert.deepEqual(counterFittedSynonyms(file, { neighbours: 1 }).candidates("film"), ["movie"]);
    assert.deepEqual(counterFittedSynonyms(file, { leastCosine: 0.99 }).candidates("film"), ["movie"]);
    assert.deepEqual(openSynonyms(file).candidates("cat"), []);
    assert.deepEqual(openSynonyms(file, { leastCosine: 0.99 }).candidates("film"), ["movie"]);
    assert.match(openSynonyms(file, { leastCosine: 0.8 }).name, /^v\.txt, cosine ≥ 0\.8$/);
  });

  test("are kept as an index, which a changed file does not fall for", () => {
    const lines = Array.from({ length: 500 }, (_, i) => `w${i} ${Math.cos(i / 100)} ${Math.sin(i / 100)}`);
    const file = fileOf("many.txt", `500 2\n${lines.join("\n")}\nw7 0 1\n`);
    const first = openWordVectors(file);
    const again = openWordVectors(file);
    assert.deepEqual(again, first);
    assert.equal(first.words.length, 500);
    const near = nearestWords(again, "w100", { count: 4, leastCosine: -1 });
    assert.deepEqual(near.map(({ word }) => word).sort(), ["w101", "w102", "w98", "w99"]);
    assert.ok(Math.abs(near[0].cosine - Math.cos(0.01)) < 1e-6 && near[0].cosine >= near[3].cosine);
    assert.equal(nearestWords(again, "w0", { count: 1000, leastCosine: -1 }).length, 499);
    assert.deepEqual(nearestWords(again, "cat", { count: 5, leastCosine: -1 }), []);
    writeFileSync(file, "w1 1 0\nw2 1 1\n");
    assert.deepEqual(openWordVectors(file).words, ["w1", "w2"]);
  });

  test("that are missing or damaged are named, with the remedy", () => {
    assert.throws(() => openSynonyms(join(scratch, "no.txt")), /no file of synonyms ".*no\.txt"; fetch counter-fitted/);
    assert.throws(
      () => openSynonyms(fileOf("short.txt", "film 1 0\nmovie 2\n")),
      /short\.txt", line 2: "movie" is not/,
    );
    assert.throws(() => openSynonyms(fileOf("none.txt", "film\n")), /none\.txt" holds no word vectors/);
    assert.throws(() => openSynonyms(fileOf("empty.txt", "")), /empty\.txt" holds no word vectors/);
    const nan = fileOf("nan.txt", "film 1 0\n\nmovie nan 1\n");
    assert.throws(() => openSynonyms(nan), /nan\.txt", line 3: "movie" is not followed by 2 numbers/);
    const cut = fileOf("cut.txt", "film 1 0\nmovie 2 0.");
    assert.throws(
      () => openSynonyms(cut),
      /cut\.txt", line 2: the file ends in the middle of the line.*fetch it again/,
    );
    const wide = fileOf("wide.txt", `film${" 1".repeat(70_000)}\n`);
    assert.throws(() => openSynonyms(wide), /wide\.txt", line 1: a vector of 70000 numbers; up to 65536 are read/);
    for (const end of ["", "\n"]) {
      const long = fileOf("long.txt", `film 1\n${"1 ".repeat(1_100_000)}${end}`);
      assert.throws(() => openSynonyms(long), /long\.txt", line 2: it is longer than any line of a word/);
    }
    const few = fileOf("few.txt", "3 2\nfilm 1 0\nmovie 2 0\n");
    assert.throws(() => openSynonyms(few), /few\.txt" ends after 2 of 3 words; fetch the file again/);
    assert.throws(() => counterFittedSynonyms(few, { leastCosine: 80 }), /leastCosine is 80; give a cosine/);
    assert.throws(() => counterFittedSynonyms(few, { neighbours: 0 }), /neighbours is 0; give a whole number/);
    assert.throws(() => openSynonyms("thesaurus"), /"thesaurus" is no source of synonyms; give "wordnet"/);
  });

  const { folder, skip } = sharedFolder("lexicon");
  test("of GloVe, the real ones", { skip }, () => {
    const source = openSynonyms(join(folder, "glove.6B.50d.7849words.txt"));
    assert.ok(source.candidates("film").includes("movie"));
    assert.ok(source.candidates("film").length <= 50);
  });
});
