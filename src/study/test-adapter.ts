import type { Adapter } from "../adapters/adapter.js";
import type { Head } from "../adapters/head.js";
import { verdicts } from "../chapters/train/train-unit.js";
import type { Domain } from "../domains/domain.js";
import { createEvaluator, type Evaluator } from "../training/evaluate.js";
import type { Study } from "./study.js";

/** Which examples an adapter is tested on. What is chosen on dev needs both; what is only measured needs the test ones. */
export type TestSplit = "test" | "devAndTest";

const evaluators = new Map<string, Evaluator>();

/** Tests an adapter with a domain's own head; evaluators are made once for each domain and kind of adapter. */
export function testAdapter(
  study: Study,
  domain: Domain,
  adapter: Adapter,
  head: Head,
  settings: { split: TestSplit; batchSize: number; maxLength: number },
): ReturnType<typeof verdicts> {
  const { split, batchSize, maxLength } = settings;
  const dev = split === "devAndTest" ? domain.dev : [];
  const examples = [...dev, ...domain.test];
  const plan = { adapter: adapter.config, head: head.config };
  const key = JSON.stringify([study.encoder.hash, domain.hash, plan, split, batchSize, maxLength]);
  let evaluator = evaluators.get(key);
  if (!evaluator) {
    evaluator = createEvaluator(study.encoder, examples, plan, { batchSize, maxLength });
    evaluators.set(key, evaluator);
  }
  const { predictions } = evaluator.run(adapter, head);
  const correct = examples.map(({ label }, i) => predictions[i] === label);
  return verdicts(correct, dev.length);
}
