import { createHead, type Head } from "../adapters/head.js";
import { type Domain, type Example, requireDomain, requireExamples } from "../domains/domain.js";
import { type Encoder, requireEncoder } from "../encoder/encoder.js";
import { checkOptions, requireOptions } from "../files/options.js";
import { type LoopOptions, loopOptionNames, type TrainingHistory } from "./loop-options.js";
import { accuracy } from "./metrics.js";
import { type TrainOptions, trainClassifier } from "./train.js";

/**
 * Accuracy of always answering the most frequent label of the training examples (the first of equals).
 */
export function majorityAccuracy(domain: Domain, examples: readonly Example[]): number {
  requireDomain(domain, "majorityAccuracy");
  requireExamples(examples, "majorityAccuracy");
  const counts = domain.labels.map((_, label) => domain.train.filter((example) => example.label === label).length);
  const answer = counts.indexOf(Math.max(...counts));
  return accuracy(
    examples.map(() => answer),
    examples.map(({ label }) => label),
  );
}

/**
 * The frozen probe: the same head, from the same start and by the same loop as `trainAdapter`, on the encoder without
 * any adapter.
 */
export async function trainProbe(
  encoder: Encoder,
  domain: Domain,
  options: LoopOptions & Pick<TrainOptions, "seed" | "head">,
): Promise<{ head: Head; history: TrainingHistory }> {
  requireEncoder(encoder, "trainProbe");
  requireDomain(domain, "trainProbe");
  requireOptions(options, "trainProbe", "seed");
  checkOptions(options, { ...loopOptionNames, seed: true, head: true }, "trainProbe");
  const { seed, head: config } = options;
  const head = createHead(encoder, domain.labels, { ...config, seed, name: domain.name });
  const trained = await trainClassifier(
    encoder,
    domain,
    { head },
    { ...options, orderSeed: options.orderSeed ?? seed },
  );
  return { head: trained.head, history: trained.history };
}
