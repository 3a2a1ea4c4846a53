import assert from "node:assert/strict";
import { test } from "node:test";
import type { Adapter } from "#src/adapters/adapter.js";
import { loraProduct } from "#src/adapters/lora.js";
import { float32 } from "#src/engine/tensor-data.js";
import { isotropicMix } from "#src/mixing/isotropic.js";
import { singularVectorMix } from "#src/mixing/singular-vectors.js";
import { handAdapter, trainedAdapter } from "../signs/small-adapters.js";

/** A LoRA of rank 1 on one 2×2 matrix, b·aᵀ, at scale 1. */
function rankOne(name: string, b: number[], a: number[]): Adapter {
  const like = trainedAdapter("lora", name);
  return {
    ...{ name, base: { ...like.base, layers: 1, hiddenSize: 2 } },
    config: { ...like.config, rank: 1, alpha: 1, targets: ["query"] } as Adapter["config"],
    tensors: {
      "layers.0.query.A": float32([1, 2], Float32Array.from(a)),
      "layers.0.query.B": float32([2, 1], Float32Array.from(b)),
    },
  };
}

const product = ({ tensors }: Adapter) =>
  Array.from(loraProduct(tensors["layers.0.query.A"], tensors["layers.0.query.B"]));
const close = (actual: number[], expected: number[]) =>
  assert.ok(
    actual.every((value, i) => Math.abs(value - expected[i]) < 1e-6),
    String(actual),
  );

test("Iso-C: singular values 3 and 1 both become 2", () => {
  const [a, b] = [rankOne("a", [3, 0], [1, 0]), rankOne("b", [0, 1], [0, 1])];
  close(product(isotropicMix([a, b])), [2, 0, 0, 2]);
  close(product(isotropicMix([a, b], { lambda: 0.5 })), [1, 0, 0, 1]);
});

test("Iso-C of one direction alone leaves it as it is", () => {
  const [a, b] = [rankOne("a", [1, 1], [1, 0]), rankOne("b", [2, 2], [1, 0])];
  close(product(isotropicMix([a, b])), [3, 0, 3, 0]);
});

test("TSV: what is orthogonal adds up, what is shared counts once", () => {
  const [a, b] = [rankOne("a", [3, 0], [1, 0]), rankOne("b", [0, 1], [0, 1])];
  close(product(singularVectorMix([a, b])), [3, 0, 0, 1]);
  close(product(singularVectorMix([a, { ...a, name: "copy" }])), [3, 0, 0, 0]);
});

test("TSV: directions at 45° are turned apart", () => {
  // U = [(1, 0), (1, 1)/√2] has the nearest orthonormal pair (cos, ∓sin) of −22.5° and 67.5°; V is orthonormal
  const [a, b] = [rankOne("a", [1, 0], [1, 0]), rankOne("b", [Math.SQRT1_2, Math.SQRT1_2], [0, 1])];
  const [c, s] = [Math.cos(Math.PI / 8), Math.sin(Math.PI / 8)];
  close(product(singularVectorMix([a, b])), [c, s, -s, c]);
});

test("both are for LoRA, and the rank of the mixture is the sum of the ranks", () => {
  const a = rankOne("a", [1, 0], [1, 0]);
  const { config } = isotropicMix([a, a, a]);
  assert.equal(config.method === "lora" && config.rank, 3);
  assert.throws(() => isotropicMix([handAdapter("hand", [[1]])]), /"hand" is no LoRA/);
});
