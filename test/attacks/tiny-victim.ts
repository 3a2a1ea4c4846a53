import type { Adapter } from "#src/adapters/adapter.js";
import { createAdapter } from "#src/adapters/create.js";
import { createHead, type Head } from "#src/adapters/head.js";
import { createDomain, type Domain, type Example } from "#src/domains/domain.js";
import { createEncoder, type Encoder, encoderOf } from "#src/encoder/encoder.js";
import { selectBackend } from "#src/engine/backend.js";
import { createRandom } from "#src/engine/random.js";
import { createTokenizer } from "#src/text/tokenizer.js";
import { wordPieceDefinition } from "#src/text/tokenizer-definition.js";
import { trainAdapter } from "#src/training/train.js";

const good = ["good", "great", "lovely", "pleasant"];
const bad = ["bad", "awful", "dreary", "tedious"];
const things = ["film", "movie", "plot", "story", "music", "dog"];
const openers = ["the", "this", "a", "an", "every"];
const rest = ["is", "was", "seems", "slow", "old", "and", "of", "it", "very", ".", ",", "!", "'", '"', "s", "-"];
const vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ...good, ...bad, ...things, ...openers, ...rest];

/** A BERT of two small layers that reads some forty words. */
export function tinyEncoder(): Encoder {
  const { name, config, weights } = createEncoder(
    {
      family: "bert",
      vocabSize: vocabulary.length,
      hiddenSize: 32,
      layers: 2,
      heads: 2,
      intermediateSize: 48,
      maxPositions: 48,
      typeVocabSize: 2,
      layerNormEpsilon: 1e-12,
      padTokenId: 0,
      activation: "gelu",
    },
    { seed: 5 },
  );
  // large enough for words to matter, so that a few steps of training tell them apart
  for (const [name, { data }] of Object.entries(weights)) {
    const { normal } = createRandom(name);
    if (!/norm/i.test(name)) for (let i = 0; i < data.length; i++) data[i] = 0.2 * normal();
  }
  const tokenizer = createTokenizer(wordPieceDefinition(vocabulary, { do_lower_case: true }));
  return encoderOf({ name, config, weights, tokenizer });
}

/** Sentences that call something good (1) or bad (0). As pairs, the second text says it. */
export function sentences(pair = false): Example[] {
  const examples: Example[] = [];
  for (const [label, words] of [bad, good].entries()) {
    for (const word of words) {
      for (const [i, thing] of things.entries()) {
        for (const text of [`The ${thing} is ${word}.`, `${openers[i % 2]} ${word} ${thing}`]) {
          examples.push(pair ? { text: `The ${thing}.`, textPair: text, label } : { text, label });
        }
      }
    }
  }
  return examples;
}

/** A domain of such sentences. */
export function sentenceDomain(pair = false): Domain {
  const train = sentences(pair);
  return createDomain({
    ...{ name: "tiny", labels: ["bad", "good"], source: "test" },
    ...{ train, dev: train.slice(0, 2), test: train.slice(0, 2) },
  });
}

/** An encoder, and an adapter with its head that tells good from bad. */
export async function tinyVictim(pair = false): Promise<{ encoder: Encoder; adapter: Adapter; head: Head }> {
  await selectBackend(undefined, { quiet: true });
  const encoder = tinyEncoder();
  const { adapter, head } = await trainAdapter(encoder, sentenceDomain(pair), {
    ...{ method: "houlsby" as const, config: { reductionFactor: 2 }, seed: 1 },
    ...{ steps: 150, batchSize: 16, maxLength: 16, learningRate: 0.01 },
  });
  return { encoder, adapter, head };
}

/** An adapter and head of the same kind that were never trained. */
export function freshVictim(encoder: Encoder, adapter: Adapter): { adapter: Adapter; head: Head } {
  return {
    adapter: createAdapter(encoder, { method: "houlsby", reductionFactor: 2, seed: 9, name: adapter.name }),
    head: createHead(encoder, ["bad", "good"], { seed: 9 }),
  };
}
