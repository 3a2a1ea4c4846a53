import type { Graph, Value } from "../graph.js";
import { sizeOf } from "../tensor-data.js";
import { axesOf, cast, type KernelTable, type KernelWriter, reshape } from "./table.js";

/** Reduces `axes`; they stay with length 1 where `keepDims` is set. `empty` is the result over no elements. */
export function reduce(
  graph: Graph,
  op: string,
  x: Value,
  axes: readonly number[],
  keepDims: boolean,
  empty: number,
): Value {
  const kept = x.shape.map((length, i) => (axes.includes(i) ? 1 : length));
  const shape = keepDims ? kept : x.shape.filter((_, i) => !axes.includes(i));
  if (sizeOf(x.shape) === 0) return graph.fill(shape, empty, x.dtype);
  if (axes.every((axis) => x.shape[axis] === 1)) return reshape(graph, x, shape);
  return graph.node(op, [x, graph.int64s(axes)], { shape, dtype: x.dtype }, { keepdims: keepDims ? 1 : 0 });
}

const reduction =
  (op: string, empty: number, dtype?: "float32"): KernelWriter =>
  (graph, { x }, { axis, reductionIndices, keepDims }) =>
    reduce(
      graph,
      op,
      dtype ? cast(graph, x, dtype) : numeric(graph, x),
      axesOf(axis ?? reductionIndices, x.shape.length),
      !!keepDims,
      empty,
    );

/** ONNX reduces no bool: `every` and `some` are the least and the greatest of zeros and ones. */
const quantifier =
  (op: string, empty: number): KernelWriter =>
  (graph, { x }, { axis, keepDims }) => {
    const whole = cast(graph, x, "int32");
    return cast(graph, reduce(graph, op, whole, axesOf(axis, x.shape.length), !!keepDims, empty), "bool");
  };

const position =
  (op: string): KernelWriter =>
  (graph, { x }, { axis }) => {
    const [along] = axesOf(axis ?? 0, x.shape.length);
    const shape = x.shape.filter((_, i) => i !== along);
    const index = graph.node(op, [numeric(graph, x)], { shape, dtype: "int64" }, { axis: along, keepdims: 0 });
    return cast(graph, index, "int32");
  };

function numeric(graph: Graph, x: Value): Value {
  return x.dtype === "bool" ? cast(graph, x, "int32") : x;
}

/** Kernels that reduce or run along axes. */
export const reduceKernels: KernelTable = {
  Sum: reduction("ReduceSum", 0),
  Mean: reduction("ReduceMean", Number.NaN, "float32"),
  Prod: reduction("ReduceProd", 1),
  Max: reduction("ReduceMax", Number.NEGATIVE_INFINITY),
  Min: reduction("ReduceMin", Number.POSITIVE_INFINITY),
  All: quantifier("ReduceMin", 1),
  Any: quantifier("ReduceMax", 0),
  ArgMax: position("ArgMax"),
  ArgMin: position("ArgMin"),
  Softmax: (graph, { logits }, { dim }) =>
    graph.node(
      "Softmax",
      [cast(graph, logits, "float32")],
      { shape: logits.shape, dtype: "float32" },
      {
        axis: axesOf(dim ?? -1, logits.shape.length)[0],
      },
    ),
  LogSoftmax: (graph, { logits }, { axis }) =>
    graph.node(
      "LogSoftmax",
      [cast(graph, logits, "float32")],
      { shape: logits.shape, dtype: "float32" },
      {
        axis: axesOf(axis ?? -1, logits.shape.length)[0],
      },
    ),
  Cumsum: (graph, { x }, { axis, exclusive, reverse }) =>
    graph.node(
      "CumSum",
      [numeric(graph, x), graph.scalar(axesOf(axis, x.shape.length)[0], "int32")],
      numeric(graph, x),
      { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 },
    ),
};
