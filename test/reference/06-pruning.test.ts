import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { importAdapter } from "#src/adapters/folder.js";
import type { Head } from "#src/adapters/head.js";
import type { NamedTensorData } from "#src/engine/tensor-data.js";
import { readSafetensors } from "#src/files/safetensors.js";
import { type PruneOptions, pruneAdapter } from "#src/pruning/prune.js";
import { backendsUnderTest } from "../backends.js";
import { referenceClassifier } from "./classifier.js";
import { ourName } from "./library-names.js";
import { ErrorTable, sharedFolder } from "./vectors.js";

const errors = new ErrorTable("Case 06, torch.nn.utils.prune");
const logitsTolerance = 1e-5;

/** The case's modes in our words; its `layer` prunes each tensor on its own. */
const modes: Record<string, Omit<PruneOptions, "sparsity">> = {
  global: { scope: "global" },
  layer: { scope: "tensor" },
  global_bias: { scope: "global", biases: true },
};

const { folder: root, skip: noFolder } = sharedFolder("reference");

for (const family of ["bert", "roberta"] as const) {
  const files = noFolder ? [] : readdirSync(join(root, "06_pruning", family));
  const expected: NamedTensorData = Object.assign(
    {},
    ...files.map((file) => readSafetensors(join(root, "06_pruning", family, file)).tensors),
  );
  /** `<adapter>/<mode>/<sparsity>` */
  const runs = [...new Set(Object.keys(expected).map((key) => key.split("/").slice(0, 3).join("/")))];
  const prune = (run: string) => {
    const [name, mode, sparsity] = run.split("/");
    const { adapter, head } = importAdapter(join(root, "03_adapterhub", family, name));
    return { head: head as Head, ...pruneAdapter(adapter, { ...modes[mode], sparsity: Number(sparsity) }) };
  };

  describe(`case 06 ${family}`, { skip: noFolder }, () => {
    test("masks are equal", () => {
      assert.equal(runs.length, 34);
      for (const run of runs) {
        const { mask } = prune(run);
        const theirs = Object.keys(expected).filter((key) => key.startsWith(`${run}/mask/`));
        assert.equal(Object.keys(mask).length, theirs.length, run);
        for (const key of theirs) {
          errors.check("(host)", `${family} masks`, key, mask[ourName(key) as string], expected[key], 0);
        }
      }
    });

    for (const { name: backend, skip, use } of backendsUnderTest) {
      test(`logits on ${backend}`, { skip }, async () => {
        await use();
        const classifier = await referenceClassifier(root, family);
        for (const run of runs) {
          const { adapter, head } = prune(run);
          const logits = classifier.logits(adapter, head);
          errors.check(backend, `${family} logits`, run, logits, expected[`${run}/logits`], logitsTolerance);
        }
        classifier.dispose();
      });
    }
  });
}
