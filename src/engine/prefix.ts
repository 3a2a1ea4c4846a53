import type { Graph, Value } from "./graph.js";
import { sizeOf } from "./tensor-data.js";

/** Operators of so much work that it pays to keep what they give. */
const HEAVY = new Set(["MatMul", "FusedMatMul", "Gemm"]);

/** Operators that only move numbers: what goes in serves as well as what comes out. */
const MOVING = new Set(["Reshape", "Transpose"]);

/** Operators that are done again sooner than their result is fetched. */
const CHEAP = new Set([
  ...MOVING,
  ...["Add", "Sub", "Mul", "Div", "Neg", "Relu", "Sqrt", "Reciprocal", "Cast", "Expand", "Slice", "LayerNormalization"],
  ...["Not", "And", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Where"],
]);

/**
 * Where the part of a graph that depends on the inputs `fixed` alone ends: the values to keep from run to run, so that
 * the rest can be computed from them, the inputs and the constants. Values that are cheap to compute from other kept ones
 * are not among them.
 *
 * @param rows length of the inputs' first axis; a kept value holds one row after another
 * @returns none where that part has no product of matrices, or where its values do not divide into rows
 */
export function prefixBorder(graph: Graph, outputs: readonly Value[], fixed: readonly string[], rows: number): Value[] {
  const { nodes, inputs } = graph.needed(outputs);
  const dependsOn = new Map<Value, "fixed" | "varying">();
  for (const value of inputs) dependsOn.set(value, fixed.includes(value.input as string) ? "fixed" : "varying");
  let heavy = false;
  for (const node of nodes) {
    const found = node.inputs.map((value) => value && dependsOn.get(value));
    const status = found.includes("varying") ? "varying" : found.includes("fixed") ? "fixed" : undefined;
    if (!status) continue; // constants alone
    for (const value of node.outputs) dependsOn.set(value, status);
    heavy ||= status === "fixed" && HEAVY.has(node.op);
  }
  if (!heavy) return [];

  const isFixed = (value: Value | undefined): value is Value => !!value && dependsOn.get(value) === "fixed";
  const border = new Set<Value>();
  const keep = (value: Value | undefined) => {
    if (!isFixed(value) || !value.node) return;
    if (MOVING.has(value.node.op)) keep(value.node.inputs[0]);
    else border.add(value);
  };
  for (const value of outputs) keep(value);
  for (const node of nodes)
    if (dependsOn.get(node.outputs[0]) === "varying") for (const value of node.inputs) keep(value);

  const atHand = (value: Value | undefined, apart: Value): boolean =>
    !isFixed(value) || !value.node || (value !== apart && border.has(value)) || cheaplyMade(value, apart);
  const cheaplyMade = ({ node }: Value, apart: Value): boolean =>
    CHEAP.has(node!.op) && node!.inputs.every((value) => atHand(value, apart));
  // The latest first, so that a sum goes and its terms stay.
  for (const value of [...border].sort((a, b) => b.id - a.id)) if (cheaplyMade(value, value)) border.delete(value);

  const kept = [...border].sort((a, b) => a.id - b.id);
  const inRows = kept.every(({ shape, dtype }) => dtype === "float32" && sizeOf(shape) > 0 && shape[0] % rows === 0);
  return inRows ? kept : [];
}
