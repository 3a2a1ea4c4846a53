import type { Adapter } from "../adapters/adapter.js";
import type { Head } from "../adapters/head.js";
import type { Domain } from "../domains/domain.js";
import { createEvaluator } from "../training/evaluate.js";
import { kept } from "./kept.js";
import type { Study } from "./study.js";
import { type Verdicts, verdicts } from "./verdicts.js";

/** Which examples an adapter is tested on. What is chosen on dev needs both; what is only measured needs the test ones. */
export type TestSplit = "test" | "devAndTest";

/** Tests an adapter, or none, with a domain's own head; evaluators are made once for each domain and kind of adapter. */
export async function testAdapter(
  study: Study,
  domain: Domain,
  adapter: Adapter | undefined,
  head: Head,
  { split, batchSize, maxLength }: { split: TestSplit; batchSize: number; maxLength: number },
): Promise<Verdicts> {
  const dev = split === "devAndTest" ? domain.dev : [];
  const examples = [...dev, ...domain.test];
  const plan = { adapter: adapter?.config, head: head.config };
  const parts = ["test", study.encoder.hash, domain.hash, JSON.stringify(plan), split, batchSize, maxLength];
  const evaluator = await kept(parts, () => createEvaluator(study.encoder, examples, plan, { batchSize, maxLength }));
  const { predictions } = evaluator.run(adapter, head);
  return verdicts(
    examples.map(({ label }, i) => predictions[i] === label),
    dev.length,
  );
}
