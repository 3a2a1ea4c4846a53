import type * as tf from "@tensorflow/tfjs";
import type { Encoder } from "../encoder/encoder.js";
import type { TokenTensors } from "../encoder/forward.js";
import { classificationLogits, type HeadConfig, headInput, under } from "../encoder/heads.js";
import type { LayerHooks } from "../encoder/hooks.js";
import type { NamedTensorData, NamedTensors } from "../engine/tensor-data.js";
import { hasFields, refuseArgument } from "../files/arguments.js";
import { type Adapter, requireAdapter } from "./adapter.js";
import { hooksOf } from "./create.js";
import { type Head, requireHead } from "./head.js";
import type { AdapterConfig } from "./methods.js";

/** What a classifier is made of, without its trained numbers. */
export interface ClassifierPlan {
  encoder: Encoder;
  /** Absent for a head on the frozen encoder. */
  adapter?: AdapterConfig;
  head: HeadConfig;
}

/** What may be done to a classifier on the way from tokens to logits. */
export interface ClassifyOptions {
  /** Changes the word embeddings, for attacks. [batch, time, hidden] */
  wordEmbeddings?: LayerHooks["wordEmbeddings"];
  /** Multiplies what the head reads, for dropout. [batch, hidden] */
  headMask?: tf.Tensor;
}

/**
 * Logits of an encoder with an adapter and a head.
 *
 * @param tensors the trained numbers: `adapter.<name>` and `head.<name>`
 * @returns [batch, classes]
 */
export function classify(
  plan: ClassifierPlan,
  tensors: NamedTensors,
  batch: TokenTensors,
  options: ClassifyOptions = {},
): tf.Tensor {
  const read = features(plan, under(tensors, "adapter"), batch, options); // [batch, hidden]
  return classificationLogits(under(tensors, "head"), plan.head, options.headMask ? read.mul(options.headMask) : read);
}

/**
 * What the head reads of an encoder with an adapter.
 *
 * @param tensors the adapter's numbers, by their names
 * @returns [batch, hidden]
 */
export function features(
  plan: ClassifierPlan,
  tensors: NamedTensors,
  batch: TokenTensors,
  options: Pick<ClassifyOptions, "wordEmbeddings"> = {},
): tf.Tensor {
  const hooks: LayerHooks = plan.adapter ? hooksOf(plan.adapter, tensors) : {};
  const output = plan.encoder.forward(batch, {
    adapter: options.wordEmbeddings ? { ...hooks, wordEmbeddings: options.wordEmbeddings } : hooks,
    firstTokenOnly: true,
  });
  return headInput(plan.head, output);
}

/** Refuses what is no classifier: a head, and an adapter where one is given. */
export function requireClassifier(value: unknown, whose: string): void {
  if (!hasFields(value, {})) refuseArgument(value, `${whose} takes a classifier { adapter, head }, second`);
  const { adapter, head } = value as Partial<Record<"adapter" | "head", unknown>>;
  if (adapter !== undefined) requireAdapter(adapter, `${whose} (its classifier's adapter)`);
  requireHead(head, `${whose} (its classifier's head)`);
}

/** Refuses what is no kind of classifier: the configuration of a head, and of an adapter where one is given. */
export function requirePlan(value: unknown, whose: string): void {
  const takes = `${whose} takes the kind of classifier, { adapter: adapter.config, head: head.config }`;
  if (!hasFields(value, { head: "object" })) refuseArgument(value, takes);
  const { adapter, head } = value as Partial<Record<"adapter" | "head", unknown>>;
  if (!hasFields(head, { input: "text" })) refuseArgument(head, `${takes}; as head`);
  if (adapter !== undefined && !hasFields(adapter, { method: "text" })) refuseArgument(adapter, `${takes}; as adapter`);
}

/** An adapter's and a head's numbers under the names that `classify` takes. */
export function classifierTensors(adapter: Adapter | undefined, head: Head): NamedTensorData {
  const named = (prefix: string, tensors: NamedTensorData) =>
    Object.entries(tensors).map(([name, tensor]) => [`${prefix}.${name}`, tensor]);
  return Object.fromEntries([...named("adapter", adapter?.tensors ?? {}), ...named("head", head.tensors)]);
}
