import type { Graph, Value } from "../graph.js";
import { axesOf, cast, type KernelTable, NoNodeError, reshape } from "./table.js";

/** `x` with its axes in another order. */
export function transpose(graph: Graph, x: Value, perm: readonly number[]): Value {
  const shape = perm.map((axis) => x.shape[axis]);
  const moved = perm.filter((axis) => x.shape[axis] !== 1);
  // Moving axes of length 1 moves no number.
  if (moved.every((axis, i) => i === 0 || moved[i - 1] < axis)) return reshape(graph, x, shape);
  if (x.node?.op === "Transpose") {
    const inner = x.node.attributes.perm as number[];
    return transpose(
      graph,
      x.node.inputs[0] as Value,
      perm.map((axis) => inner[axis]),
    );
  }
  return graph.node("Transpose", [x], { shape, dtype: x.dtype }, { perm: [...perm] });
}

function slice(graph: Graph, x: Value, begin: readonly number[], end: readonly number[]): Value {
  const axes = x.shape.map((_, i) => i).filter((i) => begin[i] !== 0 || end[i] !== x.shape[i]);
  if (axes.length === 0) return x;
  const shape = x.shape.map((_, i) => end[i] - begin[i]);
  const pick = (list: readonly number[]) => graph.int64s(axes.map((i) => list[i]));
  return graph.node("Slice", [x, pick(begin), pick(end), graph.int64s(axes)], { shape, dtype: x.dtype });
}

function concat(graph: Graph, values: Value[], axis: number): Value {
  const full = values.filter((value) => !value.shape.includes(0));
  const shape = values[0].shape.slice();
  shape[axis] = values.reduce((sum, value) => sum + value.shape[axis], 0);
  if (full.length === 0) return graph.fill(shape, 0, values[0].dtype);
  if (full.length === 1) return full[0];
  return graph.node("Concat", full, { shape, dtype: full[0].dtype }, { axis });
}

/** Kernels that move numbers without changing them, or make them from settings alone. */
export const shapeKernels: KernelTable = {
  Reshape(graph, { x }, { shape }) {
    const wanted = (shape as number[]).slice();
    const known = wanted.reduce((product, length) => (length < 0 ? product : product * length), 1);
    const size = x.shape.reduce((product, length) => product * length, 1);
    return reshape(
      graph,
      x,
      wanted.map((length) => (length < 0 ? size / known : length)),
    );
  },
  ExpandDims(graph, { input }, { dim }) {
    const at = (dim as number) < 0 ? input.shape.length + 1 + (dim as number) : (dim as number);
    return reshape(graph, input, [...input.shape.slice(0, at), 1, ...input.shape.slice(at)]);
  },
  Transpose: (graph, { x }, { perm }) => transpose(graph, x, perm as number[]),
  Slice(graph, { x }, { begin, size }) {
    const starts = [begin].flat() as number[];
    const sizes = [size].flat() as number[];
    const from = x.shape.map((_, i) => starts[i] ?? 0);
    const to = x.shape.map((length, i) => ((sizes[i] ?? -1) < 0 ? length : from[i] + sizes[i]));
    return slice(graph, x, from, to);
  },
  Concat(graph, inputs, { axis }) {
    const values = Object.values(inputs);
    return concat(graph, values, axesOf(axis, values[0].shape.length)[0]);
  },
  Pack(graph, inputs, { axis }) {
    const values = Object.values(inputs);
    const [at] = axesOf(axis, values[0].shape.length + 1);
    const shape = [...values[0].shape.slice(0, at), 1, ...values[0].shape.slice(at)];
    return concat(
      graph,
      values.map((value) => reshape(graph, value, shape)),
      at,
    );
  },
  Unpack(graph, { value }, { axis }) {
    const [at] = axesOf(axis, value.shape.length);
    const shape = value.shape.filter((_, i) => i !== at);
    return Array.from({ length: value.shape[at] }, (_, i) => {
      const begin = value.shape.map((_length, j) => (j === at ? i : 0));
      const end = value.shape.map((length, j) => (j === at ? i + 1 : length));
      return reshape(graph, slice(graph, value, begin, end), shape);
    });
  },
  SplitV(graph, { x }, { numOrSizeSplits, axis }) {
    const [at] = axesOf(axis, x.shape.length);
    const parts = numOrSizeSplits as number | number[];
    const known = Array.isArray(parts) ? parts : Array<number>(parts).fill(x.shape[at] / parts);
    const rest = x.shape[at] - known.reduce((sum, length) => sum + Math.max(length, 0), 0);
    let start = 0;
    return known.map((given) => {
      const length = given < 0 ? rest : given;
      const begin = x.shape.map((_, j) => (j === at ? start : 0));
      const end = x.shape.map((full, j) => (j === at ? start + length : full));
      start += length;
      return slice(graph, x, begin, end);
    });
  },
  Tile(graph, { x }, { reps }) {
    const repeats = reps as number[];
    const shape = x.shape.map((length, i) => length * repeats[i]);
    if (x.splat !== undefined) return graph.fill(shape, x.splat, x.dtype);
    // Repeating axes of length 1 is a broadcast, which later operators may read unexpanded.
    if (x.shape.every((length, i) => length === 1 || repeats[i] === 1)) {
      if (repeats.every((times) => times === 1)) return x;
      return graph.node("Expand", [x, graph.int64s(shape)], { shape, dtype: x.dtype });
    }
    return graph.node("Tile", [x, graph.int64s(repeats)], { shape, dtype: x.dtype });
  },
  PadV2(graph, { x }, { paddings, constantValue }) {
    const pairs = paddings as [number, number][];
    const shape = x.shape.map((length, i) => length + pairs[i][0] + pairs[i][1]);
    if (x.shape.includes(0)) return graph.fill(shape, constantValue as number, x.dtype);
    const pads = graph.int64s([...pairs.map((pair) => pair[0]), ...pairs.map((pair) => pair[1])]);
    return graph.node("Pad", [x, pads, graph.scalar(constantValue as number, x.dtype)], { shape, dtype: x.dtype });
  },
  Reverse(graph, { x }, { dims }) {
    const axes = axesOf(dims, x.shape.length).filter((axis) => x.shape[axis] > 1);
    if (axes.length === 0) return x;
    const list = (number: number) => graph.int64s(axes.map(() => number));
    // Stepping back from the last element to before the first.
    const inputs = [x, list(-1), list(-(2 ** 31)), graph.int64s(axes), list(-1)];
    return graph.node("Slice", inputs, x);
  },
  Fill(graph, _inputs, { shape, value, dtype }) {
    if (typeof value !== "number") throw new NoNodeError("a fill with text");
    return graph.fill(shape as number[], value, (dtype as Value["dtype"] | undefined) ?? "float32");
  },
  ZerosLike: (graph, { x }) => graph.fill(x.shape, 0, x.dtype),
  OnesLike: (graph, { x }) => graph.fill(x.shape, 1, x.dtype),
  Range(graph, _inputs, { start, stop, step, dtype }) {
    const [from, to, by] = [start, stop, step] as number[];
    if (from === to || (from < to && by < 0) || (to < from && by > 1))
      return graph.fill([0], 0, dtype as Value["dtype"]);
    const length = Math.abs(Math.ceil((to - from) / by));
    const pace = to < from && by === 1 ? -1 : by;
    const numbers = new Float32Array(length);
    for (let i = 0; i < length; i++) numbers[i] = i === 0 ? from : numbers[i - 1] + pace;
    return cast(graph, graph.constant(numbers, [length], "float32"), dtype as Value["dtype"]);
  },
};
