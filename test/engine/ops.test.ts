import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { capture } from "#src/engine/capture.js";
import { compile } from "#src/engine/compile.js";
import { valueAndGradients } from "#src/engine/gradients.js";
import { attention, crossEntropy, gelu, layerNorm, linear } from "#src/engine/ops.js";
import { createRandom } from "#src/engine/random.js";
import { float32, int32, type NamedTensorData, type NamedTensors, sizeOf } from "#src/engine/tensor-data.js";

/** Float32 tensors of these shapes, from N(0, 1). */
function draw(shapes: Record<string, number[]>): NamedTensorData {
  const fill = (name: string, shape: number[]) => {
    const { normal } = createRandom(`${name}[${shape}]`);
    return float32(shape, new Float32Array(sizeOf(shape)).map(normal));
  };
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, fill(name, shape)]));
}

interface Operation {
  inputs: NamedTensorData;
  fn(tensors: NamedTensors): tf.Tensor;
  /** Nodes of the captured forward pass. */
  nodes: string[];
}

const operations: Record<string, Operation> = {
  linear: {
    inputs: draw({ x: [2, 3, 5], w: [4, 5], b: [4] }),
    fn: ({ x, w, b }) => linear(x, w, b),
    nodes: ["Reshape", "FusedMatMul", "Add", "Reshape"],
  },
  gelu: { inputs: draw({ x: [3, 400] }), fn: ({ x }) => gelu(tf.mul(x, 3)), nodes: ["Mul", "Gelu"] },
  layerNorm: {
    inputs: draw({ x: [2, 3, 8], gain: [8], bias: [8] }),
    fn: ({ x, gain, bias }) => layerNorm(x, gain, bias, 1e-5),
    nodes: ["LayerNormalization"],
  },
  attention: {
    inputs: draw({ query: [2, 2, 3, 4], key: [2, 2, 3, 4], value: [2, 2, 3, 4], bias: [2, 1, 1, 3] }),
    fn: ({ query, key, value, bias }) => attention(query, key, value, bias),
    nodes: ["FusedMatMul", "Add", "Softmax", "MatMul"],
  },
};

function assertClose(actual: NamedTensorData, expected: NamedTensorData): void {
  assert.deepEqual(Object.keys(actual), Object.keys(expected));
  for (const [name, { shape, data }] of Object.entries(expected)) {
    assert.deepEqual(actual[name].shape, shape, name);
    data.forEach((value: number, i: number) => {
      const got = actual[name].data[i];
      assert.ok(Math.abs(got - value) <= 1e-5 * (1 + Math.abs(value)), `${name}[${i}] is ${got}, not ${value}`);
    });
  }
}

describe("operations, captured against the cpu backend", () => {
  before(async () => {
    tf.enableProdMode();
    await tf.setBackend("cpu");
  });

  for (const [name, { inputs, fn, nodes }] of Object.entries(operations)) {
    test(`${name}: value, the gradient of every input, and the nodes it takes`, () => {
      const forward = capture((t) => ({ y: fn(t) }));
      assert.deepEqual(forward.operators(inputs), nodes);
      const both = (tensors: NamedTensors) => {
        const { y, ...at } = tensors;
        const { value, gradients } = valueAndGradients((t) => tf.sum(tf.mul(fn(t), y)), at);
        return { value, ...gradients };
      };
      const shape = forward.run(inputs).y.shape;
      const withDirection = { ...inputs, ...draw({ y: shape }) };
      assertClose(forward.run(inputs), compile((t) => ({ y: fn(t) })).run(inputs));
      assertClose(capture(both).run(withDirection), compile(both).run(withDirection));
    });
  }

  test("crossEntropy: value and gradient, also of logits that overflow when exponentiated", () => {
    const logits = float32([3, 3], Float32Array.of(1, 2, 3, 900, -900, 0, -5, -5, -5));
    const inputs = { logits, labels: int32([3], Int32Array.of(2, 1, 0)) };
    const both = ({ logits: at, labels }: NamedTensors) => {
      const { value, gradients } = valueAndGradients((t) => tf.sum(crossEntropy(t.logits, labels)), { logits: at });
      return { value, ...gradients };
    };
    const captured = capture(both).run(inputs);
    assertClose(captured, compile(both).run(inputs));
    assert.ok(Math.abs(captured.value.data[0] - (0.40760596 + 1800 + Math.log(3))) < 1e-2);
  });
});
