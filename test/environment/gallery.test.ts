import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { projectPath } from "#src/files/project.js";

test("figures/README.md shows what the manifests of figures/ hold", () => {
  const script = projectPath("environment", "gallery.mjs");
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
});
