import { classifierTensors, requireClassifier, requirePlan } from "../adapters/classify.js";
import { requireKind } from "../adapters/fit.js";
import type { AdapterConfig } from "../adapters/methods.js";
import { type Example, requireExamples } from "../domains/domain.js";
import { type Encoder, requireEncoder } from "../encoder/encoder.js";
import type { HeadConfig } from "../encoder/heads.js";
import { float32, int32, type TensorData } from "../engine/tensor-data.js";
import { requireOptions } from "../files/options.js";
import { batchesByLength, type ExampleBatch } from "../text/batching.js";
import type { Encoding } from "../text/tokenizer.js";
import { type Evaluation, evaluationOf } from "../training/evaluate.js";
import { encodeExamples } from "../training/examples.js";
import { requireLabels } from "../training/require-labels.js";
import type { Classifier } from "./classifier.js";
import { createFgsmStep } from "./fgsm-step.js";

/** How FGSM attacks. */
export interface FgsmOptions {
  /** One strength or several; 0 is clean text. Default 0.05, 0.1, 0.2, 0.5 and 1. */
  epsilon?: number | readonly number[];
  /**
   * What ε counts in: `rms` (default), the root mean square of the word-embedding table, so that one ε means the same for
   * every encoder; or `absolute`, the numbers of the table as they are.
   */
  unit?: "rms" | "absolute";
  /** Whether the special tokens around the texts are perturbed too. Default false. */
  specialTokens?: boolean;
  /** Default 32. */
  batchSize?: number;
  /** Most tokens of a text, or pair, special ones included. Default 128. */
  maxLength?: number;
}

/** What one strength of the attack left. */
export interface FgsmResult extends Evaluation {
  epsilon: number;
  /** Length of the step in the numbers of the embedding table. */
  step: number;
}

/** Examples made ready once, to be attacked through any number of adapters and heads of one kind. */
export interface FgsmAttack {
  /**
   * Attacks a classifier.
   * @param source whose gradients are followed; by default the victim's own (white-box), else a transferred attack
   * @returns one result for each ε, in the order given
   */
  run(victim: Classifier, source?: Classifier): FgsmResult[];
  /** Frees the compiled functions. */
  dispose(): void;
}

/**
 * Prepares examples for FGSM: e + ε · sign(∇ₑ loss) on the word-embedding output, before positions and segments are added
 * (Goodfellow et al. 2015, section 4). The gradient is taken once a batch, whatever the number of strengths.
 *
 * @param plan the kind of adapter and head that will be attacked
 * @throws if an ε is negative, an example's label is out of range, or there is no example
 */
export function createFgsm(
  encoder: Encoder,
  examples: readonly Example[],
  plan: { adapter?: AdapterConfig; head: HeadConfig },
  options: FgsmOptions = {},
): FgsmAttack {
  requireEncoder(encoder, "createFgsm");
  requireExamples(examples, "createFgsm");
  requirePlan(plan, "createFgsm");
  requireOptions(options, "createFgsm", "epsilon");
  if (examples.length === 0) throw new Error("FGSM needs at least one example.");
  const { epsilon = [0.05, 0.1, 0.2, 0.5, 1], unit = "rms", specialTokens = false } = options;
  const { batchSize = 32, maxLength = 128 } = options;
  const epsilons = typeof epsilon === "number" ? [epsilon] : epsilon;
  const wrong = epsilons.find((value) => !(value >= 0 && Number.isFinite(value)));
  if (wrong !== undefined) throw new Error(`ε is ${wrong}; give a number, 0 or more.`);
  const scale = unit === "rms" ? embeddingScale(encoder) : 1;
  const encodings = encodeExamples(encoder, examples, maxLength);
  const batches = batchesByLength(encodings, { batchSize, maxLength, padTokenId: encoder.config.padTokenId });
  const step = createFgsmStep({ encoder, ...plan });
  const labels = examples.map(({ label }) => label);
  return {
    run(victim, source = victim) {
      const classes = victim.head.labels.length;
      for (const classifier of [victim, source]) {
        requireKind(encoder, plan, classifier, "the attack");
        requireLabels(examples, classifier.head);
      }
      const own = classifierTensors(victim.adapter, victim.head);
      const theirs = classifierTensors(source.adapter, source.head);
      const logits = epsilons.map(() => float32([examples.length, classes]));
      for (const { rows, batch } of batches) {
        const rowOf = (row: number) => rows[Math.min(row, rows.length - 1)];
        const batchLabels = int32(
          [batchSize],
          Int32Array.from({ length: batchSize }, (_, row) => labels[rowOf(row)]),
        );
        const perturb = perturbMask({ rows, batch }, encodings, specialTokens);
        const direction = step.direction(theirs, batch, batchLabels, perturb);
        for (const [i, value] of epsilons.entries()) {
          const part = step.logits(own, batch, direction, value * scale).data;
          rows.forEach((example, row) => {
            logits[i].data.set(part.subarray(row * classes, (row + 1) * classes), example * classes);
          });
        }
      }
      return epsilons.map((value, i) => ({ epsilon: value, step: value * scale, ...evaluationOf(logits[i], labels) }));
    },
    dispose: () => step.dispose(),
  };
}

/**
 * Attacks a classifier with FGSM (see {@link createFgsm}).
 * @param options.source whose gradients are followed; the victim's own where it is left out
 */
export function fgsm(
  encoder: Encoder,
  victim: Classifier,
  examples: readonly Example[],
  options: FgsmOptions & { source?: Classifier } = {},
): FgsmResult[] {
  requireClassifier(victim, "fgsm");
  requireOptions(options, "fgsm", "epsilon");
  const attack = createFgsm(encoder, examples, { adapter: victim.adapter?.config, head: victim.head.config }, options);
  try {
    return attack.run(victim, options.source);
  } finally {
    attack.dispose();
  }
}

/** √(mean w²) of the word-embedding table: the unit of ε. */
export function embeddingScale(encoder: Encoder): number {
  const { data } = encoder.weights["embeddings.word_embeddings.weight"];
  let squares = 0;
  for (const weight of data) squares += weight * weight;
  return Math.sqrt(squares / data.length);
}

/** 1 for each token that may be perturbed. [batch, time] */
function perturbMask(
  { rows, batch }: ExampleBatch,
  encodings: readonly Encoding[],
  specialTokens: boolean,
): TensorData {
  const [count, time] = batch.inputIds.shape;
  const mask = int32([count, time], Int32Array.from(batch.attentionMask.data));
  if (specialTokens) return mask;
  for (let row = 0; row < count; row++) {
    const special = encodings[rows[Math.min(row, rows.length - 1)]].specialTokensMask;
    for (const [token, isSpecial] of special.entries()) if (isSpecial) mask.data[row * time + token] = 0;
  }
  return mask;
}
