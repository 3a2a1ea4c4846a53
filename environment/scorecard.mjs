// npm run scorecard: writes the profiles' scorecards, side by side, and the advice of notebook 08 into README.md between their markers.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./build.mjs";
import { Problem, runMain } from "./problem.mjs";
import { setUp } from "./setup.mjs";

runMain(async () => {
  await setUp();
  const { scorecardMarkdown } = await import("../dist/study/scorecard-readme.js");
  const { putPart } = await import("../dist/files/put-part.js");
  const { adviceOf } = await import("../dist/study/front-page.js");
  const readme = path.join(root, "README.md");
  const notebook = readFileSync(path.join(root, "notebooks", "08-beyond-the-paper.ipynb"), "utf8");
  const advice = adviceOf(JSON.parse(notebook));
  if (!existsSync(readme)) throw new Problem("There is no README.md to write into.");
  const before = readFileSync(readme, "utf8");
  const after = putPart(putPart(before, "scorecard", scorecardMarkdown()), "advice", advice);
  if (after !== before) writeFileSync(readme, after);
  console.log(after === before ? "README.md is up to date." : "README.md has the new scorecard and advice.");
});
