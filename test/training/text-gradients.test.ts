import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Adapter } from "#src/adapters/adapter.js";
import { createAdapter } from "#src/adapters/create.js";
import { createHead, type Head } from "#src/adapters/head.js";
import { classroomDomain } from "#src/domains/classroom/generate.js";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import type { Encoder } from "#src/encoder/encoder.js";
import { selectBackend } from "#src/engine/backend.js";
import { createRandom } from "#src/engine/random.js";
import { float32, type NamedTensorData } from "#src/engine/tensor-data.js";
import { projectPath } from "#src/files/project.js";
import { ensemble } from "#src/mixing/ensemble.js";
import { entropyMix } from "#src/mixing/entropy.js";
import { evaluate } from "#src/training/evaluate.js";
import { inputGrams } from "#src/training/input-grams.js";
import { kernelAlignment, textFeatures } from "#src/training/text-features.js";
import { fisherInformation, hessianGradient, textGradients } from "#src/training/text-gradients.js";

const domain = classroomDomain("financial", { train: 10, dev: 4, test: 4 });
const texts = domain.train.slice(0, 5); // with batches of 4 the first is filled up
const options = { batchSize: 4, maxLength: 32 };

describe("gradients and inputs on texts", () => {
  let encoder: Encoder;
  let head: Head;
  const made = (method: "pfeiffer" | "lora", name: string): Adapter => {
    const adapter = createAdapter(encoder, { method, seed: 1, name });
    const random = createRandom(name);
    for (const { data } of Object.values(adapter.tensors)) {
      for (let i = 0; i < data.length; i++) data[i] += 0.05 * random.normal();
    }
    return adapter;
  };
  before(async () => {
    await selectBackend(undefined, { quiet: true });
    encoder = await loadEncoder(projectPath("data", "signmix-mini"));
    head = createHead(encoder, domain.labels, { seed: 3 });
  });
  const squaresOf = (tensors: NamedTensorData) => {
    let sum = 0;
    for (const { data } of Object.values(tensors)) for (const value of data) sum += value * value;
    return sum;
  };
  const moved = (adapter: Adapter, by: (name: string, i: number) => number): Adapter => ({
    ...adapter,
    tensors: Object.fromEntries(
      Object.entries(adapter.tensors).map(([name, { shape, data }]) => [
        name,
        float32(
          shape,
          Float32Array.from(data, (value, i) => value + by(name, i)),
        ),
      ]),
    ),
  });

  it("give the slope of the loss that evaluation finds, batch filled up or not", () => {
    for (const method of ["pfeiffer", "lora"] as const) {
      const adapter = made(method, "a");
      const { loss, gradients } = textGradients(encoder, { adapter, head }, texts, options);
      const lossOf = (one: Adapter) => evaluate(encoder, { adapter: one, head }, texts, options).loss;
      assert.ok(Math.abs(loss - lossOf(adapter)) < 1e-5);
      const squares = squaresOf(gradients);
      const h = 0.01 / Math.sqrt(squares);
      const at = (sign: number) => lossOf(moved(adapter, (name, i) => sign * h * gradients[name].data[i]));
      const slope = (at(1) - at(-1)) / (2 * h);
      assert.ok(Math.abs(slope / squares - 1) < 0.02, `${slope} and ${squares}`);
    }
  });

  it("Fisher information is the mean over labels of squared gradients, by the classifier's probabilities", () => {
    const adapter = made("pfeiffer", "a");
    const fisher = fisherInformation(encoder, { adapter, head }, texts.slice(0, 1), options);
    const name = "layers.3.feedForward.up.weight";
    const { logits } = evaluate(encoder, { adapter, head }, texts.slice(0, 1), options);
    const exps = Array.from(logits.data, Math.exp);
    const total = exps.reduce((sum, one) => sum + one, 0);
    const expected = new Float64Array(fisher[name].data.length);
    exps.forEach((one, label) => {
      const { gradients } = textGradients(encoder, { adapter, head }, [{ ...texts[0], label }], options);
      gradients[name].data.forEach((slope, i) => {
        expected[i] += (one / total) * slope ** 2;
      });
    });
    const worst = expected.reduce((most, x, i) => Math.max(most, Math.abs(x - fisher[name].data[i])), 0);
    assert.ok(worst < 1e-4 * Math.max(...expected));
  });

  it("Hg follows the change of the squared gradient: ∇(½‖g‖²) = Hg", () => {
    const adapter = made("lora", "a");
    const product = hessianGradient(encoder, { adapter, head }, texts, options);
    const half = (one: Adapter) => {
      const { gradients } = textGradients(encoder, { adapter: one, head }, texts, options);
      return squaresOf(gradients) / 2;
    };
    const norm = Math.sqrt(squaresOf(product));
    const h = 0.01;
    const at = (sign: number) => half(moved(adapter, (name, i) => (sign * h * product[name].data[i]) / norm));
    const slope = (at(1) - at(-1)) / (2 * h);
    assert.ok(Math.abs(slope / norm - 1) < 0.05, `${slope} and ${norm}`);
  });

  it("Gram matrices: the input of LoRA's B is A times that of A, G_B = A G_A Aᵀ", () => {
    const adapter = made("lora", "a");
    const grams = inputGrams(encoder, adapter, texts, options);
    const [a, inner, outer] = [adapter.tensors, grams, grams].map((all, i) =>
      Object.entries(all).find(([name]) => name.endsWith(i === 2 ? ".B" : ".A")),
    );
    const [rank, width] = a![1].shape;
    const [A, G] = [a![1].data, inner![1].data];
    for (let p = 0; p < rank; p++) {
      for (let q = 0; q < rank; q++) {
        let sum = 0;
        for (let i = 0; i < width; i++) {
          for (let j = 0; j < width; j++) sum += A[p * width + i] * G[i * width + j] * A[q * width + j];
        }
        const found = outer![1].data[p * rank + q];
        assert.ok(Math.abs(sum - found) < 1e-3 * outer![1].data[p * rank + p] + 1e-3, `${sum} and ${found}`);
      }
    }
  });

  it("Gram matrices of a bottleneck do not depend on the batch, and add up over texts", () => {
    const adapter = made("pfeiffer", "a");
    const [all, first, rest] = [texts, texts.slice(0, 2), texts.slice(2)].map((some) =>
      inputGrams(encoder, adapter, some, options),
    );
    assert.deepEqual(
      Object.keys(all).sort(),
      Object.keys(adapter.tensors)
        .filter((name) => name.endsWith("weight"))
        .sort(),
    );
    for (const [name, { data }] of Object.entries(all)) {
      const largest = Math.max(...Array.from(data, Math.abs));
      data.forEach((value, i) => {
        assert.ok(Math.abs(value - first[name].data[i] - rest[name].data[i]) < 1e-4 * largest);
      });
    }
  });

  it("coefficients of least entropy lower the entropy, and an ensemble of one is that one", () => {
    const [a, b] = [made("pfeiffer", "a"), made("pfeiffer", "b")];
    const other = createHead(encoder, ["x", "y"], { seed: 4 });
    const members = [
      { adapter: a, head, examples: texts },
      { adapter: b, head: other, examples: texts },
    ];
    const { adapter, coefficients, entropies } = entropyMix(encoder, members, { ...options, steps: 4 });
    assert.ok(entropies.every((entropy, i) => i === 0 || entropy < entropies[i - 1]));
    assert.deepEqual([coefficients.length, coefficients[0].length], [2, 4]);
    assert.equal(adapter.seed, 1);
    const plain = evaluate(encoder, { adapter: a, head }, texts, options);
    assert.deepEqual(ensemble(encoder, [a], head, texts, options).predictions, plain.predictions);
    const both = ensemble(encoder, [a, b], head, texts, options).logits.data;
    const second = evaluate(encoder, { adapter: b, head }, texts, options).logits.data;
    assert.ok(Array.from(both).every((logit, i) => Math.abs(logit - (plain.logits.data[i] + second[i]) / 2) < 1e-5));
  });

  it("features do not depend on the batch; alignment is 1 with oneself turned and scaled, and by hand", () => {
    const adapter = made("pfeiffer", "a");
    const all = textFeatures(encoder, adapter, head.config, texts, options);
    const [alone] = textFeatures(encoder, adapter, head.config, texts.slice(3, 4), options);
    assert.ok(alone.every((value, i) => Math.abs(value - all[3][i]) < 1e-4));
    const turned = all.map((row) => [...row].reverse().map((value) => 3 - 2 * value));
    assert.ok(Math.abs(kernelAlignment(all, turned) - 1) < 1e-9);
    // x = (1, −1, 0), y = (1, 1, −2): centred and orthogonal
    assert.equal(kernelAlignment([[1], [-1], [0]], [[1], [1], [-2]]), 0);
    // x = (1, −1, 0), y = (1, 0, −1): the squared correlation, ¼
    assert.ok(Math.abs(kernelAlignment([[1], [-1], [0]], [[1], [0], [-1]]) - 0.25) < 1e-12);
  });
});
