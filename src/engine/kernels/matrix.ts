import type { Graph, Value } from "../graph.js";
import { sizeOf } from "../tensor-data.js";
import { binary } from "./elementwise.js";
import { transpose } from "./shape.js";
import { broadcastShape, cast, type KernelTable, NoNodeError, reshape, sameShape } from "./table.js";

/** Swaps the last two axes. */
function swapLast(graph: Graph, x: Value): Value {
  const rank = x.shape.length;
  return transpose(graph, x, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
}

/** Whether nothing but settings and constants decides the value. */
function isConstant(value: Value): boolean {
  return value.constant !== undefined || (value.node?.inputs.every((input) => !input || isConstant(input)) ?? false);
}

/**
 * alpha · op(a) op(b) over the last two axes, op a transpose where asked; earlier axes broadcast.
 * A constant operand is transposed once, when the session is made.
 */
export function matMul(graph: Graph, a: Value, b: Value, { transA = false, transB = false, alpha = 1 } = {}): Value {
  const scaledA = scaleOf(a);
  if (scaledA) return matMul(graph, scaledA.of, b, { transA, transB, alpha: alpha * scaledA.scale });
  const scaledB = scaleOf(b);
  if (scaledB) return matMul(graph, a, scaledB.of, { transA, transB, alpha: alpha * scaledB.scale });
  const [rows, innerA] = transA ? a.shape.slice(-2).reverse() : a.shape.slice(-2);
  const columns = transB ? b.shape[b.shape.length - 2] : b.shape[b.shape.length - 1];
  const shape = [...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
  if (innerA === 0 || shape.includes(0)) return graph.fill(shape, 0, a.dtype);
  const output = { shape, dtype: a.dtype };
  const plain = a.dtype !== "float32";
  const left = transA && (plain || isConstant(a)) ? swapLast(graph, a) : a;
  const right = transB && (plain || isConstant(b)) ? swapLast(graph, b) : b;
  const flags = { transA: transA && left === a ? 1 : 0, transB: transB && right === b ? 1 : 0 };
  if (!flags.transA && !flags.transB && alpha === 1) return graph.node("MatMul", [left, right], output);
  return graph.contrib("FusedMatMul", [left, right], output, { ...flags, alpha: { float: alpha } });
}

/** Rows of `x` along `axis`, chosen by number. */
function gather(graph: Graph, x: Value, indices: Value, axis: number): Value {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  if (shape.includes(0)) return graph.fill(shape, 0, x.dtype);
  return graph.node("Gather", [x, cast(graph, indices, "int32")], { shape, dtype: x.dtype }, { axis });
}

/** Adds `updates` to zeros, each at the place that its row of numbers names. */
function scatterAdd(graph: Graph, updates: Value, places: Value, shape: number[]): Value {
  if (updates.shape.includes(0) || shape.includes(0)) return graph.fill(shape, 0, updates.dtype);
  const zeros = graph.node("Expand", [graph.scalar(0, updates.dtype), graph.int64s(shape)], {
    shape,
    dtype: updates.dtype,
  });
  const indices = cast(graph, places, "int64");
  return graph.node("ScatterND", [zeros, indices, updates], { shape, dtype: updates.dtype }, { reduction: "add" });
}

/** x and c, where a value is c·x with one number c: the product takes the scale in, for nothing. */
function scaleOf(value: Value): { of: Value; scale: number } | undefined {
  if (value.node?.op !== "Mul" || value.dtype !== "float32") return undefined;
  const [a, b] = value.node.inputs as [Value, Value];
  if (b.splat !== undefined && sameShape(a.shape, value.shape)) return { of: a, scale: b.splat };
  if (a.splat !== undefined && sameShape(b.shape, value.shape)) return { of: b, scale: a.splat };
  return undefined;
}

/** Kernels of matrices and of rows chosen by number. */
export const matrixKernels: KernelTable = {
  BatchMatMul: (graph, { a, b }, { transposeA, transposeB }) =>
    matMul(graph, a, b, { transA: !!transposeA, transB: !!transposeB }),
  GatherV2(graph, { x, indices }, { axis, batchDims }) {
    const at = ((axis as number) + x.shape.length) % x.shape.length;
    if (batchDims) throw new NoNodeError("gather with batchDims");
    return gather(graph, x, indices, at);
  },
  GatherNd(graph, { params, indices }) {
    const depth = indices.shape[indices.shape.length - 1];
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    if (shape.includes(0)) return graph.fill(shape, 0, params.dtype);
    return graph.node("GatherND", [params, cast(graph, indices, "int64")], { shape, dtype: params.dtype });
  },
  ScatterNd: (graph, { indices, updates }, { shape }) => scatterAdd(graph, updates, indices, shape as number[]),
  UnsortedSegmentSum(graph, { x, segmentIds }, { numSegments }) {
    const count = numSegments as number;
    const rows = sizeOf(segmentIds.shape);
    const rest = x.shape.slice(segmentIds.shape.length);
    const updates = reshape(graph, x, [rows, ...rest]);
    const ids = reshape(graph, cast(graph, segmentIds, "int32"), [rows, 1]);
    // A number outside [0, numSegments) adds nothing.
    const atLeast = binary(graph, "GreaterOrEqual", ids, graph.scalar(0, "int32"), "bool");
    const valid = binary(graph, "And", atLeast, binary(graph, "Less", ids, graph.scalar(count, "int32"), "bool"));
    const mask = reshape(graph, valid, [rows, ...rest.map(() => 1)]);
    const kept = graph.node("Where", [mask, updates, graph.scalar(0, x.dtype)], updates);
    const place = graph.node("Where", [valid, ids, graph.scalar(0, "int32")], ids);
    return scatterAdd(graph, kept, place, [count, ...rest]);
  },
  OneHot(graph, { indices }, { depth, onValue, offValue, dtype }) {
    const type = ((dtype as string | undefined) ?? "int32") as Value["dtype"];
    const shape = [...indices.shape, depth as number];
    if (shape.includes(0)) return graph.fill(shape, 0, type);
    // By comparison rather than ONNX OneHot, which counts negative numbers from the end.
    const classes = graph.constant(
      Int32Array.from({ length: depth as number }, (_, i) => i),
      [depth as number],
      "int32",
    );
    const column = reshape(graph, cast(graph, indices, "int32"), [...indices.shape, 1]);
    const hit = graph.node("Equal", [column, classes], { shape, dtype: "bool" });
    if (onValue === 1 && offValue === 0) return cast(graph, hit, type);
    const on = graph.scalar(onValue as number, type);
    return graph.node("Where", [hit, on, graph.scalar(offValue as number, type)], { shape, dtype: type });
  },
  TopK(graph, { x }, { k, sorted }) {
    const shape = [...x.shape.slice(0, -1), k as number];
    const [values, indices] = graph.nodes(
      "TopK",
      [x, graph.int64s([k as number])],
      [
        { shape, dtype: x.dtype },
        { shape, dtype: "int64" },
      ],
      { axis: -1, largest: 1, sorted: sorted ? 1 : 0 },
    );
    return [values, cast(graph, indices, "int32")];
  },
};
