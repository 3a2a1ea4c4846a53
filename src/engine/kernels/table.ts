import type { Graph, Value } from "../graph.js";

/** Settings of a tfjs kernel. */
export type KernelAttributes = Record<string, unknown>;

/** Writes one tfjs kernel as nodes of a graph. Throws {@link NoNodeError} for what no node can say. */
export type KernelWriter = (
  graph: Graph,
  inputs: Record<string, Value>,
  attributes: KernelAttributes,
) => Value | readonly Value[];

/** Kernels by their tfjs name. */
export type KernelTable = Record<string, KernelWriter>;

/** Thrown where a kernel, or a use of it, has no ONNX node. */
export class NoNodeError extends Error {}

/** The axes of a reduction or shift, counted from 0, sorted. */
export function axesOf(axis: unknown, rank: number): number[] {
  const axes = axis === undefined || axis === null ? [...Array(rank).keys()] : [axis].flat();
  return axes.map((a) => ((a as number) + rank) % rank).sort((a, b) => a - b);
}

/** Shape of an elementwise operation on two tensors. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new Error(`Shapes [${a}] and [${b}] do not broadcast.`);
    return x === 1 ? y : x;
  });
}

/** Whether two shapes are equal. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, i) => length === b[i]);
}

/** `value` with another shape of the same size. */
export function reshape(graph: Graph, value: Value, shape: readonly number[]): Value {
  if (sameShape(value.shape, shape)) return value;
  if (value.constant) return graph.constant(value.constant, shape, value.dtype);
  // A reshape of a reshape reads the first.
  const source = value.node?.op === "Reshape" ? (value.node.inputs[0] as Value) : value;
  if (sameShape(source.shape, shape)) return source;
  return graph.node("Reshape", [source, graph.int64s(shape)], { shape, dtype: value.dtype }, { allowzero: 1 });
}

/** `value` as another element type. */
export function cast(graph: Graph, value: Value, dtype: Value["dtype"]): Value {
  if (value.dtype === dtype) return value;
  if (value.splat !== undefined && dtype !== "bool" && (dtype === "float32" || dtype === "float64")) {
    return graph.fill(value.shape, value.splat, dtype);
  }
  const codes = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 };
  return graph.node("Cast", [value], { shape: value.shape, dtype }, { to: codes[dtype] });
}

/** `value` repeated to a larger shape. */
export function expand(graph: Graph, value: Value, shape: readonly number[]): Value {
  if (sameShape(value.shape, shape)) return value;
  if (value.splat !== undefined) return graph.fill(shape, value.splat, value.dtype);
  return graph.node("Expand", [value, graph.int64s(shape)], { shape, dtype: value.dtype });
}
