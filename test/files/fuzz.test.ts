import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { projectPath } from "#src/files/project.js";
import { fuzz } from "./fuzz.js";

// a sample; `npm run fuzz` does as many as asked
const fixture = (name: string) => new Uint8Array(readFileSync(projectPath("test", "files", "fixtures", name)));

it("the safetensors reader reads or refuses 4,000 damaged files", () => {
  const report = fuzz("safetensors", 4000, "sample", [fixture("views.safetensors")]);
  assert.ok(report.accepted > 100 && report.messages > 15, JSON.stringify(report));
});

it("the PyTorch reader reads or refuses 4,000 damaged files", () => {
  const report = fuzz("torch", 4000, "sample", [fixture("views.bin"), fixture("views-legacy.bin")]);
  assert.ok(report.accepted > 100 && report.messages > 30, JSON.stringify(report));
});
