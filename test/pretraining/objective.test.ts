import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { compile } from "#src/engine/compile.js";
import { createRandom } from "#src/engine/random.js";
import type { NamedTensorData } from "#src/engine/tensor-data.js";
import { drawBatch } from "#src/pretraining/batches.js";
import { gradientFunction, initialParameters, lossFunction } from "#src/pretraining/objective.js";
import { toyConfig } from "./toy-config.js";
import { toyIndex } from "./toy-corpus.js";

const { index, pieces } = toyIndex(200, "objective");
const config = toyConfig(pieces.length);
const batch = drawBatch(index, { rows: 6, time: 24, pairRows: 3 }, "batch");
const parameters = initialParameters(config, createRandom(5));
const names = Object.keys(parameters);
const value = (outputs: NamedTensorData, name: string) => outputs[name].data[0];

describe("initialParameters", () => {
  it("starts near a guess among all pieces and all classes", () => {
    const outputs = compile(lossFunction(config)).run({ ...parameters, ...batch });
    assert.ok(Math.abs(value(outputs, "masked") - Math.log(pieces.length)) < 0.05);
    assert.ok(Math.abs(value(outputs, "pair") - Math.log(4)) < 0.05);
  });
  it("scales word vectors and starts the output at the pieces' shares", () => {
    const wordVectors = Float32Array.from({ length: pieces.length * config.hiddenSize }, (_, i) => (i % 7) - 3);
    const counts = pieces.map((_, id) => id);
    const known = initialParameters(config, createRandom(5), { wordVectors, counts });
    const table = known["embeddings.word_embeddings.weight"].data as Float32Array;
    const meanSquare = table.reduce((sum, x) => sum + x * x, 0) / table.length;
    assert.ok(Math.abs(Math.sqrt(meanSquare) - 0.04) < 0.001);
    assert.ok(Math.abs(table[0] / table[1] - 1.5) < 1e-6);
    const shares = [...known["cls.predictions.bias"].data].map(Math.exp);
    assert.ok(Math.abs(shares.reduce((sum, x) => sum + x) - 1) < 1e-5);
    assert.ok(Math.abs(shares[20] / shares[10] - 20.5 / 10.5) < 1e-4);
  });
  it("refuses word vectors of another shape", () => {
    assert.throws(() => initialParameters(config, createRandom(5), { wordVectors: new Float32Array(3) }), /3 numbers/);
  });
});

describe("gradientFunction", () => {
  const pairWeight = 0.7;
  const outputs = compile(gradientFunction(config, names, pairWeight)).run({ ...parameters, ...batch });
  const losses = compile(lossFunction(config));
  const total = (changed: NamedTensorData) => {
    const found = losses.run({ ...changed, ...batch });
    return value(found, "masked") + pairWeight * value(found, "pair");
  };

  it("gives a gradient to every parameter, in its shape", () => {
    for (const name of names) assert.deepEqual(outputs[`gradient.${name}`].shape, parameters[name].shape, name);
  });
  it("reports the losses of lossFunction", () => {
    const plain = losses.run({ ...parameters, ...batch });
    for (const name of ["masked", "pair", "pairAccuracy"]) {
      assert.ok(Math.abs(value(outputs, name) - value(plain, name)) < 1e-5, name);
    }
  });
  it("agrees with finite differences along random directions", () => {
    const random = createRandom(11);
    for (const name of [
      "embeddings.word_embeddings.weight",
      "encoder.layer.0.attention.self.query.weight",
      "encoder.layer.1.output.dense.weight",
      "pooler.dense.weight",
      "cls.predictions.transform.LayerNorm.weight",
      "cls.predictions.bias",
      "cls.seq_relationship.weight",
    ]) {
      const start = parameters[name];
      const direction = Float32Array.from(start.data, () => random.normal());
      const gradient = outputs[`gradient.${name}`].data;
      const expected = direction.reduce((sum, d, i) => sum + d * gradient[i], 0);
      const size = 0.02 / Math.sqrt(direction.length);
      const at = (sign: number) =>
        total({
          ...parameters,
          [name]: { ...start, data: Float32Array.from(start.data, (x, i) => x + sign * size * direction[i]) },
        });
      const found = (at(1) - at(-1)) / (2 * size);
      assert.ok(Math.abs(found - expected) < 0.02 * Math.abs(expected) + 0.01, `${name}: ${found} and ${expected}`);
    }
  });
  it("leaves no tensor behind", () => {
    const before = tf.memory().numTensors;
    compile(gradientFunction(config, names, 1)).run({ ...parameters, ...batch });
    assert.equal(tf.memory().numTensors, before);
  });
});
