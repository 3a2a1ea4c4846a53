import { createHash } from "node:crypto";
import type { Head } from "../adapters/head.js";
import { type SplitName, splitNames } from "../domains/domain.js";
import type { Encoder } from "../encoder/encoder.js";
import type { NamedTensorData, TensorData } from "../engine/tensor-data.js";
import { hasFields, refuseArgument } from "../files/arguments.js";
import type { Encoding } from "../text/tokenizer.js";
import type { Objective } from "../training/objective.js";

/** Examples of a task that is no classification of texts, in three parts. */
export interface TaskDomain<Example = unknown> {
  name: string;
  /** The task's name: `regression` or `tagging`. */
  task: string;
  /** Names of the head's outputs: the tags, or the one score. */
  outputs: string[];
  train: Example[];
  dev: Example[];
  test: Example[];
  /** Where the examples come from. */
  source: string;
  /** SHA-256 of outputs and examples. */
  hash: string;
}

/** How well predictions do, each measure by its name; the first is the one that counts. */
export type Scores = Record<string, number>;

/** An encoded example. */
export interface Encoded extends Encoding {
  /** Of a text in words: the place of each word's first token; words that were cut off have none. */
  firstTokens?: number[];
}

/** A kind of task: what its head gives, what training makes small, and how well it does. */
export interface Task<Example, Prediction> {
  name: string;
  /** The measure that counts, a share in [0, 1] or a correlation. */
  measure: string;
  objective: Objective;
  /** A new head, weights by seed. */
  head(encoder: Encoder, domain: TaskDomain<Example>, seed: string | number): Head;
  encode(encoder: Encoder, example: Example, maxLength: number): Encoded;
  /** What the examples of a batch should give, as the objective takes it. */
  targets(examples: readonly Example[], encoded: readonly Encoded[], time: number): NamedTensorData;
  /** The prediction for one row of the head's outputs. */
  read(outputs: TensorData, row: number, encoded: Encoded, example: Example): Prediction;
  /** @throws if there are none */
  scores(predictions: readonly Prediction[], examples: readonly Example[], outputs: readonly string[]): Scores;
}

/** A domain of its parts, with its hash. @throws naming a part without examples */
export function taskDomain<Example>(parts: Omit<TaskDomain<Example>, "hash">): TaskDomain<Example> {
  const hash = createHash("sha256").update(JSON.stringify([parts.task, parts.outputs]));
  for (const split of splitNames) {
    if (parts[split].length === 0) throw new Error(`The domain "${parts.name}" has no ${split} examples.`);
    for (const example of parts[split]) hash.update(JSON.stringify([split, example] satisfies [SplitName, Example]));
  }
  return { ...parts, hash: hash.digest("hex") };
}

/** Refuses what is no domain of a task. */
export function requireTaskDomain(value: unknown, whose: string): void {
  const fields = { name: "text", task: "text", outputs: "list", train: "list", dev: "list", test: "list" } as const;
  if (hasFields(value, fields)) return;
  refuseArgument(value, `${whose} takes a domain of a task, as generateTask or scoredFromTable give it (await them)`);
}
