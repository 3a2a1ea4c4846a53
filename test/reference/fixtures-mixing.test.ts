import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { classifierTensors } from "#src/adapters/classify.js";
import { importAdapter } from "#src/adapters/folder.js";
import { checkpointHead, type Head } from "#src/adapters/head.js";
import { mergeAdapter } from "#src/adapters/merge.js";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import { readSafetensors } from "#src/files/safetensors.js";
import { pruneAdapter } from "#src/pruning/prune.js";
import { backendsUnderTest } from "../backends.js";
import { logitsAndLoss } from "./computations.js";
import { ourName } from "./library-names.js";
import { PeftMixtures } from "./peft-mixtures.js";
import { ErrorTable, readInputs } from "./vectors.js";

const errors = new ErrorTable("Committed vectors of PEFT's add_weighted_adapter and torch.nn.utils.prune");

const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const folder = join(project, "test", "fixtures", "reference");
const expected = readSafetensors(join(folder, "peft", "expected.safetensors")).tensors;
const mixtures = new PeftMixtures(join(folder, "peft"), expected, 0.5);

describe("committed mixtures of PEFT", () => {
  test("there are 23", () => {
    assert.equal(mixtures.merges.length, 23);
  });
  for (const merge of mixtures.merges) {
    test(`${merge}: factors, or products where factors are not unique`, () => mixtures.compare(merge, errors));
  }
});

for (const { name: backend, skip, use } of backendsUnderTest) {
  test(`committed mixtures of PEFT: logits on ${backend}`, { skip }, async () => {
    await use();
    const encoder = await loadEncoder(join(folder, "bert", "model_seqcls"));
    const head = checkpointHead(encoder) as Head;
    const { mlmLabels: _, ...batch } = readInputs(join(folder, "bert"));
    for (const merge of mixtures.merges) {
      const mixture = mixtures.mixtureOf(merge);
      const wanted = expected[`${merge}/logits`];
      const plan = { encoder, adapter: mixture.config, head: head.config };
      const apart = logitsAndLoss(plan, classifierTensors(mixture, head), batch).logits;
      errors.check(backend, "logits", merge, apart, wanted, 3e-5);
      if (!merge.includes("/linear/")) continue;
      const merged = mergeAdapter(encoder, mixture);
      const parameters = classifierTensors(undefined, head);
      const whole = logitsAndLoss({ encoder: merged, head: head.config }, parameters, batch).logits;
      errors.check(backend, "logits of the merged", merge, whole, wanted, 3e-5);
      merged.dispose();
    }
    encoder.dispose();
  });
}

test("committed keep-masks of torch.nn.utils.prune are equal", () => {
  const masks = readSafetensors(join(folder, "pruning.safetensors")).tensors;
  const runs = [...new Set(Object.keys(masks).map((key) => key.split("/").slice(0, 3).join("/")))];
  assert.equal(runs.length, 12);
  for (const run of runs) {
    const [name, scope, sparsity] = run.split("/");
    const { adapter } = importAdapter(join(folder, "bert", name));
    const { mask } = pruneAdapter(adapter, { scope: scope as "global" | "tensor", sparsity: Number(sparsity) });
    const theirs = Object.keys(masks).filter((key) => key.startsWith(`${run}/`));
    assert.equal(Object.keys(mask).length, theirs.length, run);
    for (const key of theirs) errors.check("(host)", `${name} masks`, key, mask[ourName(key) as string], masks[key], 0);
  }
});
