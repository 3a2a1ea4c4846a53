import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { cellDisplay, kernelIsStale } from "#src/display/kernel.js";
import { createProgress, formatSeconds } from "#src/display/progress.js";
import { show } from "#src/display/show.js";
import { figureText } from "#src/figures/figure-text.js";
import { figures } from "../figures/figures.js";

/** What a call prints on one of the console's streams. */
async function printed(stream: "stdout" | "stderr", call: () => unknown): Promise<string> {
  const original = process[stream].write;
  let text = "";
  process[stream].write = (chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  };
  try {
    await call();
  } finally {
    process[stream].write = original;
  }
  return text;
}

test("outside a kernel, tables and figures are shown as text", async () => {
  assert.equal(cellDisplay(), undefined);
  assert.match(await printed("stdout", () => show([{ a: 1 }])), /^a\n-\n1\n$/);
  assert.match(await printed("stdout", () => show(figures.line)), /^Figure: A title/);
  await assert.rejects(show("text" as never), /must be a figure/);
});

test("a figure's text names its title and series, unescaped", () => {
  const text = figureText(figures.line);
  assert.match(text, /^Figure: A title · profile smoke/);
  assert.match(text, /\[sst2, ag_news, authorship, financial, majority class\]$/);
});

test("progress in a terminal is a few plain lines on stderr", async () => {
  const text = await printed("stderr", () => {
    const progress = createProgress("training", 100);
    for (let done = 1; done <= 100; done++) progress.update(done, "sst2");
    progress.finish();
  });
  assert.match(text, /^training: 1 of 100 \(sst2\), 0 s, about \d+ s left\ntraining: 100 of 100\n$/);
  assert.deepEqual([5, 75, 3720].map(formatSeconds), ["5 s", "1 min 15 s", "1 h 2 min"]);
});

test("a kernel is stale once a compiled file is newer than it", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-dist-"));
  try {
    const file = path.join(folder, "index.js");
    writeFileSync(file, "");
    utimesSync(file, 1000, 1000); // seconds
    assert.equal(kernelIsStale(folder, 2_000_000), false); // milliseconds
    assert.equal(kernelIsStale(folder, 500_000), true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
