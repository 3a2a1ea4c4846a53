import type { Graph, Value } from "../graph.js";
import { binary, unary } from "./elementwise.js";
import { reduce } from "./reduce.js";
import type { KernelTable } from "./table.js";

const scalar = (graph: Graph, number: number) => graph.scalar(number, "float32");

/**
 * Operations that tfjs has no kernel for and ONNX Runtime runs as one or a few nodes, with their gradients.
 * `fused.ts` in the folder above declares them to tfjs.
 */
export const fusedKernels: KernelTable = {
  FusedGelu: (graph, { x }) => unary(graph, "Gelu", x),

  /** dx = dy (Φ(x) + x φ(x)) = ½dy · (1 + erf(t) + t · 2/√π · exp(−t²)), t = x/√2. */
  FusedGeluGrad(graph, { dy, x }) {
    const t = binary(graph, "Mul", x, scalar(graph, Math.SQRT1_2));
    const square = binary(graph, "Mul", t, t);
    const bell = unary(graph, "Exp", binary(graph, "Sub", scalar(graph, Math.log(2 / Math.sqrt(Math.PI))), square));
    const slope = binary(graph, "Add", unary(graph, "Erf", t), binary(graph, "Mul", t, bell)); // 2Φ − 1 + 2xφ
    const half = binary(graph, "Mul", dy, scalar(graph, 0.5));
    return binary(graph, "Mul", binary(graph, "Add", slope, scalar(graph, 1)), half);
  },

  FusedLayerNorm(graph, { x, gain, bias }, { epsilon }) {
    const perRow = { shape: [...x.shape.slice(0, -1), 1], dtype: x.dtype };
    const attributes = { axis: -1, epsilon: { float: epsilon as number } };
    return graph.nodes("LayerNormalization", [x, gain, bias], [x, perRow, perRow], attributes);
  },

  /** dx = (g − mean(g) − x̂ mean(g x̂))/σ with g = γ dy and x̂ = (x − μ)/σ. */
  FusedLayerNormGrad(graph, { dy, x, gain, mean, inverseDeviation }) {
    const last = [x.shape.length - 1];
    const g = binary(graph, "Mul", dy, gain);
    const normalised = normalise(graph, x, mean, inverseDeviation);
    const shared = reduce(graph, "ReduceMean", g, last, true, Number.NaN);
    const along = reduce(graph, "ReduceMean", binary(graph, "Mul", g, normalised), last, true, Number.NaN);
    const centred = binary(graph, "Sub", binary(graph, "Sub", g, shared), binary(graph, "Mul", normalised, along));
    return binary(graph, "Mul", centred, inverseDeviation);
  },

  /** dγ = Σ dy x̂ over rows. */
  FusedLayerNormGainGrad(graph, { dy, x, mean, inverseDeviation }) {
    const product = binary(graph, "Mul", dy, normalise(graph, x, mean, inverseDeviation));
    return reduce(graph, "ReduceSum", product, [...Array(x.shape.length - 1).keys()], false, 0);
  },
};

function normalise(graph: Graph, x: Value, mean: Value, inverseDeviation: Value): Value {
  return binary(graph, "Mul", binary(graph, "Sub", x, mean), inverseDeviation);
}
