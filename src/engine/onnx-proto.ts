/**
 * Writes the ONNX protocol-buffer messages that a graph needs (onnx.proto3, IR version 9): ModelProto, GraphProto,
 * NodeProto, TensorProto, ValueInfoProto and AttributeProto. Field numbers are those of the ONNX repository.
 */

/** Element types of a graph; int64 only for shapes and indices that ONNX operators ask for. */
export type ElementType = "float32" | "int32" | "bool" | "int64" | "float64";

/** An attribute of a node: whole numbers are written as INT unless wrapped by `float`. */
export type Attribute = number | number[] | string | { float: number };

/** A node as it stands in the file. */
export interface NodeProto {
  op: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: Record<string, Attribute>;
}

/** The length of an axis, or the name of one that is not known. */
export type Dimension = number | string;

/** A named, typed shape. */
export interface ValueProto {
  name: string;
  dtype: ElementType;
  shape: readonly Dimension[];
}

/** A constant with its numbers. */
export interface TensorProto extends ValueProto {
  shape: readonly number[];
  bytes: Uint8Array;
}

/** A whole model. */
export interface ModelProto {
  nodes: NodeProto[];
  initialisers: TensorProto[];
  inputs: ValueProto[];
  outputs: ValueProto[];
}

const ELEMENT_CODES: Record<ElementType, number> = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 };
const IR_VERSION = 9;
/** Version of the standard operator set. */
const OPSET = 20;
/** Operators of ONNX Runtime's own, such as FusedMatMul. */
export const CONTRIB = "com.microsoft";

/** Serialises a model; the result is a standard `.onnx` file. */
export function encodeModel(model: ModelProto): Uint8Array {
  const graph: Chunk[] = [
    ...model.nodes.map((node) => message(1, encodeNode(node))),
    text(2, "signmix"),
    ...model.initialisers.map((tensor) => message(5, encodeTensor(tensor))),
    ...model.inputs.map((value) => message(11, encodeValue(value))),
    ...model.outputs.map((value) => message(12, encodeValue(value))),
  ];
  return join([
    integer(1, IR_VERSION),
    text(2, "signmix"),
    message(7, graph),
    message(8, [text(1, ""), integer(2, OPSET)]),
    message(8, [text(1, CONTRIB), integer(2, 1)]),
  ]);
}

function encodeNode(node: NodeProto): Chunk[] {
  return [
    ...node.inputs.map((name) => text(1, name)),
    ...node.outputs.map((name) => text(2, name)),
    text(4, node.op),
    ...Object.entries(node.attributes).map(([name, value]) => message(5, encodeAttribute(name, value))),
    text(7, node.domain),
  ];
}

function encodeAttribute(name: string, value: Attribute): Chunk[] {
  if (typeof value === "number") return [text(1, name), integer(3, value), integer(20, 2)];
  if (typeof value === "string") return [text(1, name), text(4, value), integer(20, 3)];
  if (Array.isArray(value)) return [text(1, name), ...value.map((item) => integer(8, item)), integer(20, 7)];
  return [text(1, name), float(2, value.float), integer(20, 1)];
}

function encodeTensor(tensor: TensorProto): Chunk[] {
  return [
    ...tensor.shape.map((length) => integer(1, length)),
    integer(2, ELEMENT_CODES[tensor.dtype]),
    text(8, tensor.name),
    message(9, [tensor.bytes]),
  ];
}

function encodeValue(value: ValueProto): Chunk[] {
  const shape = value.shape.map((length) =>
    message(1, [typeof length === "number" ? integer(1, length) : text(2, length)]),
  );
  const tensorType = message(1, [integer(1, ELEMENT_CODES[value.dtype]), message(2, shape)]);
  return [text(1, value.name), message(2, [tensorType])];
}

/** Bytes, or bytes nested in a message. */
type Chunk = Uint8Array | Chunk[];

const utf8 = new TextEncoder();

function text(field: number, value: string): Chunk {
  return message(field, [utf8.encode(value)]);
}

function message(field: number, chunks: Chunk[]): Chunk {
  const length = chunks.reduce((sum, chunk) => sum + lengthOf(chunk), 0);
  return [varint(field * 8 + 2), varint(length), ...chunks];
}

function integer(field: number, value: number): Chunk {
  return [varint(field * 8), varint(value)];
}

function float(field: number, value: number): Chunk {
  const bytes = new Uint8Array(5);
  bytes[0] = field * 8 + 5;
  new DataView(bytes.buffer).setFloat32(1, value, true);
  return bytes;
}

/** Base-128 variable-length integer, two's complement in 64 bits for negative numbers. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

function lengthOf(chunk: Chunk): number {
  return chunk instanceof Uint8Array ? chunk.length : chunk.reduce((sum, part) => sum + lengthOf(part), 0);
}

function join(chunks: Chunk[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(chunks));
  let offset = 0;
  const write = (chunk: Chunk) => {
    if (chunk instanceof Uint8Array) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    } else chunk.forEach(write);
  };
  write(chunks);
  return bytes;
}
