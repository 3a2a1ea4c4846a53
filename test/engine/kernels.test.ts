import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { capture } from "#src/engine/capture.js";
import { compile } from "#src/engine/compile.js";
import { kernelTable } from "#src/engine/kernels/index.js";
import { registerOnnxBackend } from "#src/engine/onnx-backend.js";
import { createRandom } from "#src/engine/random.js";
import {
  type DType,
  type NamedTensorData,
  type NamedTensors,
  sizeOf,
  type TensorData,
} from "#src/engine/tensor-data.js";

/** Numbers of either sign, some of them whole, some zero; int32 in ±5. */
function numbers(name: string, shape: number[], dtype: DType = "float32"): TensorData {
  const random = createRandom(`${name}[${shape}]`);
  const draw = { float32: random.normal, int32: () => random.integer(11) - 5, bool: () => random.integer(2) }[dtype];
  const make = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype];
  return { shape, dtype, data: new make(sizeOf(shape)).map(draw) };
}

/** |x| + ½: for logarithms and divisors. */
function positive(host: TensorData): TensorData {
  const data = host.data.map((x: number) => Math.abs(x) + (host.dtype === "float32" ? 0.5 : 1)) as TensorData["data"];
  return { ...host, data };
}

interface Case {
  title: string;
  inputs: NamedTensorData;
  fn(tensors: NamedTensors): tf.Tensor | tf.Tensor[];
}

const cases: Case[] = [];
const add = (title: string, inputs: NamedTensorData, fn: Case["fn"]) => cases.push({ title, inputs, fn });

const pairs: [number[], number[]][] = [
  [[], []],
  [[], [2, 3]],
  [[3], []],
  [
    [4, 1],
    [1, 5],
  ],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [
    [1, 1, 1],
    [2, 1, 2],
  ],
  [
    [0, 3],
    [1, 3],
  ],
  [[2, 0], []],
  [[40, 70], [70]],
];
const arithmetic = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
};
const comparisons = {
  equal: tf.equal,
  notEqual: tf.notEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
};
for (const [a, b] of pairs) {
  for (const dtype of ["float32", "int32"] as const) {
    const inputs = { a: numbers("a", a, dtype), b: numbers("b", b, dtype) };
    for (const [name, op] of Object.entries({ ...arithmetic, ...comparisons })) {
      add(`${name} ${dtype} [${a}] [${b}]`, inputs, (t) => op(t.a, t.b));
    }
    const divisor = { a: inputs.a, b: positive(inputs.b) };
    add(`div ${dtype} [${a}] [${b}]`, divisor, (t) => tf.div(t.a, t.b)); // floorDiv where int32
    add(`floorDiv ${dtype} [${a}] [${b}]`, divisor, (t) => tf.floorDiv(t.a, t.b));
  }
  const powers = { a: positive(numbers("a", a)), b: numbers("b", b) };
  add(`pow [${a}] [${b}]`, powers, (t) => tf.pow(t.a, t.b));
  const truths = { a: numbers("a", a, "bool"), b: numbers("b", b, "bool") };
  add(`logicalAnd [${a}] [${b}]`, truths, (t) => tf.logicalAnd(t.a, t.b));
  add(`logicalOr [${a}] [${b}]`, truths, (t) => tf.logicalOr(t.a, t.b));
  add(`equal bool [${a}] [${b}]`, truths, (t) => tf.equal(t.a, t.b));
}

const unary: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  neg: tf.neg,
  abs: tf.abs,
  sign: tf.sign,
  square: tf.square,
  exp: tf.exp,
  sin: tf.sin,
  cos: tf.cos,
  tanh: tf.tanh,
  sigmoid: tf.sigmoid,
  softplus: tf.softplus,
  erf: tf.erf,
  floor: tf.floor,
  ceil: tf.ceil,
  round: tf.round,
  relu: tf.relu,
  step: (x: tf.Tensor) => tf.step(x, 0.25),
  isNaN: tf.isNaN,
  clip: (x: tf.Tensor) => tf.clipByValue(x, -0.5, 0.75),
  toInt: (x: tf.Tensor) => tf.cast(x, "int32"),
  toBool: (x: tf.Tensor) => tf.cast(x, "bool"),
  zerosLike: tf.zerosLike,
  onesLike: tf.onesLike,
  clone: tf.clone,
};
const unaryPositive: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  log: tf.log,
  log1p: tf.log1p,
  sqrt: tf.sqrt,
  rsqrt: tf.rsqrt,
  reciprocal: tf.reciprocal,
};
for (const shape of [[], [1], [0, 2], [3, 4], [50, 60]]) {
  const x = numbers("x", shape);
  for (const [name, op] of Object.entries(unary)) add(`${name} [${shape}]`, { x }, (t) => op(t.x));
  for (const [name, op] of Object.entries(unaryPositive)) add(`${name} [${shape}]`, { x: positive(x) }, (t) => op(t.x));
  const whole = numbers("x", shape, "int32");
  for (const name of ["neg", "abs", "square", "relu", "sign"] as const) {
    add(`${name} int32 [${shape}]`, { x: whole }, (t) => unary[name](t.x));
  }
  add(`logicalNot [${shape}]`, { x: numbers("x", shape, "bool") }, (t) => tf.logicalNot(t.x));
  add(`cast bool to float [${shape}]`, { x: numbers("x", shape, "bool") }, (t) => tf.cast(t.x, "float32"));
  add(`cast int to float [${shape}]`, { x: whole }, (t) => tf.cast(t.x, "float32"));
}

const reductions = { sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min, prod: tf.prod };
const reducible: [number[], number | number[] | undefined][] = [
  [[], undefined],
  [[5], 0],
  [[2, 3, 4], undefined],
  [[2, 3, 4], -1],
  [
    [2, 3, 4],
    [0, 2],
  ],
  [
    [2, 3, 4],
    [-1, -3],
  ],
  [[2, 1, 4], 1],
  [[60, 70], 0],
];
for (const [shape, axis] of reducible) {
  for (const keep of [false, true]) {
    for (const [name, op] of Object.entries(reductions)) {
      const label = `${name} [${shape}] over ${axis} ${keep}`;
      add(label, { x: numbers("x", shape) }, (t) => op(t.x, axis, keep));
      add(`${label} int32`, { x: numbers("x", shape, "int32") }, (t) => op(t.x, axis, keep));
    }
    const truths = { x: numbers("x", shape, "bool") };
    add(`all [${shape}] over ${axis} ${keep}`, truths, (t) => tf.all(t.x, axis, keep));
    add(`any [${shape}] over ${axis} ${keep}`, truths, (t) => tf.any(t.x, axis, keep));
  }
}
for (const [name, op] of Object.entries({ sum: tf.sum, prod: tf.prod })) {
  add(`${name} over nothing`, { x: numbers("x", [2, 0, 3]) }, (t) => op(t.x, 1));
}
for (const [shape, axis] of [
  [[4, 5], -1],
  [[4, 5], 0],
  [[7], 0],
  [[3, 40, 50], 1],
] as [number[], number][]) {
  const x = numbers("x", shape);
  add(`argMax [${shape}] ${axis}`, { x }, (t) => tf.argMax(t.x, axis));
  add(`argMin [${shape}] ${axis}`, { x }, (t) => tf.argMin(t.x, axis));
  add(`argMax int32 [${shape}] ${axis}`, { x: numbers("x", shape, "int32") }, (t) => tf.argMax(t.x, axis));
  const along = axis < 0 ? axis + shape.length : axis; // the cpu backend mistakes a negative axis
  for (const exclusive of [false, true]) {
    for (const reverse of [false, true]) {
      add(`cumsum [${shape}] ${along} ${exclusive} ${reverse}`, { x }, (t) =>
        tf.cumsum(t.x, along, exclusive, reverse),
      );
    }
  }
}
for (const shape of [[1], [5], [2, 3], [1, 3, 4], [30, 80]]) {
  const x = { ...numbers("x", shape), data: numbers("x", shape).data.map((v: number) => 30 * v) as Float32Array };
  add(`softmax [${shape}]`, { x }, (t) => tf.softmax(t.x));
  add(`logSoftmax [${shape}]`, { x }, (t) => tf.logSoftmax(t.x));
}

const x234 = { x: numbers("x", [2, 3, 4]) };
add("reshape to rank 0", { x: numbers("x", [1, 1]) }, (t) => tf.reshape(t.x, []));
add("reshape with −1", x234, (t) => tf.reshape(t.x, [-1, 6]));
add("reshape of nothing", { x: numbers("x", [0, 3]) }, (t) => tf.reshape(t.x, [3, 0, 2]));
add("two reshapes that undo each other", x234, (t) => tf.add(tf.reshape(tf.reshape(t.x, [24]), [2, 3, 4]), 1));
for (const axis of [0, 1, -1]) add(`expandDims ${axis}`, x234, (t) => tf.expandDims(t.x, axis));
for (const perm of [
  [0, 1, 2],
  [2, 0, 1],
  [0, 2, 1],
  [2, 1, 0],
])
  add(`transpose ${perm}`, x234, (t) => tf.transpose(t.x, perm));
add("transposes in a row", x234, (t) => tf.transpose(tf.transpose(t.x, [2, 0, 1]), [1, 0, 2]));
add("transpose of length-1 axes", { x: numbers("x", [1, 3, 1]) }, (t) => tf.transpose(t.x, [1, 0, 2]));
add("transpose int32", { x: numbers("x", [50, 60], "int32") }, (t) => tf.transpose(t.x));
add("slice", x234, (t) => tf.slice(t.x, [0, 1, 2], [2, 2, -1]));
add("slice to nothing", x234, (t) => tf.slice(t.x, [0, 1, 2], [2, 0, 1]));
add("slice bool", { x: numbers("x", [4, 5], "bool") }, (t) => tf.slice(t.x, [1, 0], [2, 5]));
add("concat", { a: numbers("a", [2, 3]), b: numbers("b", [2, 1]) }, (t) => tf.concat([t.a, t.b, t.a], -1));
add("concat with nothing", { a: numbers("a", [2, 3]), b: numbers("b", [0, 3]) }, (t) => tf.concat([t.a, t.b], 0));
for (const axis of [0, 1, -1])
  add(`stack ${axis}`, { a: numbers("a", [2, 3]), b: numbers("b", [2, 3]) }, (t) => tf.stack([t.a, t.b], axis));
for (const axis of [0, -1]) add(`unstack ${axis}`, x234, (t) => tf.unstack(t.x, axis));
add("split in equal parts", x234, (t) => tf.split(t.x, 2, 2));
add("split by sizes", x234, (t) => tf.split(t.x, [1, 3], -1));
add("tile", x234, (t) => tf.tile(t.x, [1, 2, 3]));
add("tile of length-1 axes", { x: numbers("x", [2, 1, 4]) }, (t) => tf.tile(t.x, [1, 3, 1]));
add("broadcastTo, then a sum", { x: numbers("x", [4, 1]) }, (t) => tf.sum(tf.broadcastTo(t.x, [4, 6]), 1));
add("broadcastTo of both operands", { x: numbers("x", [4, 1]) }, (t) =>
  tf.mul(tf.broadcastTo(t.x, [4, 6]), tf.broadcastTo(t.x, [4, 6])),
);
add("pad", x234, (t) =>
  tf.pad(
    t.x,
    [
      [0, 1],
      [2, 0],
      [0, 0],
    ],
    0.5,
  ),
);
add("pad of nothing", { x: numbers("x", [0, 2]) }, (t) =>
  tf.pad(t.x, [
    [1, 1],
    [0, 0],
  ]),
);
add("reverse", x234, (t) => tf.reverse(t.x, [0, -1]));
add("where", { c: numbers("c", [2, 3], "bool"), a: numbers("a", [2, 3]), b: numbers("b", [2, 3]) }, (t) =>
  tf.where(t.c, t.a, t.b),
);
add("where by broadcasting", { c: numbers("c", [3, 1], "bool"), a: numbers("a", [3, 4]), b: numbers("b", []) }, (t) =>
  tf.where(t.c, t.a, t.b),
);
add("fill, range and addN", { a: numbers("a", [4]) }, (t) =>
  tf.addN([t.a, tf.fill([4], 2.5), tf.cast(tf.range(0, 8, 2), "float32"), tf.range(4, 0)]),
);
add("constants that leave a number as it is", x234, (t) =>
  tf.div(tf.mul(tf.add(t.x, tf.zeros([2, 3, 4])), tf.ones([3, 4])), 1),
);

const products: [number[], number[], boolean, boolean][] = [
  [[3, 4], [4, 5], false, false],
  [[4, 3], [4, 5], true, false],
  [[3, 4], [5, 4], false, true],
  [[4, 3], [5, 4], true, true],
  [[2, 3, 4], [2, 4, 5], false, false],
  [[2, 3, 4], [1, 5, 4], false, true],
  [[2, 6, 4, 3], [1, 1, 4, 2], true, false],
  [[1, 1], [1, 1], false, true],
  [[0, 4], [4, 5], false, false],
  [[3, 0], [0, 5], false, false],
  [[70, 60], [50, 60], false, true],
];
for (const [a, b, transA, transB] of products) {
  const inputs = { a: numbers("a", a), b: numbers("b", b) };
  add(`matMul [${a}] [${b}] ${transA} ${transB}`, inputs, (t) => tf.matMul(t.a, t.b, transA, transB));
  const constant = numbers("b", b);
  add(`matMul [${a}] constant [${b}] ${transA} ${transB}`, { a: inputs.a }, (t) =>
    tf.matMul(t.a, tf.tensor(constant.data, b), transA, transB),
  );
}
add("scaled matMul of scaled operands", { a: numbers("a", [2, 3, 4]), b: numbers("b", [2, 5, 4]) }, (t) =>
  tf.mul(tf.matMul(tf.mul(t.a, 0.5), tf.mul(3, t.b), false, true), 0.25),
);

const ids = (shape: number[], below: number): TensorData => ({
  ...numbers("ids", shape, "int32"),
  data: Int32Array.from({ length: sizeOf(shape) }, (_, i) => (i * 7 + 3) % below),
});
for (const [shape, axis] of [
  [[6, 3], 0],
  [[2, 6], -1],
  [[2, 6, 3], 1],
] as [number[], number][]) {
  for (const index of [[], [4], [2, 3], [0]]) {
    add(`gather [${shape}] ${axis} by [${index}]`, { x: numbers("x", shape), i: ids(index, 6) }, (t) =>
      tf.gather(t.x, t.i as tf.Tensor1D, axis),
    );
  }
}
add("gatherND", { x: numbers("x", [4, 4, 2]), i: ids([5, 2], 4) }, (t) => tf.gatherND(t.x, t.i));
add("scatterND", { i: ids([5, 1], 4), u: numbers("u", [5, 2]) }, (t) => tf.scatterND(t.i, t.u, [4, 2]));
const segments = { ...ids([6], 4), data: Int32Array.from([0, 3, -1, 0, 7, 2]) };
add("unsortedSegmentSum", { x: numbers("x", [6, 2]), s: segments }, (t) =>
  tf.unsortedSegmentSum(t.x, t.s as tf.Tensor1D, 4),
);
for (const shape of [[], [4], [2, 3]]) {
  add(`oneHot [${shape}]`, { i: numbers("i", shape, "int32") }, (t) => tf.oneHot(t.i, 4));
  add(`oneHot [${shape}] of other numbers`, { i: ids(shape, 4) }, (t) => tf.oneHot(t.i, 3, 0.9, 0.1, "float32"));
}
add("topk", { x: numbers("x", [3, 7]) }, (t) => Object.values(tf.topk(t.x, 4)));

/** The outputs of a case by number, whatever their count. */
const named = (fn: Case["fn"]) => (tensors: NamedTensors) =>
  Object.fromEntries([fn(tensors)].flat().map((tensor, i) => [`out${i}`, tensor]));

function assertClose(actual: NamedTensorData, expected: NamedTensorData, title: string, tolerance = 1e-5): void {
  assert.deepEqual(Object.keys(actual), Object.keys(expected), title);
  for (const [name, { shape, dtype, data }] of Object.entries(expected)) {
    assert.deepEqual([actual[name].shape, actual[name].dtype], [shape, dtype], title);
    data.forEach((value: number, i: number) => {
      const got = actual[name].data[i];
      const near = Object.is(got, value) || got === value || Math.abs(got - value) <= tolerance * (1 + Math.abs(value));
      assert.ok(near, `${title}: ${name}[${i}] is ${got}, not ${value}`);
    });
  }
}

describe("the kernel table", () => {
  before(async () => {
    tf.enableProdMode();
    await tf.setBackend("cpu");
  });
  after(() => tf.setBackend("cpu"));

  test("every kernel, captured, gives what the cpu backend gives", () => {
    for (const { title, inputs, fn } of cases) {
      const captured = capture(named(fn));
      assertClose(captured.run(inputs), compile(named(fn)).run(inputs), title);
      captured.dispose();
    }
  });

  test("every kernel of the table is among the cases, or fused and tested with the operations", async () => {
    const met = new Set<string>();
    for (const { inputs, fn } of cases) {
      const profile = await tf.profile(() => {
        compile(named(fn)).run(inputs);
        return tf.scalar(0);
      });
      for (const name of profile.kernelNames) met.add(name);
    }
    const missing = Object.keys(kernelTable).filter((name) => !met.has(name) && !name.startsWith("Fused"));
    assert.deepEqual(missing, ["LogSoftmax"]); // tfjs itself writes it with other kernels
  });

  test("every kernel, one operation at a time on the onnx backend, gives what the cpu backend gives", async () => {
    const expected = cases.map(({ inputs, fn }) => compile(named(fn)).run(inputs));
    registerOnnxBackend();
    await tf.setBackend("onnx");
    const before = tf.memory().numTensors;
    cases.forEach(({ title, inputs, fn }, i) => {
      // A function that reads numbers is not captured.
      const eager = compile((tensors) => {
        for (const tensor of Object.values(tensors)) tensor.dataSync();
        return named(fn)(tensors);
      });
      assertClose(eager.run(inputs), expected[i], title);
      assert.match(eager.how, /^operation by operation: .*dataSync/);
    });
    assert.equal(tf.memory().numTensors, before);
  });
});
