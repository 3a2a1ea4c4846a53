import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { projectPath } from "#src/files/project.js";
import { type FrontEnd, skip, startFrontEnd, text } from "./front-end.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-preload-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const oneCore = availableParallelism() < 2 ? "one core: nothing is loaded beforehand" : skip;

const loaded = "console.log(Object.keys(require.cache).some((name) => /tfjs-core/.test(name)));";

/** Whether TensorFlow.js is there without a cell's having imported it; waits for it where it should be. */
async function hasEngine(kernel: FrontEnd, patience: number): Promise<boolean> {
  for (const deadline = performance.now() + patience; ; ) {
    const { outputs } = await kernel.execute(loaded);
    const is = text(outputs).trim() === "true";
    if (is || performance.now() > deadline) return is;
  }
}

test("the session has loaded TensorFlow.js before a cell imports it", { skip: oneCore }, async (t) => {
  const kernel = await startFrontEnd({ cwd: projectPath("notebooks") });
  t.after(() => kernel.close());
  assert.equal(await hasEngine(kernel, 30_000), true);
});

test("but not where the notebook's folder has a TensorFlow.js of its own", { skip: oneCore }, async (t) => {
  const own = path.join(folder, "node_modules", "@tensorflow", "tfjs");
  mkdirSync(own, { recursive: true });
  writeFileSync(path.join(own, "package.json"), JSON.stringify({ name: "@tensorflow/tfjs", main: "main.js" }));
  writeFileSync(path.join(own, "main.js"), "exports.version = 'the reader’s';\n");
  const kernel = await startFrontEnd({ cwd: folder });
  t.after(() => kernel.close());
  const { outputs } = await kernel.execute('console.log(require("@tensorflow/tfjs").version);');
  assert.equal(text(outputs).trim(), "the reader’s");
  assert.equal(await hasEngine(kernel, 0), false);
});
