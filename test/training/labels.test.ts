import assert from "node:assert/strict";
import { test } from "node:test";
import { createHead } from "#src/adapters/head.js";
import { createDomain, type Example } from "#src/domains/domain.js";
import { createRandom } from "#src/engine/random.js";
import { evaluate } from "#src/training/evaluate.js";
import { trainAdapter } from "#src/training/train.js";
import { sentenceDomain, tinyEncoder } from "../attacks/tiny-victim.js";

const encoder = tinyEncoder();
const domain = sentenceDomain();
const way = { method: "lora", seed: 1, steps: 1 } as const;

test("a label that the head has no class for is named, with its example", () => {
  const head = createHead(encoder, ["bad", "good"], { seed: 1 });
  for (const label of [-1, 2, 0.5, Number.NaN, undefined]) {
    const examples = [domain.test[0], { text: "good", label } as Example];
    const message = new RegExp(`Example 2 has label ${label}, but the head "head" has 2 classes \\(0 to 1\\)`);
    assert.throws(() => evaluate(encoder, { head }, examples), message);
  }
});

test("a seed is a text or a finite number, and steps have an end", async () => {
  for (const seed of [Number.NaN, Number.POSITIVE_INFINITY, undefined, null, {}]) {
    assert.throws(() => createRandom(seed as number), /A seed is a text or a finite number, not /);
    await assert.rejects(trainAdapter(encoder, domain, { ...way, seed: seed as number }), /A seed is a text/);
    assert.throws(() => createHead(encoder, ["a", "b"], { seed: seed as number }), /A seed is a text/);
  }
  await assert.rejects(
    trainAdapter(encoder, domain, { ...way, steps: 1e12 }),
    /of steps from 1 to 10000000, not 1000000000000/,
  );
});

test("a domain is made of texts, and of labels that are told apart", () => {
  const parts = {
    name: "mine",
    labels: ["no", "yes"],
    train: [{ text: "a", label: 0 }],
    dev: [],
    test: [],
    source: "",
  };
  const made = (change: object) => () => createDomain({ ...parts, ...change });
  assert.throws(made({ train: [{ text: undefined, label: 0 }] }), /train example 1: undefined is no text/);
  assert.throws(made({ train: [null] }), /train example 1: undefined is no text/);
  assert.throws(made({ train: [{ text: "a", textPair: 7, label: 0 }] }), /train example 1: 7 is no text/);
  assert.throws(made({ train: [{ text: "a", label: "0" }] }), /label "0" is not an index/);
  assert.throws(made({ labels: ["no", "no"] }), /has the label "no" twice/);
  assert.throws(made({ labels: ["no", 1] }), /has the label 1; labels are names/);
  assert.throws(made({ labels: "no" }), /needs a list of labels; "no" was given/);
  assert.throws(made({ dev: undefined }), /needs a list of examples as dev; nothing was given/);
});
