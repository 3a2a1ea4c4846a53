import type { EncodedGraph, GraphNode, Value } from "./graph.js";
import { Session } from "./session.js";
import { cachedSession, dropSessions } from "./session-cache.js";
import { joinRows, rowsOf, sliceLengths } from "./slices.js";
import { trace } from "./symbolic.js";
import { type NamedTensorData, sizeOf, type TensorData } from "./tensor-data.js";
import type { Compiled, TensorFunction } from "./tensor-function.js";
import { getThreads } from "./threads.js";

/** A function recorded as ONNX graphs, one for each set of input shapes. */
export interface Captured extends Compiled {
  /** The graph for inputs of these shapes, as an `.onnx` file that any ONNX Runtime loads. */
  toOnnx(inputs: NamedTensorData): Uint8Array;
  /** Names of the ONNX operators of the graph for inputs of these shapes, in the order they run. */
  operators(inputs: NamedTensorData): string[];
}

/** How a captured function may be run. */
export interface CaptureOptions {
  /**
   * Inputs whose first axis counts rows that do not depend on each other; every output must have the same first axis.
   * Rows then run in slices of which the intermediate numbers stay in the processor's cache, up to a tenth faster.
   */
  independentRows?: readonly string[];
}

/** Elements of the first row-wise input (tokens, in an encoder) that make a good slice on one thread. */
const SLICE = 512;

const ELEMENT_BYTES = { float32: 4, int32: 4, bool: 1, int64: 8, float64: 8 };
let captures = 0;

/**
 * Records `fn` as an ONNX graph that ONNX Runtime then runs whole, on any tfjs backend that is active. tfjs gradients
 * inside `fn` are recorded like everything else, so a training step can be one graph. Tensors that `fn` reaches by
 * closure are constants, with the numbers they have when the graph is made. Graphs are made at the first run with each
 * set of input shapes and kept under the byte budget of {@link setSessionBudget}.
 *
 * @throws CaptureError at the first run, where `fn` reads numbers, draws random numbers, or uses an operator that has
 * no ONNX node; the message names it
 */
export function capture(fn: TensorFunction, options: CaptureOptions = {}): Captured {
  const prefix = `${captures++}:`;
  const record = (inputs: NamedTensorData): EncodedGraph => {
    const { graph, outputs } = trace(fn, inputs);
    return graph.encode(outputs);
  };
  const runWhole = (inputs: NamedTensorData): NamedTensorData => {
    const session = cachedSession(`${prefix}${getThreads()} ${signatureOf(inputs)}`, () => {
      const encoded = record(inputs);
      return { session: new Session(encoded), bytes: encoded.bytes.length + peakBytes(encoded.nodes) };
    });
    return session.run(inputs);
  };
  return {
    how: "captured as an ONNX graph",
    run(inputs) {
      const rowwise = options.independentRows ?? [];
      if (rowwise.length === 0) return runWhole(inputs);
      const [rows, ...rest] = inputs[rowwise[0]].shape;
      let from = 0;
      const parts = sliceLengths(rows, sizeOf(rest), SLICE * getThreads()).map((count) => {
        const sliced = rowwise.map((name) => [name, rowsOf(inputs[name], from, count)]);
        from += count;
        return runWhole({ ...inputs, ...Object.fromEntries(sliced) });
      });
      return joinRows(parts);
    },
    toOnnx: (inputs) => record(inputs).bytes,
    operators: (inputs) => record(inputs).nodes.map((node) => node.op),
    dispose: () => dropSessions(prefix),
  };
}

function signatureOf(inputs: Record<string, Pick<TensorData, "shape" | "dtype">>): string {
  return Object.entries(inputs)
    .map(([name, { shape, dtype }]) => `${name}:${dtype}[${shape}]`)
    .join();
}

/** The most bytes that are alive between two nodes. */
function peakBytes(nodes: readonly GraphNode[]): number {
  const lastUse = new Map<Value, number>();
  nodes.forEach((node, i) => {
    for (const value of [...node.inputs, ...node.outputs]) if (value?.node) lastUse.set(value, i);
  });
  const freed = new Map<number, number>();
  let alive = 0;
  let peak = 0;
  nodes.forEach((node, i) => {
    for (const value of node.outputs) {
      const bytes = sizeOf(value.shape) * ELEMENT_BYTES[value.dtype];
      const end = lastUse.get(value) as number;
      alive += bytes;
      freed.set(end, (freed.get(end) ?? 0) + bytes);
    }
    peak = Math.max(peak, alive);
    alive -= freed.get(i) ?? 0;
  });
  return peak;
}
