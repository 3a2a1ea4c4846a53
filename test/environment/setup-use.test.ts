import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { projectPath } from "#src/files/project.js";

const run = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [projectPath("environment", script), ...args], { encoding: "utf8" });

test("setup:use and the checks explain their options", () => {
  for (const [script, option] of [
    ["setup-use.mjs", "--force"],
    ["checks/textattack.mjs", "--python PATH"],
    ["checks/round-trips.mjs", "--python PATH"],
    ["checks/verdicts.mjs", "--truth N"],
  ]) {
    const { status, stdout } = run(script, "--help");
    assert.equal(status, 0);
    assert.ok(stdout.includes(option), stdout);
  }
});

test("the comparison with TextAttack names the Python it needs", () => {
  const { SIGNMIX_TORCH_PYTHON: _, ...env } = process.env;
  const script = projectPath("environment", "checks", "textattack.mjs");
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8", env });
  assert.equal(status, 1);
  assert.match(stderr, /Name a Python that has textattack: --python PATH \(npm run setup:peers makes one\)/);
});
