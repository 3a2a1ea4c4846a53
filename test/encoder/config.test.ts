import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type CheckpointConfig,
  type EncoderConfig,
  fromCheckpointConfig,
  toCheckpointConfig,
} from "#src/encoder/config.js";
import { jsonText } from "#src/files/json-text.js";

test("a configuration that lacks a number, or its model's type, is refused by what it lacks", () => {
  const config: EncoderConfig = {
    ...({ family: "bert", vocabSize: 20, hiddenSize: 8, layers: 3, heads: 2, intermediateSize: 16 } as const),
    ...({ maxPositions: 12, typeVocabSize: 1, layerNormEpsilon: 1e-12, padTokenId: 0, activation: "gelu" } as const),
  };
  const whole = JSON.parse(jsonText(toCheckpointConfig(config))) as CheckpointConfig;
  assert.deepEqual(fromCheckpointConfig(whole), config);
  const { intermediate_size: _, ...lacking } = whole;
  assert.throws(() => fromCheckpointConfig(lacking), { message: 'config.json lacks "intermediate_size".' });
  assert.throws(() => fromCheckpointConfig({ ...whole, num_hidden_layers: { n: 1 } }), /not {"n":1}\.$/);
  const { model_type: __, ...nameless } = whole;
  assert.throws(
    () => fromCheckpointConfig(nameless),
    /^Error: "model_type" is missing; signmix knows models of type bert, roberta, /,
  );
});
