import assert from "node:assert/strict";
import { test } from "node:test";
import { planStages, runStages, stageLines } from "#src/cli/commands/study-stages.js";
import { loadProfile } from "#src/study/profile.js";

function collected() {
  let text = "";
  const take = (part: string) => {
    text += part;
  };
  return { output: { out: take, err: take, progress: take, width: 80 }, text: () => text };
}

test("the plan of one seed costs a third but for what is computed for one seed alone; without rates it has no hours", () => {
  const profile = loadProfile("compact");
  const fields = (lines: string[], name: string) => lines.find((line) => line.startsWith(`${name} `))?.split(/\s{2,}/);
  const [all, one] = [profile.settings.seeds, profile.settings.seeds.slice(0, 1)].map((seeds) =>
    stageLines(profile, seeds),
  );
  const adapters = (lines: string[], name: string) => Number(fields(lines, name)?.[2]);
  const tests = (lines: string[], name: string) => Number(fields(lines, name)?.[4]);
  assert.equal(tests(all, "pruning"), 3 * tests(one, "pruning"));
  for (const name of ["rate", "grid"]) assert.equal(adapters(all, name), adapters(one, name));
  assert.equal(tests(all, "randomised"), 13 * 12 * 2 * 4, "a test for each cell of S1");
  assert.match(all.at(-1) ?? "", /^Seeds 2, 1, 3;/);

  const { output, text } = collected();
  assert.equal(planStages(["--profile", "smoke"], output), 0);
  assert.ok(!text().includes("core hours"));
  assert.match(text(), /The rates of "smoke" were not measured\./);
});

test("a stage, seed or limit that is none is refused before anything is opened", async () => {
  const { output } = collected();
  await assert.rejects(
    runStages(["--stage", "everything"], output),
    /no stage "everything"; the stages are rate, grid/,
  );
  await assert.rejects(
    runStages(["--profile", "compact", "--seed", "7"], output),
    /seeds of "compact" are 2, 1, 3, not 7/,
  );
  await assert.rejects(runStages(["--minutes", "0"], output), /--minutes takes a number of minutes above 0/);
  await assert.rejects(runStages(["--workers", "1.5"], output), /--workers takes a whole number/);
  assert.throws(() => planStages(["--profile", "huge"], output), /There is no profile "huge"/);
});
