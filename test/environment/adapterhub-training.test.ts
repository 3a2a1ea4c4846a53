import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const python = process.env.SIGNMIX_TORCH_PYTHON;

interface Found {
  averageError: number;
  allowed: { loss: number; average: number };
  domains: { name: string; lossError: number; losses: { first: number }; averagePredictions: number; rows: number }[];
}

/** What must hold of a comparison, run or recorded. */
function check({ domains, averageError, allowed }: Found): void {
  for (const { name, lossError, losses, averagePredictions } of domains) {
    assert.ok(losses.first > 0.3 && lossError <= allowed.loss, `${name}: ${lossError}`);
    assert.equal(averagePredictions, 0, name);
  }
  assert.ok(averageError <= allowed.average);
}

test("training step by step, and averages, are those of AdapterHub's library", {
  skip: python ? false : "needs SIGNMIX_TORCH_PYTHON, a Python with torch, transformers and adapters",
}, () => {
  const out = mkdtempSync(join(tmpdir(), "signmix-adapterhub-"));
  try {
    const script = join(root, "environment", "checks", "adapterhub-training.mjs");
    const few = ["--domains", "sst2,financial", "--steps", "5", "--test-rows", "40", "--out", out];
    execFileSync(process.execPath, [script, ...few], { stdio: "pipe" });
    const found = JSON.parse(readFileSync(join(out, "adapterhub-training.json"), "utf8")) as Found;
    assert.deepEqual(
      found.domains.map(({ name, rows }) => [name, rows]),
      [
        ["sst2", 40],
        ["financial", 40],
      ],
    );
    check(found);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

test("the recorded comparison on a published encoder and real texts is within what is allowed", () => {
  const file = join(root, "environment", "checks", "adapterhub-training.json");
  const found = JSON.parse(readFileSync(file, "utf8")) as Found & { encoder: string; texts: string; steps: number };
  assert.deepEqual([found.encoder, found.texts, found.steps], ["all-MiniLM-L6-v2", "real", 50]);
  assert.equal(found.domains.length, 3);
  check(found);
});
