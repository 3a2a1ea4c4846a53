import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../environment/setup-tensorflow.mjs", import.meta.url));

function run(...args: string[]) {
  return spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
}

test("setup:tensorflow names the Python it cannot run, the remedy, and ends with status 3", () => {
  const { status, stderr } = run("--force", "--python", "no-such-python");
  assert.equal(status, 3);
  const place = process.platform === "win32" ? /WSL 2/ : /no-such-python|no C\+\+ compiler/;
  assert.match(stderr, place);
});

test("setup:tensorflow explains its options", () => {
  const { status, stdout } = run("--help");
  assert.equal(status, 0);
  for (const option of ["--python", "--install", "--cuda", "--official", "--force", "--remove"]) {
    assert.ok(stdout.includes(option), option);
  }
});
