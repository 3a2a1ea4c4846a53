import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { projectPath } from "#src/files/project.js";
import { adviceOf, putPart } from "#src/study/front-page.js";
import { scorecardMarkdown } from "#src/study/scorecard-readme.js";

const read = (...names: string[]) => readFileSync(projectPath(...names), "utf8");

test("a part goes between its markers and nowhere else; twice is the same as once", () => {
  const text = "# Title\n\n<!-- scorecard -->\nold\n<!-- /scorecard -->\n\nrest\n";
  const once = putPart(text, "scorecard", "| new |");
  assert.equal(once, "# Title\n\n<!-- scorecard -->\n\n| new |\n\n<!-- /scorecard -->\n\nrest\n");
  assert.equal(putPart(once, "scorecard", "| new |"), once);
  for (const wrong of ["none", "<!-- scorecard --> alone", `${text}${text}`])
    assert.throws(() => putPart(wrong, "scorecard", "| new |"), /needs the lines <!-- scorecard --> and/);
});

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
