// npm test: set-up, format and lint, the unit tests, then the notebooks and their solutions at the smoke profile.
// Where `npm run setup:peers` has made the environment of the peers, the tests that compare with them run too.
// `npm test -- signs fsd` runs only the test files whose path holds one of the words, and no notebooks.
import { existsSync, readdirSync } from "node:fs";
import os from "node:os"; // by its whole: old versions, which setUp refuses, lack availableParallelism
import path from "node:path";
import { pathToFileURL } from "node:url";
import { buildTests, root } from "./build.mjs";
import { runNode } from "./child.mjs";
import { peersEnvironment } from "./peers/find.mjs";
import { Problem, runMain } from "./problem.mjs";
import { setUp } from "./setup.mjs";

const started = performance.now();

/** The compiled test files, in the order of the path. */
function testFiles(words) {
  const folder = path.join(root, "dist-test");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.js"))
    .sort();
  const chosen = files.filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  if (chosen.length === 0) throw new Problem(`No test file has ${words.join(" or ")} in its path; see test/.`);
  return chosen.map((file) => path.join(folder, file));
}

const secondsSince = (moment) => Math.round((performance.now() - moment) / 1000);
const took = [];

async function step(name, args) {
  console.error(`\n== ${name} (${secondsSince(started)} s so far)`);
  const began = performance.now();
  const { code } = await runNode(args, { cwd: root });
  if (code !== 0) throw new Problem(`${name}: failed after ${secondsSince(began)} s, see above.`);
  took.push(`${name} ${secondsSince(began)} s`);
}

runMain(async () => {
  const words = process.argv.slice(2);
  Object.assign(process.env, peersEnvironment());
  await setUp();
  await buildTests();
  if (words.length === 0) {
    const biome = path.join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
    await step("format and lint", [biome, "check", "--error-on-warnings"]);
    const knip = path.join(root, "node_modules", "knip", "bin", "knip.js");
    const dead = ["--include", "files,exports,types,dependencies,unlisted", "--no-config-hints"];
    await step("no dead code", [knip, "-c", path.join(root, "environment", "checks", "knip.json"), ...dead]);
  }
  const files = testFiles(words);
  const workers = Math.min(4, os.availableParallelism());
  const skipped = pathToFileURL(path.join(root, "environment", "checks", "skipped-reporter.mjs")).href;
  const reporters = ["spec", skipped].flatMap((one) => [
    `--test-reporter=${one}`,
    "--test-reporter-destination=stdout",
  ]);
  const options = ["--test", ...reporters, `--test-concurrency=${workers}`, "--test-timeout=1500000"];
  await step(`${files.length} test files`, [...options, ...files]);
  if (words.length === 0 && existsSync(path.join(root, "notebooks"))) {
    const reproduce = path.join(root, "environment", "reproduce.mjs");
    await step("notebooks at the smoke profile", [reproduce, "--profile", "smoke"]);
    await step("solutions of their exercises", [reproduce, "--profile", "smoke", "--solutions"]);
  }
  console.error(`\nAll passed in ${secondsSince(started)} s: ${took.join(", ")}.`);
});
