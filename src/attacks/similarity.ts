import tf = require("@tensorflow/tfjs");

import { quantileSorted } from "simple-statistics";
import { type Encoder, requireEncoder } from "../encoder/encoder.js";
import { compile } from "../engine/compile.js";
import { requireOptions } from "../files/options.js";
import { encodeExamples } from "../training/examples.js";
import { batchOf } from "../training/step.js";
import { cosineOf } from "../training/text-embedding.js";
import { rowBatches } from "./row-batches.js";

/** Says how near in meaning texts are, for TextFooler's constraint. */
export interface SimilarityEncoder {
  /** As captions name it. */
  name: string;
  /** Least similarity of a text that may pass for another. */
  threshold: number;
  /** Similarity of a[i] and b[i], for every i. */
  similarity(a: readonly string[], b: readonly string[]): number[];
  /** Frees what it holds. */
  dispose?(): void;
}

/**
 * The threshold of the recipe that TextAttack calls `textfooler_jin_2019`: 1 − 0.5/π, an angle of half a radian between
 * sentences in the space of the Universal Sentence Encoder, as {@link angularSimilarity} measures it.
 */
export const recipeThreshold = 1 - 0.5 / Math.PI;

/** 1 − θ/π, where θ is the angle between two vectors. */
export function angularSimilarity(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return 1 - Math.acos(Math.min(1, Math.max(-1, cosineOf(a, b)))) / Math.PI;
}

/** Texts whose vectors are kept; 512 numbers each make 20 MB. */
const keptTexts = 10_000;

/**
 * A similarity encoder out of any function that turns sentences into vectors. The function must answer at once, not by a
 * promise; vectors of the latest texts are kept, so none is asked for twice. Similarities are cosines unless you say
 * otherwise.
 */
export function vectorSimilarity(options: {
  name: string;
  threshold: number;
  embed(texts: readonly string[]): readonly ArrayLike<number>[];
  similarity?: (a: ArrayLike<number>, b: ArrayLike<number>) => number;
  dispose?(): void;
}): SimilarityEncoder {
  const { name, threshold, embed, similarity = cosineOf, dispose } = options;
  if (!Number.isFinite(threshold)) {
    throw new Error(`The threshold of the similarity encoder "${name}" is ${threshold ?? "missing"}; give a number.`);
  }
  const vectorsOf = keepingLatest(embed);
  return {
    name,
    threshold,
    similarity(a, b) {
      if (a.length !== b.length) throw new Error(`${a.length} texts are compared with ${b.length}; give pairs.`);
      // the same text is as near as can be, whatever rounding says
      const other = a.flatMap((text, i) => (text === b[i] ? [] : [text, b[i]]));
      const vectors = vectorsOf(other);
      return a.map((text, i) => (text === b[i] ? 1 : similarity(vectors.get(text) ?? [], vectors.get(b[i]) ?? [])));
    },
    dispose,
  };
}

type Vectors = Map<string, ArrayLike<number>>;

/** A function from texts to their vectors by text, which remembers the latest ones. */
function keepingLatest(embed: (texts: readonly string[]) => readonly ArrayLike<number>[]) {
  const kept: Vectors = new Map();
  return (texts: readonly string[]): Vectors => {
    const different = [...new Set(texts)];
    const fresh = different.filter((text) => !kept.has(text));
    const made = fresh.length === 0 ? [] : embed(fresh);
    const found: Vectors = new Map(fresh.map((text, i) => [text, made[i]]));
    for (const text of different) {
      const vector = found.get(text) ?? kept.get(text) ?? [];
      found.set(text, vector);
      kept.delete(text); // to the end: the latest
      kept.set(text, vector);
    }
    for (const text of kept.keys()) {
      if (kept.size <= keptTexts) break;
      kept.delete(text);
    }
    return found;
  };
}

/** How the project's own encoder compares texts. */
export interface EncoderSimilarityOptions {
  /** Least cosine; {@link calibrateSimilarity} finds one. */
  threshold: number;
  /** Default 32. */
  batchSize?: number;
  /** Most tokens of a text. Default 128. */
  maxLength?: number;
}

/**
 * The frozen encoder itself as similarity encoder: the cosine of its last hidden states, averaged over the tokens of each
 * text. It is weaker than a sentence encoder (texts lie close together in its space), which is why its threshold is
 * calibrated and its results are not comparable with those of the Universal Sentence Encoder.
 */
export function encoderSimilarity(encoder: Encoder, options: EncoderSimilarityOptions): SimilarityEncoder {
  requireEncoder(encoder, "encoderSimilarity");
  requireOptions(options, "encoderSimilarity", "threshold");
  const { threshold, ...rest } = options;
  return vectorSimilarity({ name: `${encoder.name}, mean over tokens`, threshold, ...meanOfTokens(encoder, rest) });
}

/**
 * A sentence encoder's own similarity, for encoders that were trained to be compared by the mean over tokens, such as
 * all-MiniLM-L6-v2: that mean is how its publishers use it. The angle is held to the recipe's threshold.
 */
export function sentenceSimilarity(
  encoder: Encoder,
  options: Partial<EncoderSimilarityOptions> = {},
): SimilarityEncoder {
  const { threshold = recipeThreshold, ...rest } = options;
  return vectorSimilarity({
    name: `${encoder.name}, its own sentence embedding (mean over tokens), angular`,
    threshold,
    similarity: angularSimilarity,
    ...meanOfTokens(encoder, rest),
  });
}

/** Vectors of texts: the mean over tokens of an encoder's last hidden states. */
function meanOfTokens(
  encoder: Encoder,
  { batchSize = 32, maxLength = 128 }: Omit<EncoderSimilarityOptions, "threshold">,
): { embed(texts: readonly string[]): Float32Array[]; dispose(): void } {
  const { hiddenSize, padTokenId } = encoder.config;
  const compiled = compile(
    (inputs) => {
      const tokens = batchOf(inputs);
      const { lastHiddenState } = encoder.forward(tokens); // [batch, time, hidden]
      const mask = tf.cast(tokens.attentionMask, "float32").expandDims(2); // [batch, time, 1]
      return { mean: tf.sum(tf.mul(lastHiddenState, mask), 1).div(tf.sum(mask, 1)) }; // [batch, hidden]
    },
    { independentRows: ["inputIds", "attentionMask", "tokenTypeIds"] },
  );
  return {
    embed(texts) {
      const examples = texts.map((text) => ({ text, label: 0 }));
      const vectors: Float32Array[] = new Array(texts.length);
      const batches = rowBatches(encodeExamples(encoder, examples, maxLength), { batchSize, maxLength, padTokenId });
      for (const { rows, batch } of batches) {
        const { data } = compiled.run(batch).mean;
        rows.forEach((place, row) => {
          vectors[place] = Float32Array.from(data.subarray(row * hiddenSize, (row + 1) * hiddenSize));
        });
      }
      return vectors;
    },
    dispose: () => compiled.dispose(),
  };
}

/**
 * The threshold for {@link encoderSimilarity}: the 5th percentile of the encoder's similarity over paraphrases, so that it
 * would pass 95% of texts that do mean the same.
 *
 * @param paraphrases pairs of texts that mean the same, such as the positive examples of `mrpc` or `qqp` on dev
 * @throws if there are fewer than 20 pairs, too few for a 5th percentile
 */
export function calibrateSimilarity(
  encoder: Encoder,
  paraphrases: readonly (readonly [string, string])[],
  options: Omit<EncoderSimilarityOptions, "threshold"> = {},
): number {
  if (paraphrases.length < 20) {
    throw new Error(`${paraphrases.length} paraphrases are too few to calibrate a similarity; give at least 20 pairs.`);
  }
  const measure = encoderSimilarity(encoder, { ...options, threshold: 0 });
  try {
    const similarities = measure.similarity(
      paraphrases.map(([text]) => text),
      paraphrases.map(([, other]) => other),
    );
    return quantileSorted(
      [...similarities].sort((a, b) => a - b),
      0.05,
    );
  } finally {
    measure.dispose?.();
  }
}
