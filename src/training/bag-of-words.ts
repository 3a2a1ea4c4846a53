import type { Domain, Example } from "../domains/domain.js";
import { float32, type TensorData } from "../engine/tensor-data.js";
import { type Evaluation, evaluationOf } from "./evaluate.js";

/** A classifier of words and word pairs, the baseline that knows no order beyond neighbours and no language. */
export interface BagOfWords {
  evaluate(examples: readonly Example[]): Evaluation;
  /** Number of words and word pairs that it knows. */
  features: number;
  /** The inverse strength of regularisation C, chosen on the dev examples. */
  chosenC: number;
}

/** Settings of the baseline. */
export interface BagOfWordsOptions {
  /** Values of C to choose from on the dev examples; the middle one without dev examples. Default 1, 10, 100. */
  cs?: number[];
  /** Least number of training texts that a word or word pair must occur in. Default 2. */
  minCount?: number;
  /** Steps of the optimiser. Default 300. */
  iterations?: number;
}

/** One text as positions and values of its non-zero features. */
interface SparseRow {
  columns: number[];
  values: number[];
}

/**
 * Trains multinomial logistic regression on tf-idf of words and word pairs (the words of a second text count apart).
 * Rows have length 1; idf = ln((1 + n)/(1 + df)) + 1; minimised is mean cross-entropy + ‖W‖²/(2Cn), by Nesterov's
 * accelerated gradient with the step 1/(1 + 1/(Cn)), so the result is the same on every machine.
 */
export function trainBagOfWords(domain: Domain, options: BagOfWordsOptions = {}): BagOfWords {
  const { cs = [1, 10, 100], minCount = 2, iterations = 300 } = options;
  if (domain.train.length === 0) throw new Error(`The domain "${domain.name}" has no training examples.`);
  const idf = inverseFrequencies(domain.train, minCount);
  const rows = domain.train.map((example) => rowOf(example, idf));
  const labels = domain.train.map(({ label }) => label);
  const classes = domain.labels.length;
  const predict = (weights: Float64Array, examples: readonly Example[]): Evaluation => {
    const logits = logitsOf(
      weights,
      examples.map((example) => rowOf(example, idf)),
      classes,
    );
    return evaluationOf(
      logits,
      examples.map(({ label }) => label),
    );
  };
  const candidates = domain.dev.length > 0 ? cs : [cs[Math.floor(cs.length / 2)]];
  const trained = candidates.map((c) => {
    const weights = fit(rows, labels, classes, idf.size, c, iterations);
    return { c, weights, score: domain.dev.length > 0 ? predict(weights, domain.dev).accuracy : 0 };
  });
  const best = trained.reduce((winner, other) => (other.score > winner.score ? other : winner));
  return { evaluate: (examples) => predict(best.weights, examples), features: idf.size, chosenC: best.c };
}

/** Words and word pairs of an example; those of the second text are marked. */
function termsOf({ text, textPair }: Example): string[] {
  const terms = (source: string, mark: string) => {
    const words = source.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    return words.flatMap((word, i) => (i > 0 ? [mark + word, `${mark}${words[i - 1]} ${word}`] : [mark + word]));
  };
  return [...terms(text, ""), ...(textPair === undefined ? [] : terms(textPair, "\u0001"))];
}

/** Column and idf of every feature, in order of first occurrence. */
function inverseFrequencies(
  examples: readonly Example[],
  minCount: number,
): Map<string, { column: number; idf: number }> {
  const counts = new Map<string, number>();
  for (const example of examples) {
    for (const term of new Set(termsOf(example))) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  const kept = [...counts].filter(([, count]) => count >= minCount);
  const idf = (count: number) => Math.log((1 + examples.length) / (1 + count)) + 1;
  return new Map(kept.map(([term, count], column) => [term, { column, idf: idf(count) }]));
}

function rowOf(example: Example, idf: Map<string, { column: number; idf: number }>): SparseRow {
  const sums = new Map<number, number>();
  for (const term of termsOf(example)) {
    const known = idf.get(term);
    if (known) sums.set(known.column, (sums.get(known.column) ?? 0) + known.idf);
  }
  const norm = Math.hypot(...sums.values()) || 1;
  return { columns: [...sums.keys()], values: [...sums.values()].map((value) => value / norm) };
}

/** Weights [features + 1, classes], the last row the bias, which is not regularised. */
function fit(
  rows: SparseRow[],
  labels: number[],
  classes: number,
  features: number,
  c: number,
  iterations: number,
): Float64Array {
  const n = rows.length;
  const decay = 1 / (c * n);
  // A row has length 1, and its bias input adds 1 to the squared length.
  const step = 1 / (1 + decay);
  const momentum = (1 - Math.sqrt(decay * step)) / (1 + Math.sqrt(decay * step));
  let weights = new Float64Array((features + 1) * classes);
  let ahead = weights.slice();
  for (let i = 0; i < iterations; i++) {
    const gradient = gradientAt(ahead, rows, labels, classes, decay);
    const next = ahead.map((weight, j) => weight - step * gradient[j]);
    const moved = weights;
    ahead = next.map((weight, j) => weight + momentum * (weight - moved[j]));
    weights = next;
  }
  return weights;
}

function gradientAt(
  weights: Float64Array,
  rows: SparseRow[],
  labels: number[],
  classes: number,
  decay: number,
): Float64Array {
  const bias = weights.length - classes;
  const gradient = weights.map((weight, j) => (j < bias ? decay * weight : 0));
  rows.forEach((row, i) => {
    const shares = softmax(rowLogits(weights, row, classes));
    shares[labels[i]] -= 1;
    for (let k = 0; k < classes; k++) {
      const error = shares[k] / rows.length;
      row.columns.forEach((column, j) => {
        gradient[column * classes + k] += error * row.values[j];
      });
      gradient[bias + k] += error;
    }
  });
  return gradient;
}

function logitsOf(weights: Float64Array, rows: SparseRow[], classes: number): TensorData {
  return float32([rows.length, classes], Float32Array.from(rows.flatMap((row) => rowLogits(weights, row, classes))));
}

function rowLogits(weights: Float64Array, { columns, values }: SparseRow, classes: number): number[] {
  const logits = Array.from(weights.subarray(weights.length - classes));
  columns.forEach((column, j) => {
    for (let k = 0; k < classes; k++) logits[k] += weights[column * classes + k] * values[j];
  });
  return logits;
}

function softmax(logits: number[]): number[] {
  const top = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
