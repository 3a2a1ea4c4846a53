import type { Adapter, AdapterConfig } from "../adapters/adapter.js";
import { requireFit } from "../adapters/fit.js";
import type { Head } from "../adapters/head.js";
import type { Example } from "../domains/domain.js";
import type { Encoder } from "../encoder/encoder.js";
import type { HeadConfig } from "../encoder/heads.js";

/** An adapter (or none) with a head: what is attacked, or what an attack is made on. */
export interface Classifier {
  adapter?: Adapter;
  head: Head;
}

/**
 * @param first place of the first example, counted from 0
 * @throws naming the example and its label, if the head has no such class
 */
export function requireLabels(examples: readonly Example[], head: Head, first = 0): void {
  const classes = head.labels.length;
  const at = examples.findIndex(({ label }) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (at >= 0) {
    throw new Error(
      `Example ${first + at + 1} has label ${examples[at].label}, but the head "${head.name}" has ${classes} classes ` +
        `(0 to ${classes - 1}); give the examples of the head's own domain.`,
    );
  }
}

/** @throws if a classifier is of another kind than an attack was made for, or of another encoder */
export function requireKind(
  encoder: Encoder,
  plan: { adapter?: AdapterConfig; head: HeadConfig },
  { adapter, head }: Classifier,
): void {
  if (adapter) requireFit(adapter, encoder);
  // The initialisation does not run, so it may differ.
  const running = (config: object | undefined) => JSON.stringify({ ...config, initialisation: undefined });
  if (running(adapter?.config) !== running(plan.adapter)) {
    throw new Error(`The adapter "${adapter?.name}" is of another configuration than the attack was made for.`);
  }
  if (JSON.stringify(head.config) !== JSON.stringify(plan.head)) {
    throw new Error(`The head "${head.name}" is of another kind than the attack was made for.`);
  }
}
