import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { float32 } from "#src/engine/tensor-data.js";
import { AdamW } from "#src/pretraining/adamw.js";

const close = (found: number, expected: number) => assert.ok(Math.abs(found - expected) < 1e-6, `${found} ${expected}`);

describe("AdamW", () => {
  it("takes the step of the paper: matrices decay, biases do not", () => {
    const parameters = { matrix: float32([1, 2], Float32Array.of(1, -2)), bias: float32([1], Float32Array.of(0.5)) };
    const optimiser = new AdamW(parameters, { weightDecay: 0.1, largestNorm: Infinity, epsilon: 0 });
    const gradients = { matrix: float32([1, 2], Float32Array.of(3, -4)), bias: float32([1], Float32Array.of(12)) };
    assert.equal(optimiser.step(gradients, 0.01), 13);
    // at the first step m̂/√v̂ is the gradient's sign
    close(parameters.matrix.data[0], 1 - 0.01 * 0.1 * 1 - 0.01);
    close(parameters.matrix.data[1], -2 + 0.01 * 0.1 * 2 + 0.01);
    close(parameters.bias.data[0], 0.5 - 0.01);
    gradients.bias.data[0] = 0;
    optimiser.step(gradients, 0.01);
    const mean = (0.9 * 0.1 * 12) / (1 - 0.81);
    const square = (0.99 * 0.01 * 144) / (1 - 0.99 ** 2);
    close(parameters.bias.data[0], 0.49 - (0.01 * mean) / Math.sqrt(square));
  });
  it("scales large gradients down together", () => {
    const make = (...values: number[]) => ({ bias: float32([2], Float32Array.from(values)) });
    const [clipped, small] = [make(0, 0), make(0, 0)];
    const options = { epsilon: 1 }; // makes the size of the gradient count
    new AdamW(clipped, options).step(make(30, 40), 0.1);
    new AdamW(small, options).step(make(0.6, 0.8), 0.1);
    for (const i of [0, 1]) close(clipped.bias.data[i], small.bias.data[i]);
  });
  it("stops at gradients that are not numbers, and changes nothing", () => {
    const parameters = { bias: float32([1], Float32Array.of(7)) };
    const step = () => new AdamW(parameters).step({ bias: float32([1], Float32Array.of(NaN)) }, 0.1);
    assert.throws(step, /norm is NaN; lower the learning rate/);
    assert.equal(parameters.bias.data[0], 7);
  });
});
