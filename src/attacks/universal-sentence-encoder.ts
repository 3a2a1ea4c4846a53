import tf = require("@tensorflow/tfjs");

import { compile } from "../engine/compile.js";
import { toTensors } from "../engine/tensor-data.js";
import { createTokenizer } from "../text/tokenizer.js";
import { unigramDefinition } from "../text/tokenizer-definition.js";
import { batchOf } from "../training/step.js";
import { rowBatches } from "./row-batches.js";
import { angularSimilarity, recipeThreshold, type SimilarityEncoder, vectorSimilarity } from "./similarity.js";
import { readUniversalSentenceFiles, universalSentenceFolder } from "./universal-sentence-files.js";
import {
  universalSentenceForward,
  universalSentenceSize,
  universalSentenceTokens,
  universalSentenceWeights,
} from "./universal-sentence-forward.js";

/** Turns sentences into vectors of length 1 whose angles say how near they are in meaning. */
export interface UniversalSentenceEncoder {
  /** One vector of 512 numbers for each text, in order. */
  embed(texts: readonly string[]): Float32Array[];
  /** The ids of a text's pieces, at most 128. */
  tokens(text: string): number[];
  /** Frees what it holds. */
  dispose(): void;
}

/** How the Universal Sentence Encoder is opened. */
export interface UniversalSentenceOptions {
  /** Where its files lie. Default: where `npm run setup:use` puts them. */
  folder?: string;
  /** Most texts of one run. Default 32. */
  batchSize?: number;
}

/**
 * Opens the Universal Sentence Encoder "lite" (Cer et al. 2018), the English one that TensorFlow.js publishes. Its
 * weights are the published ones; the graph is ours, so that it runs compiled.
 *
 * Where two ways to cut a word are equally likely, the published tokenizer may take the other one (14 of 3,877 texts).
 *
 * @throws with the remedy, where it has not been set up
 */
export function openUniversalSentenceEncoder(options: UniversalSentenceOptions = {}): UniversalSentenceEncoder {
  const { folder = universalSentenceFolder(), batchSize = 32 } = options;
  const files = readUniversalSentenceFiles(folder);
  const unknown = files.vocabulary[0][0];
  const tokenizer = createTokenizer(unigramDefinition(files.vocabulary), { pad_token: unknown, unk_token: unknown });
  const host = universalSentenceWeights(files.weights);
  const onBackend = new Map<object, ReturnType<typeof toTensors>>();
  const weights = () => {
    const known = onBackend.get(tf.backend());
    if (known) return known;
    const tensors = toTensors(host);
    for (const tensor of Object.values(tensors)) tf.keep(tensor);
    onBackend.set(tf.backend(), tensors);
    return tensors;
  };
  let own: ReturnType<typeof toTensors> = {};
  const compiled = compile((inputs) => ({ vectors: universalSentenceForward(own, batchOf(inputs)) }), {
    independentRows: ["inputIds", "attentionMask", "tokenTypeIds"],
  });
  const maxLength = universalSentenceTokens;
  const encodingOf = (text: string) => tokenizer.encode(text, undefined, { maxLength });
  return {
    tokens: (text) => encodingOf(text).inputIds,
    embed(texts) {
      own = weights(); // outside the capture, of which they are constants
      const vectors: Float32Array[] = new Array(texts.length);
      for (const { rows, batch } of rowBatches(texts.map(encodingOf), { batchSize, maxLength, padTokenId: 0 })) {
        const { data } = compiled.run(batch).vectors;
        rows.forEach((place, row) => {
          const from = row * universalSentenceSize;
          vectors[place] = Float32Array.from(data.subarray(from, from + universalSentenceSize));
        });
      }
      return vectors;
    },
    dispose() {
      compiled.dispose();
      for (const tensors of onBackend.values()) tf.dispose(tensors);
      onBackend.clear();
    },
  };
}

/**
 * The constraint of TextFooler's recipe: the angle between windows in the space of the Universal Sentence Encoder.
 *
 * @param options.threshold least 1 − θ/π; default 0.8408, as in TextAttack's `textfooler_jin_2019`; the paper has 0.84
 */
export function universalSentenceSimilarity(
  options: UniversalSentenceOptions & { threshold?: number } = {},
): SimilarityEncoder {
  const { threshold = recipeThreshold, ...rest } = options;
  const encoder = openUniversalSentenceEncoder(rest);
  return vectorSimilarity({
    name: "Universal Sentence Encoder lite, angular",
    threshold,
    embed: encoder.embed,
    similarity: angularSimilarity,
    dispose: encoder.dispose,
  });
}
