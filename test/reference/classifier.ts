import { join } from "node:path";
import type { Adapter } from "#src/adapters/adapter.js";
import { classifierTensors, classify } from "#src/adapters/classify.js";
import type { Head } from "#src/adapters/head.js";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import { under } from "#src/encoder/heads.js";
import { compile } from "#src/engine/compile.js";
import type { NamedTensorData, TensorData } from "#src/engine/tensor-data.js";
import { readInputs } from "./vectors.js";

const FOLDERS = { bert: "01_bert_tiny_random", roberta: "02_roberta_tiny_random" };

/** Logits of adapters and heads on a reference encoder and its inputs, on the active backend. */
export interface ReferenceClassifier {
  logits(adapter: Adapter, head: Head): TensorData;
  dispose(): void;
}

/** The tiny encoder of case 01 or 02, ready to classify that case's inputs. */
export async function referenceClassifier(root: string, family: "bert" | "roberta"): Promise<ReferenceClassifier> {
  const folder = join(root, FOLDERS[family]);
  const encoder = await loadEncoder(join(folder, "model_seqcls"));
  const { inputIds, attentionMask, tokenTypeIds } = readInputs(folder);
  const batch: NamedTensorData = { inputIds, attentionMask, ...(tokenTypeIds && { tokenTypeIds }) };
  const compiled = new Map<string, ReturnType<typeof compile>>();
  return {
    logits(adapter, head) {
      const key = JSON.stringify([adapter.config, head.config]);
      const plan = { encoder, adapter: adapter.config, head: head.config };
      const run =
        compiled.get(key) ??
        compile(({ inputIds: ids, attentionMask: mask, tokenTypeIds: types, ...tensors }) => ({
          logits: classify(plan, under(tensors, "trained"), {
            inputIds: ids,
            attentionMask: mask,
            tokenTypeIds: types,
          } as Parameters<typeof classify>[2]),
        }));
      compiled.set(key, run);
      const trained = Object.entries(classifierTensors(adapter, head)).map(([name, value]) => [
        `trained.${name}`,
        value,
      ]);
      return run.run({ ...Object.fromEntries(trained), ...batch }).logits;
    },
    dispose() {
      for (const { dispose } of compiled.values()) dispose();
      encoder.dispose();
    },
  };
}
