import type { Head } from "../adapters/head.js";
import type { Example } from "../domains/domain.js";
import { shownValue } from "../files/shown.js";

/**
 * Refuses examples whose label the head has no class for.
 *
 * @param first place of the first example, counted from 0
 * @throws naming the example and its label
 */
export function requireLabels(examples: readonly Pick<Example, "label">[], head: Head, first = 0): void {
  const classes = head.labels.length;
  const at = examples.findIndex(({ label }) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (at >= 0) {
    throw new Error(
      `Example ${first + at + 1} has label ${shownValue(examples[at].label)}, but the head "${head.name}" has ${classes} classes ` +
        `(0 to ${classes - 1}); give the examples of the head's own domain.`,
    );
  }
}
