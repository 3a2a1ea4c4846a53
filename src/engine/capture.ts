import type { GraphNode, Value } from "./graph.js";
import { type Layout, layOut } from "./graph-file.js";
import { beginRun, dropRows, type KeptRow, keepRow, keptRow } from "./kept-rows.js";
import { prefixBorder } from "./prefix.js";
import { Session } from "./session.js";
import { cachedSession, dropSessions } from "./session-cache.js";
import { addUp, joinRows, rowKeys, rowsAt, rowsOf, sliceLengths } from "./slices.js";
import { type Trace, trace } from "./symbolic.js";
import { float32, type NamedTensorData, sizeOf, type TensorData } from "./tensor-data.js";
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
   * Inputs whose first axis counts rows that do not depend on each other. Rows then run in slices of which the
   * intermediate numbers stay in the processor's cache, up to a tenth faster.
   */
  independentRows?: readonly string[];
  /**
   * What makes the outputs of the slices one: they are rows themselves and are joined (the default), or they are sums over
   * the rows and are added up.
   */
  outputs?: "rows" | "sums";
  /**
   * Those of the row-wise inputs whose rows come again in later runs. What depends on them alone is computed once for a
   * row and kept, as far as the memory goes ({@link setMemory}); the numbers are the same whether it was kept or not.
   */
  repeatedRows?: readonly string[];
}

/** Elements of the first row-wise input (tokens, in an encoder) that make a good slice on one thread. */
const SLICE = 512;

const ELEMENT_BYTES = { float32: 4, int32: 4, bool: 1, int64: 8, float64: 8 };
let captures = 0;

/**
 * Records `fn` as an ONNX graph that ONNX Runtime then runs whole, on any tfjs backend that is active. tfjs gradients
 * inside `fn` are recorded like everything else, so a training step can be one graph. Tensors that `fn` reaches by
 * closure are constants, with the numbers they have when the graph is made. Graphs are made at the first run with each
 * set of input shapes and kept as far as the memory goes ({@link setMemory}).
 *
 * @throws CaptureError at the first run, where `fn` reads numbers, draws random numbers, or uses an operator that has
 * no ONNX node; the message names it
 */
export function capture(fn: TensorFunction, options: CaptureOptions = {}): Captured {
  const prefix = `${captures++}:`;
  const { independentRows: rowwise = [], repeatedRows: repeated = [], outputs: how = "rows" } = options;
  const borders = new Map<string, Border>();

  // The last one, of which two or three graphs are made.
  let latest: { signature: string; traced: Trace; border: Value[] } | undefined;
  const record = (inputs: NamedTensorData, signature = signatureOf(inputs)) => {
    if (latest?.signature !== signature) {
      const traced = trace(fn, inputs);
      const [first] = repeated;
      const outputs = Object.values(traced.outputs);
      const border = first ? prefixBorder(traced.graph, outputs, repeated, inputs[first].shape[0]) : [];
      latest = { signature, traced, border };
    }
    const { traced, border } = latest;
    return { ...traced, border };
  };

  const prepared = new Map<string, { key: number; shapes: Layout["shapes"] }>();
  const keys = new Map<string, number>();

  /** Runs a part of the graph. One session serves all shapes of which the graph differs in lengths alone. */
  const runPart = (
    part: string,
    signature: string,
    inputs: NamedTensorData,
    layOutPart: () => Layout,
  ): NamedTensorData => {
    let laid: Layout | undefined;
    let known = prepared.get(part + signature);
    if (!known) {
      laid = layOutPart();
      const key = keys.get(laid.key) ?? keys.size;
      keys.set(laid.key, key);
      known = { key, shapes: laid.shapes };
      prepared.set(part + signature, known);
    }
    const session = cachedSession(`${prefix}${known.key} ${getThreads()}`, () => {
      laid ??= layOutPart();
      const encoded = laid.encode();
      return { session: new Session(encoded), bytes: encoded.bytes.length + peakBytes(laid.nodes) };
    });
    return session.run(inputs, known.shapes);
  };

  /** Where the kept part of the graph for these shapes ends. */
  const borderOf = (inputs: NamedTensorData, signature: string): Border => {
    let border = borders.get(signature);
    if (!border) {
      const rows = inputs[repeated[0]].shape[0];
      border = record(inputs, signature).border.map(({ shape }) => ({
        shape: [...shape],
        rowSize: sizeOf(shape) / rows,
      }));
      borders.set(signature, border);
    }
    return border;
  };

  const anyLength = rowwise.length > 0 ? rowwise : undefined;
  const runWhole = (inputs: NamedTensorData): NamedTensorData => {
    const signature = signatureOf(inputs);
    return runPart("whole ", signature, inputs, () => {
      const { graph, outputs } = record(inputs, signature);
      return layOut(graph, outputs, { tablesApart: true, anyLength });
    });
  };

  /** What the graph computes of the repeated inputs alone. */
  const runPrefix = (inputs: NamedTensorData, signature: string): TensorData[] => {
    const results = runPart("prefix ", signature, inputs, () => {
      const { graph, border } = record(inputs, signature);
      const outputs = Object.fromEntries(border.map((value, i) => [keptName(i), value]));
      return layOut(graph, outputs, { tablesApart: true, anyLength });
    });
    return Object.keys(results).map((_, i) => results[keptName(i)]);
  };

  /** The rest, from that on. */
  const runRest = (inputs: NamedTensorData, signature: string, kept: NamedTensorData): NamedTensorData =>
    runPart("rest ", signature, { ...inputs, ...kept }, () => {
      const { graph, outputs, border } = record(inputs, signature);
      const given = new Map(border.map((value, i) => [value, keptName(i)]));
      return layOut(graph, outputs, { given, tablesApart: true, anyLength });
    });

  /** Every row's part of the values at the border, computed where it is not kept. */
  const rowsAtBorder = (inputs: NamedTensorData, border: Border, sliceRows: number): KeptRow[] => {
    const given = repeated.filter((name) => inputs[name]);
    const keys = rowKeys(given.map((name) => inputs[name])).map((key) => prefix + key);
    const found = new Map<string, KeptRow>();
    const missing: number[] = [];
    keys.forEach((key, row) => {
      const kept = found.get(key) ?? keptRow(key);
      if (!kept) missing.push(row);
      found.set(key, kept ?? []);
    });
    for (let from = 0; from < missing.length; from += sliceRows) {
      // Always as many rows as a slice has, so that a row's numbers do not depend on which others are missing.
      const chosen = Array.from({ length: sliceRows }, (_, i) => missing[Math.min(from + i, missing.length - 1)]);
      const part = Object.fromEntries(
        Object.entries(inputs).map(([name, tensor]) => [
          name,
          rowwise.includes(name) ? rowsAt(tensor, chosen) : tensor,
        ]),
      );
      const values = runPrefix(part, signatureOf(part));
      missing.slice(from, from + sliceRows).forEach((row, i) => {
        const kept = values.map(({ data }, v) => {
          const { rowSize } = border[v];
          return (data as Float32Array).slice(i * rowSize, (i + 1) * rowSize);
        });
        found.set(keys[row], kept);
        keepRow(keys[row], kept);
      });
    }
    return keys.map((key) => found.get(key) as KeptRow);
  };

  const runRows = (inputs: NamedTensorData): NamedTensorData => {
    const [rows, ...rest] = inputs[rowwise[0]].shape;
    const lengths = sliceLengths(rows, sizeOf(rest), SLICE * getThreads());
    const slices = slicesOf(inputs, rowwise, lengths);
    const border = repeated.length > 0 ? borderOf(slices[0], signatureOf(slices[0])) : [];
    if (border.length === 0) return combine(slices.map(runWhole), how);
    const kept = rowsAtBorder(inputs, border, lengths[0]);
    let from = 0;
    const parts = slices.map((slice, i) => {
      const own = kept.slice(from, from + lengths[i]);
      from += lengths[i];
      const at = border.map(({ shape, rowSize }, v) => joinedRows(own, v, rowSize, shape, lengths[0]));
      return runRest(slice, signatureOf(slice), Object.fromEntries(at.map((value, v) => [keptName(v), value])));
    });
    return combine(parts, how);
  };

  return {
    how: "captured as an ONNX graph",
    run(inputs) {
      beginRun();
      return rowwise.length === 0 ? runWhole(inputs) : runRows(inputs);
    },
    toOnnx(inputs) {
      const { graph, outputs } = record(inputs);
      return layOut(graph, outputs).encode().bytes;
    },
    operators(inputs) {
      const { graph, outputs } = record(inputs);
      return layOut(graph, outputs).nodes.map((node) => node.op);
    },
    forget: () => dropRows(prefix),
    dispose() {
      latest = undefined;
      dropSessions(prefix);
      dropRows(prefix);
    },
  };
}

/** The values at the border between the kept part and the rest: shape for one slice, and numbers of each row. */
type Border = { shape: number[]; rowSize: number }[];

const keptName = (i: number) => `kept.${i}`;

/** Parts of the inputs, of so many rows each. */
function slicesOf(inputs: NamedTensorData, rowwise: readonly string[], lengths: readonly number[]): NamedTensorData[] {
  let from = 0;
  return lengths.map((count) => {
    const sliced = rowwise
      .filter((name) => inputs[name])
      .map((name) => [name, rowsOf(inputs[name], from, count)] as const);
    from += count;
    return { ...inputs, ...Object.fromEntries(sliced) };
  });
}

/** The rows' parts of one value as a tensor; `shape` is the value's for slices of `sliceRows` rows. */
function joinedRows(
  rows: readonly KeptRow[],
  v: number,
  rowSize: number,
  shape: number[],
  sliceRows: number,
): TensorData {
  const data = new Float32Array(rows.length * rowSize);
  rows.forEach((row, i) => {
    data.set(row[v], i * rowSize);
  });
  return float32([(shape[0] / sliceRows) * rows.length, ...shape.slice(1)], data);
}

function combine(parts: readonly NamedTensorData[], how: "rows" | "sums"): NamedTensorData {
  return how === "rows" ? joinRows(parts) : addUp(parts);
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
