import { type Domain, type Example, requireDomain } from "../domains/domain.js";
import { float32, type TensorData } from "../engine/tensor-data.js";
import { checkOptions } from "../files/options.js";
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

/** Texts as a sparse matrix: row i has its non-zero features at `starts[i]` … `starts[i + 1]` of `columns` and `values`. */
interface SparseRows {
  starts: Int32Array;
  columns: Int32Array;
  values: Float64Array;
}

/**
 * Trains multinomial logistic regression on tf-idf of words and word pairs (the words of a second text count apart).
 * Rows have length 1; idf = ln((1 + n)/(1 + df)) + 1; minimised is mean cross-entropy + ‖W‖²/(2Cn), by Nesterov's
 * accelerated gradient with the step 1/(1 + 1/(Cn)), so the result is the same on every machine.
 */
export function trainBagOfWords(domain: Domain, options: BagOfWordsOptions = {}): BagOfWords {
  requireDomain(domain, "trainBagOfWords");
  checkOptions(options, { cs: true, minCount: true, iterations: true }, "trainBagOfWords");
  const { cs = [1, 10, 100], minCount = 2, iterations = 300 } = options;
  if (domain.train.length === 0) throw new Error(`The domain "${domain.name}" has no training examples.`);
  const idf = inverseFrequencies(domain.train, minCount);
  const rows = rowsOf(domain.train, idf);
  const labels = domain.train.map(({ label }) => label);
  const classes = domain.labels.length;
  const predict = (weights: Float64Array, examples: readonly Example[]): Evaluation => {
    const logits = logitsOf(weights, rowsOf(examples, idf), classes);
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

function rowsOf(examples: readonly Example[], idf: ReadonlyMap<string, { column: number; idf: number }>): SparseRows {
  const starts = [0];
  const columns: number[] = [];
  const values: number[] = [];
  for (const example of examples) {
    const sums = new Map<number, number>();
    for (const term of termsOf(example)) {
      const known = idf.get(term);
      if (known) sums.set(known.column, (sums.get(known.column) ?? 0) + known.idf);
    }
    const norm = Math.hypot(...sums.values()) || 1;
    for (const [column, value] of sums) {
      columns.push(column);
      values.push(value / norm);
    }
    starts.push(columns.length);
  }
  return { starts: Int32Array.from(starts), columns: Int32Array.from(columns), values: Float64Array.from(values) };
}

/** Weights [features + 1, classes], the last row the bias, which is not regularised. */
function fit(
  rows: SparseRows,
  labels: number[],
  classes: number,
  features: number,
  c: number,
  iterations: number,
): Float64Array {
  const decay = 1 / (c * labels.length);
  // A row has length 1, and its bias input adds 1 to the squared length.
  const step = 1 / (1 + decay);
  const momentum = (1 - Math.sqrt(decay * step)) / (1 + Math.sqrt(decay * step));
  const weights = new Float64Array((features + 1) * classes);
  const ahead = weights.slice();
  const gradient = weights.slice();
  for (let i = 0; i < iterations; i++) {
    gradientAt(ahead, rows, labels, classes, decay, gradient);
    for (let j = 0; j < weights.length; j++) {
      const next = ahead[j] - step * gradient[j];
      ahead[j] = next + momentum * (next - weights[j]);
      weights[j] = next;
    }
  }
  return weights;
}

/** Writes the gradient of the regularised loss into `gradient`. */
function gradientAt(
  weights: Float64Array,
  rows: SparseRows,
  labels: number[],
  classes: number,
  decay: number,
  gradient: Float64Array,
): void {
  const { starts, columns, values } = rows;
  const bias = weights.length - classes;
  for (let j = 0; j < weights.length; j++) gradient[j] = j < bias ? decay * weights[j] : 0;
  const shares = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) {
    rowLogits(weights, rows, i, shares);
    softmax(shares);
    shares[labels[i]] -= 1;
    for (let k = 0; k < classes; k++) {
      shares[k] /= labels.length;
      gradient[bias + k] += shares[k];
    }
    for (let at = starts[i]; at < starts[i + 1]; at++) {
      const column = columns[at] * classes;
      for (let k = 0; k < classes; k++) gradient[column + k] += shares[k] * values[at];
    }
  }
}

/** [rows, classes] */
function logitsOf(weights: Float64Array, rows: SparseRows, classes: number): TensorData {
  const count = rows.starts.length - 1;
  const logits = float32([count, classes]);
  const row = new Float64Array(classes);
  for (let i = 0; i < count; i++) {
    rowLogits(weights, rows, i, row);
    logits.data.set(row, i * classes);
  }
  return logits;
}

/** Writes the logits of row i into `logits`. [classes] */
function rowLogits(weights: Float64Array, rows: SparseRows, i: number, logits: Float64Array): void {
  const { starts, columns, values } = rows;
  const classes = logits.length;
  const bias = weights.length - classes;
  for (let k = 0; k < classes; k++) logits[k] = weights[bias + k];
  for (let at = starts[i]; at < starts[i + 1]; at++) {
    const column = columns[at] * classes;
    for (let k = 0; k < classes; k++) logits[k] += weights[column + k] * values[at];
  }
}

/** In place. */
function softmax(logits: Float64Array): void {
  const top = Math.max(...logits);
  let sum = 0;
  for (let k = 0; k < logits.length; k++) {
    logits[k] = Math.exp(logits[k] - top);
    sum += logits[k];
  }
  for (let k = 0; k < logits.length; k++) logits[k] /= sum;
}
