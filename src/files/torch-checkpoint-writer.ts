import { type DType, type NamedTensorData, sizeOf } from "../engine/tensor-data.js";
import { writeFileAtomic } from "./atomic.js";
import { requireAllFinite } from "./finite.js";
import { encodeZip } from "./zip-writer.js";

const STORAGE_OF: Record<DType, string> = { float32: "FloatStorage", int32: "IntStorage", bool: "BoolStorage" };

/**
 * Writes tensors as a state dict that `torch.load(path, weights_only=True)` reads, as AdapterHub's `pytorch_adapter.bin`
 * wants; whole or not at all. Equal tensors in the same order give equal bytes.
 *
 * @throws naming the tensor, if a number is not finite
 */
export function writeTorchCheckpoint(path: string, tensors: NamedTensorData): void {
  writeFileAtomic(path, encodeTorchCheckpoint(tensors));
}

/** The bytes that {@link writeTorchCheckpoint} writes. */
export function encodeTorchCheckpoint(tensors: NamedTensorData): Uint8Array {
  requireAllFinite(tensors, "Nothing is written");
  const storages = Object.values(tensors).map(({ data }, key): [string, Uint8Array] => [
    `archive/data/${key}`,
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ]);
  const ascii = (text: string) => new TextEncoder().encode(text);
  return encodeZip([
    ["archive/data.pkl", encodeStateDict(tensors)],
    ["archive/byteorder", ascii("little")],
    ...storages,
    ["archive/version", ascii("3\n")],
  ]);
}

/** A pickle of protocol 2: a dict from names to calls of `_rebuild_tensor_v2`, as `torch.save` writes it, without memo. */
function encodeStateDict(tensors: NamedTensorData): Uint8Array {
  const out: (Uint8Array | number)[] = [0x80, 2, 0x7d, 0x28]; // PROTO 2, EMPTY_DICT, MARK
  const text = (value: string) => {
    const bytes = new TextEncoder().encode(value);
    out.push(0x58, uint32(bytes.length), bytes); // BINUNICODE
  };
  const global = (module: string, name: string) => {
    out.push(0x63, new TextEncoder().encode(`${module}\n${name}\n`)); // GLOBAL
  };
  const whole = (value: number) => {
    if (value <= 0x7fffffff)
      out.push(0x4a, uint32(value)); // BININT
    else out.push(0x8a, 8, uint64(value)); // LONG1
  };
  const wholes = (values: number[]) => {
    out.push(0x28); // MARK
    values.forEach(whole);
    out.push(0x74); // TUPLE
  };

  Object.entries(tensors).forEach(([name, { shape, dtype, data }], key) => {
    if (data.length !== sizeOf(shape)) {
      throw new Error(`Tensor "${name}" has ${data.length} numbers for the shape [${shape}]; give ${sizeOf(shape)}.`);
    }
    text(name);
    global("torch._utils", "_rebuild_tensor_v2");
    out.push(0x28); // MARK: the arguments
    out.push(0x28); // MARK: the storage's id
    text("storage");
    global("torch", STORAGE_OF[dtype]);
    text(String(key));
    text("cpu");
    whole(data.length);
    out.push(0x74, 0x51); // TUPLE, BINPERSID
    whole(0); // offset
    wholes(shape);
    wholes(shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))); // row-major strides
    out.push(0x89); // NEWFALSE: requires no gradient
    global("collections", "OrderedDict");
    out.push(0x29, 0x52); // EMPTY_TUPLE, REDUCE: no backward hooks
    out.push(0x74, 0x52); // TUPLE, REDUCE
  });
  out.push(0x75, 0x2e); // SETITEMS, STOP
  return new Uint8Array(Buffer.concat(out.map((part) => (typeof part === "number" ? Uint8Array.of(part) : part))));
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}
