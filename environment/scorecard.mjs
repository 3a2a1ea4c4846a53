// npm run scorecard: writes the profiles' scorecards, side by side, into README.md between its markers.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./build.mjs";
import { Problem, runMain } from "./problem.mjs";
import { setUp } from "./setup.mjs";

runMain(async () => {
  await setUp();
  const { putScorecard, scorecardMarkdown } = await import("../dist/study/scorecard-readme.js");
  const readme = path.join(root, "README.md");
  const table = scorecardMarkdown();
  if (!existsSync(readme)) throw new Problem("There is no README.md to write into.");
  const before = readFileSync(readme, "utf8");
  const after = putScorecard(before, table);
  if (after !== before) writeFileSync(readme, after);
  console.log(after === before ? "README.md is up to date." : "README.md has the new scorecard.");
});
