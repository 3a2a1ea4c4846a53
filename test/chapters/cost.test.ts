import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { operationsOf, type Rates, readRates, secondsPerToken, UnitCost } from "#src/chapters/cost.js";
import type { Domain } from "#src/domains/domain.js";
import type { Unit } from "#src/results/unit.js";
import type { Study } from "#src/study/study.js";

const rates: Rates = {
  about: {},
  encoders: [
    { name: "large", layers: 12, width: 768, read: 2e-3, trained: 5e-3 },
    { name: "small", layers: 4, width: 192, read: 2e-5, trained: 6e-5 },
  ],
  fixed: { train: 1, evaluate: 0.5 },
};
const near = (found: number, wanted: number) =>
  assert.ok(Math.abs(found / wanted - 1) < 1e-9, `${found}, not ${wanted}`);

test("a token costs what was measured at a measured size, more at a larger one, and beyond them in proportion", () => {
  for (const { layers, width, read, trained } of rates.encoders) {
    const found = secondsPerToken(rates, { layers, width });
    near(found.read, read);
    near(found.trained, trained);
  }
  const between = secondsPerToken(rates, { layers: 6, width: 384 });
  assert.ok(between.read > 2e-5 && between.read < 2e-3);
  near(secondsPerToken(rates, { layers: 24, width: 768 }).read, 4e-3);
  near(secondsPerToken(rates, { layers: 2, width: 192 }).trained, 3e-5);
});

const text = "word ".repeat(9); // 10 parts between blanks: 16.5 tokens, padded to 20
const examples = (count: number) => Array.from({ length: count }, () => ({ text, label: 0 }));
const domain = { name: "sst2", train: examples(40), dev: examples(4), test: examples(6) } as unknown as Domain;
const study = {
  settings: { maxLength: 64 },
  encoder: { config: { layers: 4, hiddenSize: 192 } },
  domain: () => Promise.resolve(domain),
} as unknown as Study;
const cost = new UnitCost(study, rates);
const unit = (kind: string, settings: object): Unit => ({
  kind,
  settings: { domain: { name: "sst2" }, ...settings },
  code: "v1",
});

test("a unit reads the texts that it tests, and trains on its steps of batches, at their padded length", async () => {
  assert.deepEqual(await cost.work(unit("evaluate", {})), { read: 10 * 20, trained: 0 });
  assert.deepEqual(await cost.work(unit("prune", {})), { read: 6 * 20, trained: 0 });
  assert.deepEqual(await cost.work(unit("train", { steps: 3, batchSize: 8 })), { read: 200, trained: 3 * 8 * 20 });
  near(await cost.seconds(unit("train", { steps: 3, batchSize: 8 })), 1 + 200 * 2e-5 + 480 * 6e-5);
  near(await cost.seconds(unit("evaluate", {})), 0.5 + 200 * 2e-5);
});

test("the project's rates name encoders of several sizes, a larger one slower, and kinds of units", () => {
  const { encoders, fixed } = readRates();
  const sorted = [...encoders].sort((a, b) => a.layers * a.width ** 2 - b.layers * b.width ** 2);
  assert.ok(sorted.length >= 3);
  for (const [i, one] of sorted.entries()) {
    assert.ok(one.trained > one.read);
    if (i > 0) assert.ok(one.read > sorted[i - 1].read && one.trained > sorted[i - 1].trained);
  }
  for (const kind of ["baseline", "evaluate", "prune", "sparse-mixture", "layer-sparse", "fgsm", "text", "textfooler"])
    assert.ok(fixed[kind] >= 0, kind);
});

test("operations: a token read takes two for each of 12 weights by layer and width squared, one trained on twice as many", () => {
  assert.equal(operationsOf({ read: 1, trained: 0 }, { layers: 12, width: 768 }), 169_869_312);
  assert.equal(operationsOf({ read: 5, trained: 3 }, { layers: 1, width: 10 }), 24 * 100 * 11);
});

test("rates of other machines are read from a file, and one that holds none is refused by its name", (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-rates-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, "rates.json");
  writeFileSync(file, JSON.stringify(rates));
  assert.deepEqual(readRates(file), rates);
  for (const wrong of [{}, { ...rates, encoders: [] }, { ...rates, encoders: [{ layers: 1, width: 8, read: -1 }] }]) {
    writeFileSync(file, JSON.stringify(wrong));
    assert.throws(() => readRates(file), /rates\.json holds no rates of encoders; npm run bench -- --only cost makes/);
  }
});
