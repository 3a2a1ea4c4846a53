import assert from "node:assert/strict";
import { test } from "node:test";
import { entitiesOf, entityF1 } from "#src/tasks/entity-f1.js";

const of = (text: string) => text.split(" ");

test("entities are read from tags as CoNLL reads them", () => {
  assert.deepEqual(entitiesOf(of("O B-PER I-PER O B-LOC B-LOC")), [
    { type: "PER", from: 1, to: 3 },
    { type: "LOC", from: 4, to: 5 },
    { type: "LOC", from: 5, to: 6 },
  ]);
  // an inside without a beginning begins one, and so does one of another type
  assert.deepEqual(entitiesOf(of("I-PER I-LOC I-LOC O I-LOC")), [
    { type: "PER", from: 0, to: 1 },
    { type: "LOC", from: 1, to: 3 },
    { type: "LOC", from: 4, to: 5 },
  ]);
  assert.deepEqual(entitiesOf(of("O O")), []);
});

// The values are those of seqeval 1.2.2, `f1_score`.
const cases: [wanted: string[], found: string[], f1: number][] = [
  [["B-PER I-PER O"], ["B-PER I-PER O"], 1],
  [["B-PER I-PER O"], ["B-PER O O"], 0],
  [["B-PER I-PER O B-LOC"], ["B-PER I-PER O O"], 2 / 3],
  [["B-PER O", "O B-ORG I-ORG"], ["I-PER O", "O B-ORG B-ORG"], 0.4],
  [["O O"], ["O O"], 0],
];
for (const [wanted, found, f1] of cases) {
  test(`F1 by entity of "${found.join(" / ")}" where "${wanted.join(" / ")}" is right`, () => {
    assert.ok(Math.abs(entityF1(found.map(of), wanted.map(of)) - f1) < 1e-12);
  });
}
