import assert from "node:assert/strict";
import { test } from "node:test";
import { taskDomain } from "#src/tasks/task-domain.js";

const parts = (task: string, outputs: string[], example: unknown) => ({
  ...{ name: "mine", task, outputs, source: "by hand" },
  ...{ train: [example], dev: [example], test: [example] },
});
const tags = ["O", "B-PER"];
const whole = { words: ["Ann", "sleeps"], tags: [1, 0] };

test("a domain of whole examples has a hash of outputs and examples", () => {
  const domain = taskDomain(parts("tagging", tags, whole));
  assert.match(domain.hash, /^[0-9a-f]{64}$/);
  assert.notEqual(domain.hash, taskDomain(parts("tagging", ["O", "B-LOC"], whole)).hash);
  assert.equal(domain.hash, taskDomain({ ...parts("tagging", tags, whole), name: "other" }).hash);
});

const refused: [what: string, task: string, example: unknown, message: RegExp][] = [
  [
    "a tag that there is not",
    "tagging",
    { ...whole, tags: [2, 0] },
    /train example 1: the tag 2 is not .*\(0 to 1: .*B-PER/,
  ],
  ["a tag by its name", "tagging", { ...whole, tags: ["B-PER", "O"] }, /the tag "B-PER" is not the place/],
  ["too few tags", "tagging", { ...whole, tags: [1] }, /2 words have 1 tags; give one for each/],
  ["a text in place of words", "tagging", { text: "Ann sleeps", tags: [1, 0] }, /has no words and tags/],
  ["no words", "tagging", { words: [], tags: [] }, /is no word/],
  ["an empty word", "tagging", { words: ["Ann", " "], tags: [1, 0] }, /is no word/],
  ["a score that is a text", "regression", { text: "a", score: "3" }, /the score is "3", not a finite number/],
  ["a score that is not finite", "regression", { text: "a", score: Number.NaN }, /the score is NaN/],
  ["no text", "regression", { score: 3 }, /has no text/],
  ["another task", "taging", whole, /is of the task "taging"; the nearest is "tagging"/],
];
for (const [what, task, example, message] of refused) {
  test(`a domain with ${what} is refused`, () => {
    assert.throws(() => taskDomain(parts(task, tags, example)), message);
  });
}

test("a part without examples is named", () => {
  assert.throws(() => taskDomain({ ...parts("tagging", tags, whole), dev: [] }), /has no dev examples/);
});
