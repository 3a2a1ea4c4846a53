import type { Head } from "../adapters/head.js";
import type { Encoder } from "../encoder/encoder.js";
import type { NamedTensorData, TensorData } from "../engine/tensor-data.js";
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

/** How well predictions do, each measure by its name. */
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
  /** What is wrong with an example, as a message says it; undefined where it is whole. */
  problem(example: Example, outputs: readonly string[]): string | undefined;
  /** A new head, weights by seed. */
  head(encoder: Encoder, domain: TaskDomain<Example>, seed: string | number): Head;
  encode(encoder: Encoder, example: Example, maxLength: number): Encoded;
  /** What the examples of a batch should give, as the objective takes it. */
  targets(examples: readonly Example[], encoded: readonly Encoded[], time: number): NamedTensorData;
  /** The prediction for one row of the head's outputs. */
  read(outputs: TensorData, row: number, encoded: Encoded, example: Example): Prediction;
  scores(predictions: readonly Prediction[], examples: readonly Example[], outputs: readonly string[]): Scores;
}
