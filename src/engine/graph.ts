import { type Attribute, CONTRIB, type ElementType } from "./onnx-proto.js";
import { sizeOf } from "./tensor-data.js";

/** Numbers of a constant. */
export type ConstantData = Float32Array | Int32Array | Uint8Array | BigInt64Array | Float64Array;

/** One tensor of a graph: an input, a constant, or an output of a node. */
export interface Value {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  /** The numbers, for a constant. */
  readonly constant?: ConstantData;
  /** The one number that fills the constant, where there is just one. */
  readonly splat?: number;
  /** The node that makes it, unless it is an input or a constant. */
  readonly node?: GraphNode;
  /** Name of a graph input. */
  readonly input?: string;
}

/** One operator of a graph. */
export interface GraphNode {
  readonly op: string;
  readonly domain: string;
  /** `undefined` where an optional input is left out. */
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Record<string, Attribute>;
  readonly outputs: readonly Value[];
}

/** Above this number of elements a constant is not looked up for equals, and written as one number where it can be. */
export const MANY = 64;

// One count for all graphs, so that a constant may serve in several.
let nextId = 0;

/** A shape and type of something yet to be computed. */
export interface OutputSpec {
  shape: readonly number[];
  dtype: ElementType;
}

/**
 * An ONNX graph being built, every shape known. Equal nodes over equal inputs are made once.
 */
export class Graph {
  private readonly seen = new Map<string, readonly Value[]>();
  private readonly constants = new Map<string, Value>();
  private readonly inputs: Value[] = [];

  /** Declares a graph input. */
  input(name: string, shape: readonly number[], dtype: ElementType): Value {
    const value: Value = { id: nextId++, shape, dtype, input: name };
    this.inputs.push(value);
    return value;
  }

  /** A constant over `data`, which is used, not copied, and read when the graph is encoded. */
  constant(data: ConstantData, shape: readonly number[], dtype: ElementType): Value {
    if (data.length > MANY) return { id: nextId++, shape, dtype, constant: data, splat: splatOf(data) };
    const key = `${dtype}[${shape}]${data.join()}`;
    let value = this.constants.get(key);
    if (!value) {
      // Small numbers are copied: their array may be reused by the caller.
      value = { id: nextId++, shape, dtype, constant: data.slice(), splat: splatOf(data) };
      this.constants.set(key, value);
    }
    return value;
  }

  /** A rank-0 constant. */
  scalar(number: number, dtype: ElementType): Value {
    return this.constant(dataOf([number], dtype), [], dtype);
  }

  /** A list of int64, as shapes and axes are given to operators. */
  int64s(numbers: readonly number[]): Value {
    return this.constant(dataOf(numbers, "int64"), [numbers.length], "int64");
  }

  /** A constant filled with one number. */
  fill(shape: readonly number[], number: number, dtype: ElementType): Value {
    const size = sizeOf(shape);
    const data = dataOf([], dtype, size);
    if (data instanceof BigInt64Array) data.fill(BigInt(number));
    else data.fill(number);
    return this.constant(data, shape, dtype);
  }

  /** Adds a node with one output. */
  node(
    op: string,
    inputs: readonly (Value | undefined)[],
    output: OutputSpec,
    attributes: Record<string, Attribute> = {},
    domain = "",
  ): Value {
    return this.nodes(op, inputs, [output], attributes, domain)[0];
  }

  /** Adds a node of ONNX Runtime's own operators. */
  contrib(
    op: string,
    inputs: readonly (Value | undefined)[],
    output: OutputSpec,
    attributes: Record<string, Attribute> = {},
  ): Value {
    return this.node(op, inputs, output, attributes, CONTRIB);
  }

  /** Adds a node with several outputs. */
  nodes(
    op: string,
    inputs: readonly (Value | undefined)[],
    specs: readonly OutputSpec[],
    attributes: Record<string, Attribute> = {},
    domain = "",
  ): readonly Value[] {
    const shapes = specs.map((spec) => `${spec.dtype}[${spec.shape}]`).join();
    const key = `${domain}.${op}(${inputs.map((value) => value?.id ?? "")})${JSON.stringify(attributes)}${shapes}`;
    const known = this.seen.get(key);
    if (known) return known;
    const outputs: Value[] = [];
    const node: GraphNode = { op, domain, inputs, attributes, outputs };
    for (const { shape, dtype } of specs) outputs.push({ id: nextId++, shape, dtype, node });
    this.seen.set(key, outputs);
    return outputs;
  }

  /**
   * What `outputs` need: nodes in the order they were made (each after those it reads), constants and inputs. What only
   * `given` values need is left out.
   */
  needed(
    outputs: readonly Value[],
    given: ReadonlyMap<Value, string> = new Map(),
  ): { nodes: GraphNode[]; constants: Value[]; inputs: Value[] } {
    const reached = new Set<Value>();
    const nodes = new Set<GraphNode>();
    const waiting = [...outputs];
    for (let value = waiting.pop(); value; value = waiting.pop()) {
      if (reached.has(value)) continue;
      reached.add(value);
      if (!value.node || given.has(value) || nodes.has(value.node)) continue;
      nodes.add(value.node);
      for (const input of value.node.inputs) if (input) waiting.push(input);
    }
    return {
      nodes: [...nodes].sort((a, b) => a.outputs[0].id - b.outputs[0].id),
      constants: [...reached].filter((value) => value.constant).sort((a, b) => a.id - b.id),
      inputs: this.inputs.filter((value) => reached.has(value)),
    };
  }
}

/** A typed array of an element type, holding `numbers` or `size` zeros. */
function dataOf(numbers: readonly number[], dtype: ElementType, size?: number): ConstantData {
  if (dtype === "int64") return size === undefined ? BigInt64Array.from(numbers, BigInt) : new BigInt64Array(size);
  const make = { float32: Float32Array, int32: Int32Array, bool: Uint8Array, float64: Float64Array }[dtype];
  return size === undefined ? make.from(numbers) : new make(size);
}

function splatOf(data: ConstantData): number | undefined {
  if (data.length === 0) return undefined;
  for (let i = 1; i < data.length; i++) if (data[i] !== data[0]) return undefined;
  return Number(data[0]);
}
