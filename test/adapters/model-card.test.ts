import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { exportAdapter, importAdapter } from "#src/adapters/folder.js";
import { modelCard, writeModelCard } from "#src/adapters/model-card.js";
import { trainedAdapter } from "../signs/small-adapters.js";

const folder = mkdtempSync(join(tmpdir(), "signmix-card-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const lora = trainedAdapter("lora", "remarks");
const adapter = { ...lora, base: { ...lora.base, encoder: "owner/some-bert" } };

test("the head of a card is what hubs read: base model, licence, library, tags", () => {
  const card = modelCard({ adapter }, "peft", { license: "cc-by-4.0", language: "en" });
  const [, head] = card.split("---\n");
  assert.match(head, /^base_model: "owner\/some-bert"$/m);
  assert.match(head, /^license: "cc-by-4.0"$/m);
  assert.match(head, /^language: "en"$/m);
  assert.match(head, /^library_name: peft$/m);
  assert.match(head, /^- "lora"$/m);
  assert.match(modelCard({ adapter }, "adapterhub"), /^library_name: adapter-transformers$/m);
  assert.match(modelCard({ adapter }, "signmix"), /^license: "unknown"$/m);
  assert.doesNotMatch(modelCard({ adapter }, "signmix"), /library_name/);
});

test("names that a file brought make no markup of their own, and sentences are not cut", () => {
  const name = 'x"\n---\n# <script>alert(1)</script>';
  const long = "word ".repeat(100).trim();
  const card = modelCard({ adapter: { ...adapter, name } }, "signmix", {
    notes: [long],
    mixedFrom: ["a", "b"],
    data: { name, source: "t.csv", train: 3, dev: 2, test: 1, hash: "00" },
    settings: { "a|b": "c|d" },
  });
  assert.doesNotMatch(card, /<script>/);
  assert.equal(card.match(/^---$/gm)?.length, 2);
  assert.ok(card.includes(long));
  assert.ok(card.includes("a\\|b | c\\|d"));
});

test("a card in an adapter's folder leaves it as it was read", () => {
  const place = join(folder, "one");
  exportAdapter(adapter, place, "peft");
  writeModelCard(place, modelCard({ adapter }, "peft"));
  assert.match(readFileSync(join(place, "README.md"), "utf8"), /^---\nbase_model/);
  assert.deepEqual(Object.keys(importAdapter(place).adapter.tensors), Object.keys(adapter.tensors));
});
