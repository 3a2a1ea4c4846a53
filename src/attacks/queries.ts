import { classifierRunner } from "../adapters/classifier-runner.js";
import { requireKind } from "../adapters/fit.js";
import type { AdapterConfig } from "../adapters/methods.js";
import type { Example } from "../domains/domain.js";
import type { Encoder } from "../encoder/encoder.js";
import type { HeadConfig } from "../encoder/heads.js";
import { encodeExamples } from "../training/examples.js";
import type { Classifier } from "./classifier.js";
import { rowBatches } from "./row-batches.js";

/** What a victim says about a text: the probability of each class. */
export type Answer = readonly number[];

/** The questions that one attack puts to one victim. */
export interface Questions {
  /**
   * Answers in the order of the texts, undefined for those that the budget no longer pays for. A text whose tokens were
   * asked about before is not asked again.
   */
  ask(texts: readonly Example[]): (Answer | undefined)[];
  /** Different texts that the victim was asked about so far. */
  readonly asked: number;
}

/** A kind of victim made ready, through one compiled function whatever adapter and head it has. */
export interface QueryRunner {
  /** @param budget most texts that may be asked about */
  begin(victim: Classifier, budget?: number): Questions;
}

export interface QueryOptions {
  batchSize: number;
  maxLength: number;
}

export function createQueryRunner(
  encoder: Encoder,
  plan: { adapter?: AdapterConfig; head: HeadConfig },
  { batchSize, maxLength }: QueryOptions,
): QueryRunner {
  const { padTokenId } = encoder.config;
  const runner = classifierRunner(encoder, plan);
  return {
    begin(victim, budget = Number.POSITIVE_INFINITY) {
      requireKind(encoder, plan, victim, "the attack");
      const answers = new Map<string, Answer>();
      return {
        ask(texts) {
          const encodings = encodeExamples(encoder, texts, maxLength);
          const keys = encodings.map(({ inputIds, tokenTypeIds }) => `${inputIds} ${tokenTypeIds}`);
          const fresh = new Map(keys.map((key, i) => [key, encodings[i]]));
          for (const key of answers.keys()) fresh.delete(key);
          const asked = [...fresh].slice(0, Math.max(0, budget - answers.size));
          const batches = rowBatches(
            asked.map(([, encoding]) => encoding),
            { batchSize, maxLength, padTokenId },
          );
          for (const { rows, batch } of batches) {
            const { data, shape } = runner.logits(victim, batch);
            rows.forEach((place, row) => {
              answers.set(asked[place][0], softmax(data.subarray(row * shape[1], (row + 1) * shape[1])));
            });
          }
          return keys.map((key) => answers.get(key));
        },
        get asked() {
          return answers.size;
        },
      };
    },
  };
}

function softmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  const top = Math.max(...values);
  const powers = values.map((logit) => Math.exp(logit - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
