import assert from "node:assert/strict";
import { test } from "node:test";
import type { FlipRow } from "#src/chapters/conflict/pairs.js";
import { fsdAndSimilarity, growthBeyondArithmetic, signClaims } from "#src/chapters/conflict/paper-claims.js";
import { describeSimilarity } from "#src/chapters/conflict/sentences.js";
import { type SimilarityRow, wordVectors } from "#src/chapters/conflict/similarity.js";
import { createRandom } from "#src/engine/random.js";
import { inRegime } from "#src/study/in-regime.js";
import { tinyStudy } from "../../study/tiny-study.js";

const domains = ["a", "b", "c", "d", "e", "f", "g"];

test("growth beyond arithmetic: the flip share's growth less that of the line, over targets", () => {
  const row = (target: string, size: number, flipShare: number, byArithmetic: number): FlipRow => ({
    ...{ target, members: domains.slice(0, size), size, method: "lora", seed: 1, flipShare, byArithmetic },
  });
  const rows = domains.flatMap((target, i) => [
    row(target, 2, 0.1, 0.12),
    row(target, 2, 0.12, 0.12),
    row(target, 7, 0.3, 0.27 + 0.001 * i),
  ]);
  const found = growthBeyondArithmetic(rows, domains);
  // 30 − 11 of flips, less 27.3 − 12 of arithmetic on average
  assert.ok("effect" in found && Math.abs(found.effect - 3.7) < 1e-9 && found.low > 3);
  assert.deepEqual(
    growthBeyondArithmetic(
      rows.filter(({ size }) => size === 2),
      domains,
    ),
    {
      undecided: "there are no mixtures of more than two",
    },
  );
});

/** Pairs whose FSD follows its expectation and, by so much, the similarity of texts. */
function similarities(by: number): SimilarityRow[] {
  const random = createRandom("similarity");
  return domains.flatMap((first, i) =>
    domains.slice(i + 1).map((second): SimilarityRow => {
      const [embedding, expectedFsd] = [random.uniform(), random.uniform()];
      const fsd = expectedFsd + by * embedding + 0.02 * random.normal();
      return {
        first,
        second,
        method: "lora",
        seed: 1,
        fsd,
        expectedFsd,
        embedding,
        words: random.uniform(),
        topics: random.uniform(),
        sameStart: true,
      };
    }),
  );
}

test("similarity is judged by what starts and distances leave of FSD", () => {
  const related = fsdAndSimilarity(similarities(0.5));
  assert.ok("effect" in related && related.effect > 0.8 && related.low > 0.3);
  const other = fsdAndSimilarity(similarities(0.5), "words");
  assert.ok("effect" in other && Math.abs(other.effect) < 0.5);
  assert.match(describeSimilarity(similarities(0.5)), /embeddings 0\.[89]\d \[.*words in common/);
  assert.deepEqual(fsdAndSimilarity(similarities(0).filter(({ second }) => second < "d")), {
    undecided: "3 domains make too few pairs",
  });
});

test("word vectors by hand: a word that all domains use counts less than one of a single domain", () => {
  const train = (text: string) => ({ train: [{ text, label: 0 }] });
  const [one, two] = wordVectors([train("The film, the film"), train("the goal")], 5); // film, goal, the
  const log = Math.log;
  assert.deepEqual(one, [log(3) * log(3), 0, log(3) * log(2)]);
  assert.deepEqual(two, [0, log(2) * log(3), log(2) * log(2)]);
});

test("the claims of a study: S1c only where starts were randomised, and every one in both regimes", async () => {
  const study = await tinyStudy({ set: { partnerSteps: [2, 3], poolMethods: ["pfeiffer"], methods: ["pfeiffer"] } });
  const targets = study.settings.domains;
  const paper = await signClaims(inRegime(study, "paper"), "paper", targets);
  assert.deepEqual(Object.keys(paper).sort(), ["S1", "S1c", "S1s", "S2", "S3"]);
  assert.match(JSON.stringify(paper.S1c), /nothing is randomised/);
  assert.match(JSON.stringify(paper.S3), /4 domains make too few pairs/);
  assert.ok(paper.S2 && "effect" in paper.S2 && Math.abs(paper.S2.effect) < 8);
  const controlled = await signClaims(inRegime(study, "controlled"), "controlled", targets);
  assert.ok(controlled.S1c && "effect" in controlled.S1c);
});
