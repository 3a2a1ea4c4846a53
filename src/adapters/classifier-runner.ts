import type { Encoder } from "../encoder/encoder.js";
import { classificationLogits, type HeadConfig, under } from "../encoder/heads.js";
import { compile } from "../engine/compile.js";
import type { NamedTensorData, TensorData } from "../engine/tensor-data.js";
import type { Adapter } from "./adapter.js";
import { features } from "./classify.js";
import type { Head } from "./head.js";
import type { AdapterConfig } from "./methods.js";

/** The inputs of a forward pass that hold one row for each text. */
export const tokenInputs = ["inputIds", "attentionMask", "tokenTypeIds"] as const;

/** A kind of classifier on an encoder, ready to run with the numbers of any adapter and head of that kind. */
export interface ClassifierRunner {
  /** What the head reads of a batch of tokens. [batch, hidden] */
  features(adapter: Adapter | undefined, batch: NamedTensorData): TensorData;
  /** Logits of a batch of tokens. [batch, classes] */
  logits(classifier: { adapter?: Adapter; head: Head }, batch: NamedTensorData): TensorData;
}

/**
 * Makes a kind of classifier ready. The functions behind it are compiled once for an encoder, a kind of adapter and a shape
 * of batch, and stay with the encoder: the head is a function of its own, so that domains of 2 and of 5 classes share the rest.
 *
 * @param options.repeated whether the same texts come again with other adapters: what no adapter acts on is then kept
 */
export function classifierRunner(
  encoder: Encoder,
  plan: { adapter?: AdapterConfig; head: HeadConfig },
  options: { repeated?: boolean } = {},
): ClassifierRunner {
  const { adapter, head } = plan;
  const repeatedRows = options.repeated ? tokenInputs : [];
  const body = encoder.compiled(JSON.stringify(["features", adapter, head.input, repeatedRows]), () =>
    compile(
      (inputs) => ({
        features: features({ encoder, adapter, head }, under(inputs, "adapter"), {
          inputIds: inputs.inputIds,
          attentionMask: inputs.attentionMask,
          tokenTypeIds: inputs.tokenTypeIds,
        }),
      }),
      { independentRows: tokenInputs, repeatedRows },
    ),
  );
  const top = encoder.compiled(JSON.stringify(["head", head.layers, head.activation]), () =>
    compile((inputs) => ({ logits: classificationLogits(under(inputs, "head"), head, inputs.features) })),
  );
  const read = (adapter: Adapter | undefined, batch: NamedTensorData) =>
    body.run({ ...named("adapter", adapter?.tensors ?? {}), ...batch });
  return {
    features: (adapter, batch) => read(adapter, batch).features,
    logits(classifier, batch) {
      return top.run({ ...named("head", classifier.head.tensors), ...read(classifier.adapter, batch) }).logits;
    },
  };
}

function named(prefix: string, tensors: NamedTensorData): NamedTensorData {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}.${name}`, tensor]));
}
