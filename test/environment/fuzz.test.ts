import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { it } from "node:test";
import { projectPath } from "#src/files/project.js";

it("what the fuzzer kept, and every file it starts from, is read or refused in words of our own", () => {
  const program = projectPath("environment", "fuzz.mjs");
  const text = execFileSync(process.execPath, [program, "--target", "all", "--seconds", "0"], { encoding: "utf8" });
  const targets = [...text.matchAll(/^([\w-]+): (\d+) inputs /gm)];
  const kept = readdirSync(projectPath("test", "files", "fixtures", "fuzz")).map((file) => file.replace(".txt", ""));
  assert.deepEqual(targets.map(([, name]) => name).sort(), kept.sort());
  for (const [line, , inputs] of targets) assert.ok(Number(inputs) > 5, line);
});
