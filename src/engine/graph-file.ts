import { type ConstantData, type Graph, type GraphNode, MANY, type Value } from "./graph.js";
import { type Attribute, type Dimension, type ElementType, encodeModel } from "./onnx-proto.js";
import { type DType, sizeOf, type TensorData } from "./tensor-data.js";

/** How a graph is written out. */
export interface LayoutOptions {
  /** Values that are not computed but given: graph inputs of these names. */
  given?: ReadonlyMap<Value, string>;
  /** Leaves large tables, of which single rows are read, out of the file: they become inputs. Default false. */
  tablesApart?: boolean;
  /**
   * Inputs whose lengths may differ from run to run, as those of the given values then may too. The shapes that operators are
   * told become inputs, so that one file serves all lengths.
   */
  anyLength?: readonly string[];
}

/** A list of int64 that an operator is given as a shape. */
export interface ShapeData {
  shape: [number];
  dtype: "int64";
  data: BigInt64Array;
}

/** From this number of elements on, a constant that is only looked up row by row stays outside the graph. */
const TABLE = 1 << 16;

/** Which inputs of an operator say how long something is. */
const LENGTHS: Record<string, readonly number[]> = { Reshape: [1], Expand: [1], Slice: [1, 2], Pad: [1], Tile: [1] };

/** A node whose inputs are values, or names of inputs in their place. */
interface LaidNode {
  op: string;
  domain: string;
  inputs: readonly (Value | string | undefined)[];
  outputs: readonly Value[];
  attributes: Record<string, Attribute>;
}

/** What of a graph is written, before it is. */
export interface Layout {
  /** The same for two layouts that one file serves. */
  key: string;
  /** What every run is given beside the graph's inputs, for these lengths. */
  shapes: Record<string, ShapeData>;
  nodes: readonly GraphNode[];
  encode(): EncodedGraph;
}

/** A graph written out. */
export interface EncodedGraph {
  bytes: Uint8Array;
  /** The inputs that the graph reads. */
  inputNames: string[];
  /** Tables that stay outside: inputs which every run is given as they are here. */
  tables: Record<string, TensorData>;
  /** Names of the outputs in the file, by the names they were asked for. */
  outputNames: Record<string, string>;
}

/**
 * Lays out the model as an ONNX file. An output that shares its name with an input is called `<name>.new` in the file;
 * inputs that nothing reads are left out.
 */
export function layOut(graph: Graph, outputs: Record<string, Value>, options: LayoutOptions = {}): Layout {
  const { given = new Map<Value, string>(), tablesApart = false, anyLength } = options;
  const needed = graph.needed(Object.values(outputs), given);
  const wanted = new Set(Object.values(outputs));
  const tables = tablesApart ? needed.constants.filter((value) => isTable(value, needed.nodes, wanted)) : [];
  const shapes: Record<string, ShapeData> = {};
  const takeShape = (data: BigInt64Array): string => {
    const name = `shape.${Object.keys(shapes).length}`;
    shapes[name] = { shape: [data.length], dtype: "int64", data };
    return name;
  };

  // Constants filled with one number are written as that number; of two axes or more, their lengths may vary.
  const isSpread = ({ shape, splat }: Value) =>
    splat !== undefined && (anyLength && shape.length > 1 ? true : sizeOf(shape) > MANY);
  const spread = needed.constants.filter(isSpread);
  const spreadShapes = new Map(
    spread
      .filter(({ shape }) => anyLength && shape.length > 1)
      .map((value) => [value, takeShape(int64s(value.shape))] as const),
  );
  const nodes = withBiases(needed.nodes, wanted).map((node): LaidNode => {
    // A constant is padded once, when the session is made.
    const fixed = !anyLength || (node.op === "Pad" && node.inputs[0]?.constant);
    const lengths = fixed ? [] : (LENGTHS[node.op] ?? []);
    const inputs = node.inputs.map((value, i) =>
      lengths.includes(i) && (value as Value | undefined)?.constant
        ? takeShape((value as Value).constant as BigInt64Array)
        : value,
    );
    return { ...node, inputs };
  });

  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  const constants = needed.constants.filter(
    (value) => !tables.includes(value) && (read.has(value) || wanted.has(value)),
  );
  const inputs = needed.inputs.map((value) => ({ value, name: value.input as string }));
  const fed = [...inputs, ...[...given].map(([value, name]) => ({ value, name }))];
  const varies = (name: string, value: Value) =>
    anyLength !== undefined && (anyLength.includes(name) || given.has(value));

  /** A name for each value that depends on nothing but where it stands. */
  const describe = (): string => {
    const names = new Map<Value, string>(fed.map(({ value, name }) => [value, name]));
    nodes.forEach(({ outputs: made }, i) => {
      made.forEach((value, k) => {
        if (!names.has(value)) names.set(value, `@${i}.${k}`);
      });
    });
    const nameOf = (value: Value | string | undefined): string => {
      if (typeof value !== "object") return value ?? "";
      const name = names.get(value);
      if (name) return name;
      if (spreadShapes.has(value)) return `${value.dtype}:${value.splat}^${spreadShapes.get(value)}`;
      return `${value.dtype}[${value.shape}]${contentOf(value)}`;
    };
    return [
      ...fed.map(
        ({ value, name }) => `${name} ${value.dtype} ${varies(name, value) ? value.shape.length : value.shape}`,
      ),
      ...nodes.map((node) => {
        const used = node.outputs.map((value) => read.has(value) || wanted.has(value));
        return [node.domain, node.op, JSON.stringify(node.attributes), node.inputs.map(nameOf), used].join(" ");
      }),
      ...Object.entries(outputs).map(
        ([name, value]) => `${name} = ${nameOf(value)} ${value.dtype} ${value.shape.length}`,
      ),
    ].join("\n");
  };

  const encode = (): EncodedGraph => {
    const names = new Map<Value, string>(fed.map(({ value, name }) => [value, name]));
    const outputNames: Record<string, string> = {};
    const copies: { from: Value; to: string }[] = [];
    for (const [name, value] of Object.entries(outputs)) {
      const fileName = inputs.some((input) => input.name === name) ? `${name}.new` : name;
      outputNames[name] = fileName;
      if (value.node && !names.has(value)) names.set(value, fileName);
      else copies.push({ from: value, to: fileName });
    }
    const nameOf = (value: Value | string | undefined) =>
      typeof value === "object" ? (names.get(value) ?? `#${value.id}`) : (value ?? "");
    const used = (value: Value) => read.has(value) || wanted.has(value);
    const lengths = (name: string, { shape }: Value): Dimension[] => shape.map((_, axis) => `${name}.${axis}`);
    const bytes = encodeModel({
      nodes: [
        ...spread.filter(used).map((value) => ({
          op: "Expand",
          domain: "",
          inputs: [`${nameOf(value)}:number`, spreadShapes.get(value) ?? `${nameOf(value)}:shape`],
          outputs: [nameOf(value)],
          attributes: {},
        })),
        ...nodes.map((node) => ({
          ...node,
          inputs: node.inputs.map(nameOf),
          outputs: node.outputs.map((value) => (used(value) ? nameOf(value) : "")),
        })),
        ...copies.map(({ from, to }) => ({
          op: "Identity",
          domain: "",
          inputs: [nameOf(from)],
          outputs: [to],
          attributes: {},
        })),
      ],
      initialisers: constants.flatMap((value) => {
        const name = nameOf(value);
        const data = value.constant as ConstantData;
        if (!spread.includes(value)) return { name, dtype: value.dtype, shape: value.shape, bytes: bytesOf(data) };
        const number = { name: `${name}:number`, dtype: value.dtype, shape: [], bytes: bytesOf(data.slice(0, 1)) };
        if (spreadShapes.has(value)) return number;
        const shape = int64s(value.shape);
        const list = { name: `${name}:shape`, dtype: "int64" as const, shape: [shape.length], bytes: bytesOf(shape) };
        return [number, list];
      }),
      inputs: [
        ...[...fed, ...tables.map((value) => ({ value, name: nameOf(value) }))].map(({ value, name }) => ({
          name,
          dtype: value.dtype,
          shape: varies(name, value) ? lengths(name, value) : value.shape,
        })),
        ...Object.entries(shapes).map(([name, { shape, dtype }]) => ({ name, dtype: dtype as ElementType, shape })),
      ],
      outputs: Object.entries(outputs).map(([name, value]) => ({
        name: outputNames[name],
        dtype: value.dtype,
        shape: anyLength ? lengths(outputNames[name], value) : value.shape,
      })),
    });
    return {
      bytes,
      inputNames: fed.map(({ name }) => name),
      tables: Object.fromEntries(tables.map((value) => [nameOf(value), tensorOf(value)])),
      outputNames,
    };
  };
  return { key: describe(), shapes, nodes: needed.nodes, encode };
}

/**
 * x W + b as one Gemm, where nothing else reads the product. ONNX Runtime does it too, but only where it knows every length.
 */
function withBiases(nodes: readonly GraphNode[], wanted: ReadonlySet<Value>): GraphNode[] {
  const uses = new Map<Value, number>();
  for (const { inputs } of nodes) for (const value of inputs) if (value) uses.set(value, (uses.get(value) ?? 0) + 1);
  const taken = new Set<GraphNode>();
  const fused = nodes.map((node): GraphNode => {
    if (node.op !== "Add") return node;
    const [a, b] = node.inputs as [Value, Value];
    const [product, bias] = isProduct(a) ? [a, b] : [b, a];
    if (!isProduct(product) || bias.shape.length !== 1 || bias.shape[0] !== product.shape[1]) return node;
    if (uses.get(product) !== 1 || wanted.has(product) || taken.has(product.node as GraphNode)) return node;
    const made = product.node as GraphNode;
    taken.add(made);
    const { transA = 0, transB = 0 } = made.attributes as Record<string, number>;
    return { ...node, op: "Gemm", domain: "", inputs: [...made.inputs, bias], attributes: { transA, transB } };
  });
  return fused.filter((node) => !taken.has(node));
}

/** Whether a value is a product of two float matrices, neither scaled. */
function isProduct({ node, shape, dtype }: Value): boolean {
  if (!node || shape.length !== 2 || dtype !== "float32") return false;
  if (!node.inputs.every((value) => value?.shape.length === 2)) return false;
  if (node.op === "MatMul") return true;
  return node.op === "FusedMatMul" && (node.attributes.alpha as { float: number }).float === 1;
}

/** Whether a constant is large and nothing but the table of Gather nodes. */
function isTable(value: Value, nodes: readonly GraphNode[], wanted: ReadonlySet<Value>): boolean {
  if (sizeOf(value.shape) < TABLE || value.splat !== undefined || wanted.has(value)) return false;
  return nodes.every(({ op, inputs }) => inputs.every((input, i) => input !== value || (op === "Gather" && i === 0)));
}

const identities = new WeakMap<ConstantData, number>();
let identified = 0;

/** The numbers of a small constant; of a large one, which array they are in. */
function contentOf({ constant }: Value): string {
  const data = constant as ConstantData;
  if (data.length <= MANY) return data.join();
  if (!identities.has(data)) identities.set(data, identified++);
  return `#${identities.get(data)}`;
}

function tensorOf({ shape, dtype, constant }: Value): TensorData {
  return { shape: [...shape], dtype: dtype as DType, data: constant as TensorData["data"] };
}

function int64s(numbers: readonly number[]): BigInt64Array {
  return BigInt64Array.from(numbers, BigInt);
}

function bytesOf(data: ConstantData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
