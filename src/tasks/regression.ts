import tf = require("@tensorflow/tfjs");

import { mean, sampleCorrelation, sampleRankCorrelation } from "simple-statistics";
import { createHead } from "../adapters/head.js";
import { float32 } from "../engine/tensor-data.js";
import { hasFields } from "../files/arguments.js";
import { shownValue } from "../files/shown.js";
import { encodeExamples } from "../training/examples.js";
import { classification } from "../training/objective.js";
import type { Task } from "./task.js";

/** A text, or a pair, with a number that is to be foretold. */
export interface ScoredExample {
  text: string;
  textPair?: string;
  score: number;
}

/**
 * A number for each text or pair, such as how alike two sentences are: a head with one output on the first token, squared
 * error. Measured by Spearman's and Pearson's correlation, as GLUE does for STS-B (Wang et al. 2018).
 */
export const regression: Task<ScoredExample, number> = {
  name: "regression",
  measure: "spearman",
  objective: {
    ...{ name: "regression", targets: ["scores"], outputs: classification.outputs },
    losses: (outputs, { scores }) => tf.squaredDifference(tf.reshape(outputs, [-1]), scores), // (ŷ − y)² [batch]
    count: ({ scores }) => scores.shape[0],
  },
  problem(example) {
    if (!hasFields(example, { text: "text" })) return `${shownValue(example)} has no text`;
    if (typeof example.score === "number" && Number.isFinite(example.score)) return undefined;
    return `the score is ${shownValue(example.score)}, not a finite number`;
  },
  head(encoder, { name, outputs, train }, seed) {
    const head = createHead(encoder, outputs, { seed, name });
    // It begins at the mean, which is what a head that reads nothing does best at.
    const bias = float32([1], Float32Array.of(mean(train.map(({ score }) => score))));
    return { ...head, tensors: { ...head.tensors, "out.bias": bias } };
  },
  encode(encoder, { text, textPair }, maxLength) {
    return encodeExamples(encoder, [{ text, ...(textPair !== undefined && { textPair }), label: 0 }], maxLength)[0];
  },
  targets: (examples) => ({
    scores: float32(
      [examples.length],
      Float32Array.from(examples, ({ score }) => score),
    ),
  }),
  read: ({ data }, row) => data[row],
  scores(predictions, examples) {
    const wanted = examples.map(({ score }) => score);
    return {
      spearman: finiteOr0(sampleRankCorrelation([...predictions], wanted)),
      pearson: finiteOr0(sampleCorrelation([...predictions], wanted)),
    };
  },
};

/** A prediction that is the same for all has no correlation, and orders nothing. */
const finiteOr0 = (value: number) => (Number.isFinite(value) ? value : 0);
