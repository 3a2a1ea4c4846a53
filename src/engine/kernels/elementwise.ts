import type { Graph, Value } from "../graph.js";
import { broadcastShape, cast, expand, type KernelTable, type KernelWriter, NoNodeError, sameShape } from "./table.js";

/** An elementwise operator of two tensors; an expanded or constant operand is read unexpanded. */
export function binary(graph: Graph, op: string, a: Value, b: Value, dtype = a.dtype): Value {
  const shape = broadcastShape(a.shape, b.shape);
  const simple = simplified(graph, op, a, b, shape);
  if (simple) return simple;
  const left = unexpanded(graph, a);
  const right = unexpanded(graph, b);
  // One of the two must still give the result its shape.
  if (sameShape(broadcastShape(left.shape, right.shape), shape)) return write(graph, op, left, right, shape, dtype);
  if (sameShape(broadcastShape(a.shape, right.shape), shape)) return write(graph, op, a, right, shape, dtype);
  if (sameShape(broadcastShape(left.shape, b.shape), shape)) return write(graph, op, left, b, shape, dtype);
  return write(graph, op, a, b, shape, dtype);
}

function write(graph: Graph, op: string, a: Value, b: Value, shape: number[], dtype: Value["dtype"]): Value {
  return graph.node(op, [a, b], { shape, dtype });
}

/** x·1, x+0, x−0, x/1, expanded where the constant gave the shape. */
function simplified(graph: Graph, op: string, a: Value, b: Value, shape: number[]): Value | undefined {
  const neutral = { Mul: 1, Div: 1, Add: 0, Sub: 0 }[op];
  if (neutral === undefined) return undefined;
  if (b.splat === neutral) return expand(graph, a, shape);
  if (a.splat === neutral && (op === "Mul" || op === "Add")) return expand(graph, b, shape);
  return undefined;
}

function unexpanded(graph: Graph, value: Value): Value {
  if (value.splat !== undefined) return graph.scalar(value.splat, value.dtype);
  return value.node?.op === "Expand" ? (value.node.inputs[0] as Value) : value;
}

/** An elementwise operator of one tensor. */
export function unary(graph: Graph, op: string, x: Value, dtype = x.dtype): Value {
  return graph.node(op, [x], { shape: x.shape, dtype });
}

/** A float function of tfjs, which turns other types into float32 first. */
const float =
  (op: string): KernelWriter =>
  (graph, { x }) =>
    unary(graph, op, cast(graph, x, "float32"));

const arithmetic =
  (op: string): KernelWriter =>
  (graph, { a, b }) => {
    if (a.dtype === "bool") throw new NoNodeError("arithmetic on bool; cast to int32 or float32 first");
    return binary(graph, op, a, b);
  };

const comparison =
  (op: string, negated = false): KernelWriter =>
  (graph, { a, b }) => {
    const [left, right] = a.dtype === "bool" ? [cast(graph, a, "int32"), cast(graph, b, "int32")] : [a, b];
    const result = binary(graph, op, left, right, "bool");
    return negated ? unary(graph, "Not", result) : result;
  };

const logical =
  (op: string): KernelWriter =>
  (graph, { a, b }) =>
    binary(graph, op, cast(graph, a, "bool"), cast(graph, b, "bool"));

/** Kernels that work on one element at a time. */
export const elementwiseKernels: KernelTable = {
  Identity: (_graph, { x }) => x,
  Cast(graph, { x }, { dtype }) {
    if (dtype !== "float32" && dtype !== "int32" && dtype !== "bool") throw new NoNodeError(`cast to ${dtype}`);
    return cast(graph, x, dtype);
  },

  Add: arithmetic("Add"),
  Sub: arithmetic("Sub"),
  Multiply: arithmetic("Mul"),
  RealDiv: (graph, { a, b }) => binary(graph, "Div", cast(graph, a, "float32"), cast(graph, b, "float32")),
  FloorDiv(graph, { a, b }) {
    // Exact for int32, since float64 holds every quotient to within less than one step. int32 for every type, as in tfjs.
    const wide = a.dtype === "float32" ? "float32" : "float64";
    const quotient = binary(graph, "Div", cast(graph, a, wide), cast(graph, b, wide));
    return cast(graph, unary(graph, "Floor", quotient), "int32");
  },
  Maximum: arithmetic("Max"),
  Minimum: arithmetic("Min"),
  Pow: arithmetic("Pow"),
  SquaredDifference(graph, { a, b }) {
    const difference = binary(graph, "Sub", a, b);
    return binary(graph, "Mul", difference, difference);
  },
  AddN: (graph, inputs) => Object.values(inputs).reduce((sum, value) => binary(graph, "Add", sum, value)),

  Neg: (graph, { x }) => unary(graph, "Neg", x),
  Abs: (graph, { x }) => unary(graph, "Abs", x),
  Sign: (graph, { x }) => unary(graph, "Sign", x),
  Square: (graph, { x }) => binary(graph, "Mul", x, x),
  Exp: float("Exp"),
  Log: float("Log"),
  Log1p: (graph, { x }) =>
    unary(graph, "Log", binary(graph, "Add", cast(graph, x, "float32"), graph.scalar(1, "float32"))),
  Sqrt: float("Sqrt"),
  Rsqrt: (graph, { x }) => reciprocal(graph, unary(graph, "Sqrt", cast(graph, x, "float32"))),
  Reciprocal: (graph, { x }) => reciprocal(graph, cast(graph, x, "float32")),
  Sin: float("Sin"),
  Cos: float("Cos"),
  Tanh: float("Tanh"),
  Sigmoid: float("Sigmoid"),
  Softplus: float("Softplus"),
  Erf: float("Erf"),
  Floor: float("Floor"),
  Ceil: float("Ceil"),
  Round: float("Round"),
  Relu: (graph, { x }) => unary(graph, "Relu", x),
  Step(graph, { x }, { alpha }) {
    // 1 where x > 0, else α; a NaN stays.
    const positive = binary(graph, "Greater", x, graph.scalar(0, x.dtype), "bool");
    if (!alpha) return cast(graph, positive, "float32");
    const slope = graph.scalar(alpha as number, "float32");
    return graph.node("Where", [positive, graph.scalar(1, "float32"), slope], { shape: x.shape, dtype: "float32" });
  },
  ClipByValue: (graph, { x }, { clipValueMin, clipValueMax }) =>
    graph.node(
      "Clip",
      [x, graph.scalar(clipValueMin as number, x.dtype), graph.scalar(clipValueMax as number, x.dtype)],
      x,
    ),
  IsNan: (graph, { x }) => unary(graph, "IsNaN", x, "bool"),

  Equal: comparison("Equal"),
  NotEqual: comparison("Equal", true),
  Greater: comparison("Greater"),
  GreaterEqual: comparison("GreaterOrEqual"),
  Less: comparison("Less"),
  LessEqual: comparison("LessOrEqual"),
  LogicalAnd: logical("And"),
  LogicalOr: logical("Or"),
  LogicalNot: (graph, { x }) => unary(graph, "Not", cast(graph, x, "bool")),
  Select(graph, { condition, t, e }) {
    // A rank-1 condition chooses whole rows.
    const rows = condition.shape.length === 1 && t.shape.length > 1;
    const shape = rows ? [...condition.shape, ...t.shape.slice(1).map(() => 1)] : condition.shape;
    const chooser = rows
      ? graph.node("Reshape", [condition, graph.int64s(shape)], { shape, dtype: "bool" }, { allowzero: 1 })
      : condition;
    return graph.node("Where", [chooser, t, e], { shape: t.shape, dtype: t.dtype });
  },
};

function reciprocal(graph: Graph, x: Value): Value {
  return unary(graph, "Reciprocal", x);
}
