import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { projectPath } from "#src/files/project.js";
import { putPart } from "#src/files/put-part.js";
import { adviceOf } from "#src/study/front-page.js";
import { scorecardMarkdown } from "#src/study/scorecard-readme.js";

const read = (...names: string[]) => readFileSync(projectPath(...names), "utf8");

test("README.md holds the scorecards as they are, and the advice that notebook 08 shows", () => {
  const text = read("README.md");
  assert.equal(putPart(text, "scorecard", scorecardMarkdown()), text, "run npm run scorecard");
  const advice = adviceOf(JSON.parse(read("notebooks", "08-beyond-the-paper.ipynb")));
  assert.equal(putPart(text, "advice", advice), text, "run npm run scorecard");
  assert.ok(advice.split(/\s+/).length <= 200, "at most 200 words");
});

test("a notebook without advice is said to have none", () => {
  assert.throws(
    () => adviceOf({ cells: [{ outputs: [{ data: { "text/plain": "1. of something else" } }] }] }),
    /shows no/,
  );
});
