import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("./killed-run.js", import.meta.url));

/** Runs the script in a folder; kills it when `units` more are stored than it found. Returns how many it found. */
async function run(folder: string, units = Number.POSITIVE_INFINITY): Promise<{ reused: number; stored: number }> {
  const child = spawn(process.execPath, [script, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit") as Promise<[number | null, string | null]>;
  let first = -1;
  let stored = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [done, reused] = line.split(" ").map(Number);
    if (first < 0) first = reused;
    if (done > reused) stored++;
    if (stored >= units) child.kill("SIGKILL");
  }
  const [code, signal] = await ended;
  if (Number.isFinite(units)) assert.equal(signal, "SIGKILL");
  else assert.equal(code, 0);
  return { reused: first, stored };
}

/** Every canonical file below a folder, by its relative path. */
function canonicalFiles(folder: string): Map<string, string> {
  const names = readdirSync(join(folder, "results"), { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.sort().map((path) => [path.slice(folder.length), readFileSync(path).toString("base64")]));
}

test("a run killed in the middle goes on where it was, to the bytes of an undisturbed run", async () => {
  const [killed, undisturbed] = ["killed", "undisturbed"].map((name) =>
    mkdtempSync(join(tmpdir(), `signmix-${name}-`)),
  );
  const before = await run(killed, 2);
  assert.equal(before.reused, 0);
  const after = await run(killed);
  assert.ok(after.reused >= 2, `${after.reused} results were found after two had been stored`);
  await run(undisturbed);
  const files = canonicalFiles(undisturbed);
  assert.ok([...files.keys()].some((path) => path.endsWith("evaluate.jsonl")) && files.size >= 6);
  assert.deepEqual(canonicalFiles(killed), files);
});
