import type { Adapter } from "../adapters/adapter.js";
import type { Head } from "../adapters/head.js";
import type { Example } from "../domains/domain.js";
import type { Encoder } from "../encoder/encoder.js";
import { float32 } from "../engine/tensor-data.js";
import { createEvaluator, type EvaluateOptions, type Evaluation, evaluationOf } from "../training/evaluate.js";

/**
 * Adapters asked one after the other and their logits averaged, with one head: what averaging weights would spare. It costs
 * as many passes as there are adapters.
 *
 * @throws if there is no adapter or no example, or an adapter does not fit
 */
export function ensemble(
  encoder: Encoder,
  adapters: readonly Adapter[],
  head: Head,
  examples: readonly Example[],
  options: EvaluateOptions = {},
): Evaluation {
  if (adapters.length === 0) throw new Error("An ensemble needs at least one adapter.");
  const plan = { adapter: adapters[0].config, head: head.config };
  const evaluator = createEvaluator(encoder, examples, plan, options);
  const logits = float32([examples.length, head.labels.length]);
  for (const adapter of adapters) {
    const own = evaluator.run(adapter, head).logits.data;
    for (let i = 0; i < own.length; i++) logits.data[i] += own[i] / adapters.length;
  }
  return evaluationOf(
    logits,
    examples.map(({ label }) => label),
  );
}
