import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import * as ort from "onnxruntime-node";
import { createAdapter, hooksOf } from "#src/adapters/create.js";
import { createEncoder } from "#src/encoder/encoder.js";
import { forward } from "#src/encoder/forward.js";
import { capture } from "#src/engine/capture.js";
import { compile } from "#src/engine/compile.js";
import { valueAndGradients } from "#src/engine/gradients.js";
import { setMemory } from "#src/engine/memory.js";
import { registerOnnxBackend } from "#src/engine/onnx-backend.js";
import { crossEntropy } from "#src/engine/ops.js";
import { createRandom } from "#src/engine/random.js";
import { sessionCacheSize } from "#src/engine/session-cache.js";
import { CaptureError } from "#src/engine/symbolic.js";
import { float32, int32, type NamedTensorData, type NamedTensors, sizeOf, toTensors } from "#src/engine/tensor-data.js";
import type { TensorFunction } from "#src/engine/tensor-function.js";

const config = {
  family: "bert" as const,
  vocabSize: 30,
  hiddenSize: 16,
  layers: 2,
  heads: 2,
  intermediateSize: 32,
  maxPositions: 12,
  typeVocabSize: 2,
  layerNormEpsilon: 1e-12,
  padTokenId: 0,
  activation: "gelu" as const,
};
const [batch, time, classes] = [3, 7, 2];

/** Numbers far enough from zero that every part of the encoder matters. */
function normal(name: string, shape: number[], scale: number): Float32Array {
  const random = createRandom(name);
  return new Float32Array(sizeOf(shape)).map(() => scale * random.normal());
}

function lively(tensors: NamedTensorData): NamedTensorData {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => {
      const gain = /norm\.weight$/i.test(name) ? 1 : 0;
      return [
        name,
        float32(
          shape,
          normal(name, shape, 0.3).map((x, i) => (gain ? 1 + 0.2 * x : data[i] + x)),
        ),
      ];
    }),
  );
}

const batchInputs = {
  ids: int32(
    [batch, time],
    Int32Array.from({ length: batch * time }, (_, i) => (i * 11 + 3) % 30),
  ),
  mask: int32(
    [batch, time],
    Int32Array.from({ length: batch * time }, (_, i) => (i % time < 7 - Math.floor(i / time) ? 1 : 0)),
  ),
  labels: int32([batch], Int32Array.from([0, 1, 1])),
};

/** Loss and gradients of an encoder with an adapter; weights named in `trainable` are inputs, all others constants. */
function classifier(method: "houlsby" | "pfeiffer" | "lora") {
  const encoder = createEncoder(config, { seed: 1 });
  const weights = lively(encoder.weights);
  const adapter = createAdapter(encoder, {
    method,
    seed: 2,
    ...(method === "lora" ? { rank: 4 } : { reductionFactor: 4 }),
  });
  const trainable = lively({ ...adapter.tensors, out: float32([classes, config.hiddenSize]) });
  const loss = (frozen: NamedTensors, t: NamedTensors): tf.Tensor => {
    const batchTensors = { inputIds: t.ids, attentionMask: t.mask };
    const { lastHiddenState } = forward(frozen, config, batchTensors, { adapter: hooksOf(adapter, t) });
    const first = lastHiddenState.slice([0, 0, 0], [batch, 1, config.hiddenSize]).reshape([batch, config.hiddenSize]);
    return tf.mean(crossEntropy(tf.matMul(first, t.out, false, true), t.labels));
  };
  return { weights, trainable, loss };
}

function gradientFunction(
  frozen: NamedTensors,
  names: string[],
  loss: (frozen: NamedTensors, t: NamedTensors) => tf.Tensor,
) {
  return (inputs: NamedTensors): NamedTensors => {
    const at = Object.fromEntries(names.map((name) => [name, inputs[name]]));
    const { value, gradients } = valueAndGradients((t) => loss(frozen, { ...inputs, ...t }), at);
    return { loss: value, ...gradients };
  };
}

function worstDifference(a: NamedTensorData, b: NamedTensorData): number {
  let worst = 0;
  for (const [name, { data }] of Object.entries(b)) {
    assert.equal(a[name].data.length, data.length, name);
    data.forEach((value: number, i: number) => {
      worst = Math.max(worst, Math.abs(a[name].data[i] - value));
      assert.ok(Number.isFinite(a[name].data[i]), `${name}[${i}] is ${a[name].data[i]}`);
    });
  }
  return worst;
}

describe("capture", () => {
  before(async () => {
    tf.enableProdMode();
    await tf.setBackend("cpu");
  });
  after(() => tf.setBackend("cpu"));

  for (const method of ["houlsby", "pfeiffer", "lora"] as const) {
    describe(`an encoder with a ${method} adapter`, () => {
      const { weights, trainable, loss } = classifier(method);
      const inputs = { ...batchInputs, ...trainable };
      const names = Object.keys(trainable);

      test("has the loss and gradients of the cpu backend, captured", () => {
        const frozen = toTensors(weights);
        const fn = gradientFunction(frozen, names, loss);
        const captured = capture(fn);
        assert.ok(worstDifference(captured.run(inputs), compile(fn).run(inputs)) < 1e-5);
        captured.dispose();
        tf.dispose(frozen);
      });

      test("has gradients that finite differences confirm to 1e-4, captured", () => {
        const frozen = toTensors(weights);
        const gradients = capture(gradientFunction(frozen, names, loss)).run(inputs);
        const value = capture((t) => ({ loss: loss(frozen, t) }));
        const step = 1e-2;
        for (const name of names) {
          // Along the gradient itself, where the change is largest: d loss = ‖gradient‖ · step.
          const direction = gradients[name].data as Float32Array;
          const length = Math.hypot(...direction);
          const lossAt = (distance: number) => {
            const data = (trainable[name].data as Float32Array).map((x, i) => x + (distance * direction[i]) / length);
            return value.run({ ...inputs, [name]: { ...trainable[name], data } }).loss.data[0];
          };
          const slope = (8 * (lossAt(step) - lossAt(-step)) - (lossAt(2 * step) - lossAt(-2 * step))) / (12 * step);
          assert.ok(
            Math.abs(slope - length) < 1e-4 * Math.max(1, length),
            `${name}: slope ${slope}, gradient ${length}`,
          );
        }
        tf.dispose(frozen);
      });
    });
  }

  test("computes nothing for frozen weights, nor below the lowest trainable one", () => {
    const { weights, trainable, loss } = classifier("houlsby");
    const frozen = toTensors(weights);
    const inputs = { ...batchInputs, ...trainable };
    const counts = (names: string[]) => {
      const captured = capture(gradientFunction(frozen, names, loss));
      return captured.operators(inputs).filter((op) => /MatMul|Gemm/.test(op)).length;
    };
    const forwardOnly = capture((t) => ({ loss: loss(frozen, t) }))
      .operators(inputs)
      .filter((op) => /MatMul|Gemm/.test(op)).length;
    assert.equal(counts(["out"]), forwardOnly + 1);
    // The upper layer's last adapter: its gradient passes through the head and its own two matrices.
    const last = "layers.1.feedForward.up.weight";
    assert.equal(counts(["out", last]), forwardOnly + 3);
    // Down to the lowest adapter: one product per matrix of the way (two per attention product), one per trainable matrix.
    const adapters = Object.keys(trainable).filter((name) => name.endsWith("weight"));
    const between = { head: 1, adapterInputs: 2 * 4 - 1, upperLayer: 6 + 4, lowerFeedForward: 2 };
    const way = Object.values(between).reduce((sum, count) => sum + count, 0);
    assert.equal(counts(["out", ...adapters]), forwardOnly + 1 + adapters.length + way);
    tf.dispose(frozen);
  });

  test("trains as the cpu backend does, Adam included, and gives the same bytes every time", () => {
    const { weights, trainable, loss } = classifier("lora");
    const frozen = toTensors(weights);
    const names = Object.keys(trainable);
    const step: TensorFunction = (inputs) => {
      const { loss: value, ...gradients } = gradientFunction(frozen, names, loss)(inputs);
      const outputs: NamedTensors = { loss: value };
      for (const name of names) {
        outputs[`m.${name}`] = tf.add(tf.mul(inputs[`m.${name}`], 0.9), tf.mul(gradients[name], 0.1));
        outputs[`v.${name}`] = tf.add(tf.mul(inputs[`v.${name}`], 0.99), tf.mul(tf.square(gradients[name]), 0.01));
        const direction = tf.div(outputs[`m.${name}`], tf.add(tf.sqrt(outputs[`v.${name}`]), 1e-3));
        outputs[name] = tf.sub(inputs[name], tf.mul(direction, inputs.rate));
      }
      return outputs;
    };
    const train = (run: (inputs: NamedTensorData) => NamedTensorData) => {
      let state: NamedTensorData = { ...batchInputs, ...trainable, rate: float32([], Float32Array.of(0.01)) };
      for (const name of names) {
        state[`m.${name}`] = float32(trainable[name].shape);
        state[`v.${name}`] = float32(trainable[name].shape);
      }
      for (let i = 0; i < 20; i++) state = { ...state, ...run(state) };
      return Object.fromEntries(["loss", ...names].map((name) => [name, state[name]]));
    };
    const once = train(capture(step).run);
    assert.ok(worstDifference(once, train(compile(step).run)) < 1e-3);
    assert.ok(once.loss.data[0] < 0.3, `the loss after 20 steps is ${once.loss.data[0]}`);
    assert.deepEqual(train(capture(step).run), once);
    tf.dispose(frozen);
  });

  test("takes closures from any backend, and leaves tensors and backend as they were", async () => {
    registerOnnxBackend();
    for (const backend of ["onnx", "cpu"]) {
      await tf.setBackend(backend);
      const weight = tf.tensor2d([1, 2, 3, 4], [2, 2]);
      const before = tf.memory();
      const captured = capture(({ x }) => ({ y: tf.matMul(x, weight), same: weight, x }));
      const outputs = captured.run({ x: float32([1, 2], Float32Array.of(1, -1)) });
      assert.deepEqual([...outputs.y.data], [-2, -2]);
      assert.deepEqual([...outputs.same.data], [1, 2, 3, 4]);
      assert.deepEqual([...outputs.x.data], [1, -1]);
      assert.equal(tf.getBackend(), backend);
      assert.deepEqual(
        [tf.memory().numTensors, tf.memory().numDataBuffers],
        [before.numTensors, before.numDataBuffers],
      );
      assert.deepEqual([...weight.dataSync()], [1, 2, 3, 4]);
      weight.dispose();
    }
  });

  test("lets a function keep constants that it makes once", () => {
    let kept: tf.Tensor | undefined;
    const captured = capture(({ x }) => {
      kept ??= tf.keep(tf.tensor1d(Array.from({ length: 100 }, (_, i) => i)));
      return { y: tf.add(x, kept) };
    });
    const inputs = [1, 100].map((length) => float32([length], new Float32Array(length).fill(1)));
    for (const x of inputs) assert.equal(captured.run({ x }).y.data[99], 100);
    kept?.dispose();
  });

  test("makes one graph per set of shapes, and the least recently used go when the budget is spent", () => {
    const held = sessionCacheSize().sessions;
    const weight = tf.ones([100, 100]);
    const captured = capture(({ x }) => ({ y: tf.matMul(x, weight) }));
    const run = (rows: number) =>
      captured.run({ x: float32([rows, 100], new Float32Array(rows * 100).fill(1)) }).y.data;
    run(1);
    run(1);
    assert.equal(sessionCacheSize().sessions, held + 1);
    run(2);
    run(3);
    assert.equal(sessionCacheSize().sessions, held + 3);
    setMemory(2);
    assert.equal(run(1)[0], 100); // made again
    assert.equal(sessionCacheSize().sessions, 1);
    setMemory(2 ** 30);
    captured.dispose();
    assert.deepEqual(sessionCacheSize(), { sessions: 0, bytes: 0 });
    weight.dispose();
  });

  test("runs independent rows in slices, and joins what comes out", () => {
    const weight = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const fn: TensorFunction = ({ x, whole, shift }) => ({
      y: tf.add(tf.matMul(x.reshape([-1, 2]), weight), shift).reshape([-1, 300, 2]),
      late: tf.greater(whole, 2),
    });
    for (const rows of [1, 2, 7, 9]) {
      const size = rows * 600;
      const inputs = {
        x: float32([rows, 300, 2], normal("x", [size], 1)),
        whole: int32(
          [rows],
          new Int32Array(rows).map((_, i) => i),
        ),
        shift: float32([2], Float32Array.of(3, 4)),
      };
      const captured = capture(fn, { independentRows: ["x", "whole"] });
      assert.deepEqual(captured.run(inputs), capture(fn).run(inputs));
      captured.dispose();
    }
    weight.dispose();
  });

  test("is a standard file that ONNX Runtime's public interface loads", async () => {
    const { weights } = classifier("houlsby");
    const frozen = toTensors(weights);
    const captured = capture(({ ids, mask }) => ({
      hidden: forward(frozen, config, { inputIds: ids, attentionMask: mask }).lastHiddenState,
    }));
    const inputs = { ids: batchInputs.ids, mask: batchInputs.mask };
    const session = await ort.InferenceSession.create(captured.toOnnx(inputs));
    assert.deepEqual([session.inputNames, session.outputNames], [["ids", "mask"], ["hidden"]]);
    const feed = (name: "ids" | "mask") => new ort.Tensor("int32", inputs[name].data, inputs[name].shape);
    const { hidden } = await session.run({ ids: feed("ids"), mask: feed("mask") });
    const expected = captured.run(inputs).hidden;
    // Its default settings fuse more, so the last bits differ.
    const loaded = float32([...hidden.dims], hidden.data as Float32Array);
    assert.deepEqual(loaded.shape, expected.shape);
    assert.ok(worstDifference({ hidden: loaded }, { hidden: expected }) < 1e-5);
    await session.release();
    tf.dispose(frozen);
  });

  test("refuses what it cannot record, names it, and leaves no tensor behind", () => {
    const x = float32([2, 2], Float32Array.of(1, 2, 3, 4));
    const before = tf.memory().numTensors;
    const refuses = (fn: TensorFunction, message: RegExp) => {
      assert.throws(
        () => capture(fn).run({ x }),
        (error: Error) => error instanceof CaptureError && message.test(error.message),
      );
      assert.equal(tf.getBackend(), "cpu");
      assert.equal(tf.memory().numTensors, before);
    };
    refuses((t) => ({ y: t.x.sum().dataSync()[0] > 0 ? t.x : t.x.neg() }), /read the numbers of a tensor.*tf\.where/);
    refuses((t) => ({ y: tf.add(t.x, tf.randomNormal([2, 2])) }), /tf\.randomNormal draws.*pass them as an input/);
    refuses((t) => ({ y: tf.dropout(t.x, 0.5) }), /tf\.(dropout|randomUniform) draws/);
    refuses((t) => ({ y: tf.atan2(t.x, t.x) }), /operator Atan2 has no ONNX node/);
    refuses(
      (t) => ({ y: tf.add(tf.cast(t.x, "bool"), tf.cast(t.x, "bool")) }),
      /operator Add has no ONNX node for arithmetic on bool/,
    );
    refuses(
      (t) => ({ y: tf.grad((z: tf.Tensor) => tf.sum(tf.atan(tf.mul(z, z))))(t.x) }),
      /operator Atan has no ONNX node/,
    );
    refuses((t) => capture(() => ({ y: tf.scalar(1) })).run({}) && t, /called another capture/);
    const own = () => {
      throw new Error("an error of the function's own");
    };
    assert.throws(() => capture(own).run({ x }), /an error of the function's own/);
  });

  test("compile runs what is refused one operation at a time, and says why", async () => {
    registerOnnxBackend();
    await tf.setBackend("onnx");
    const x = float32([2], Float32Array.of(-3, 2));
    const refused = compile((t) => ({ y: tf.atan2(t.x, t.x) }));
    assert.deepEqual(refused.run({ x }).y.data, Float32Array.of(Math.atan2(-3, -3), Math.PI / 4));
    assert.match(refused.how, /operation by operation: The operator Atan2/);
    const taken = compile((t) => ({ y: tf.abs(t.x) }));
    assert.deepEqual(taken.run({ x }).y.data, Float32Array.of(3, 2));
    assert.match(taken.how, /captured/);
    await tf.setBackend("cpu");
  });

  test("holds no more memory after 1,000 training steps than after 100", () => {
    const { weights, trainable, loss } = classifier("houlsby");
    const frozen = toTensors(weights);
    const captured = capture(gradientFunction(frozen, Object.keys(trainable), loss));
    const inputs = { ...batchInputs, ...trainable };
    const resident = (steps: number) => {
      for (let i = 0; i < steps; i++) captured.run(inputs);
      return process.memoryUsage().rss;
    };
    const tensors = tf.memory().numTensors;
    const early = resident(100);
    const late = resident(900);
    assert.equal(tf.memory().numTensors, tensors);
    assert.ok(late - early < 50e6, `${((late - early) / 1e6).toFixed()} MB more`);
    captured.dispose();
    tf.dispose(frozen);
  });
});
