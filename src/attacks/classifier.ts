import type { Adapter } from "../adapters/adapter.js";
import type { Head } from "../adapters/head.js";
import type { Example } from "../domains/domain.js";

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
