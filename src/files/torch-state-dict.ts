import { sizeOf, type TensorData } from "../engine/tensor-data.js";
import { type Budget, checkExpansion } from "./budget.js";
import { type PickleHandlers, readPickle } from "./pickle.js";
import { PickleGlobal, PickleObject, PickleTuple, type PickleValue } from "./pickle-values.js";
import { shown } from "./shown.js";
import { BYTES_PER_ELEMENT, decodedBytes, decodeStored, type StoredType } from "./stored-type.js";

/** PyTorch's typed storages. */
const STORAGE_TYPES: Record<string, StoredType> = {
  "torch.DoubleStorage": "F64",
  "torch.FloatStorage": "F32",
  "torch.HalfStorage": "F16",
  "torch.BFloat16Storage": "BF16",
  "torch.LongStorage": "I64",
  "torch.IntStorage": "I32",
  "torch.ShortStorage": "I16",
  "torch.CharStorage": "I8",
  "torch.ByteStorage": "U8",
  "torch.BoolStorage": "BOOL",
};

/** A run of numbers in the file, which tensors look into. */
export interface Storage {
  key: string;
  type: StoredType;
  length: number;
}

/** A tensor as the pickle describes it: element (i, j, …) is number offset + i·strides[0] + j·strides[1] + … */
export interface TensorView {
  storage: Storage;
  offset: number;
  shape: number[];
  strides: number[];
}

/**
 * The tensors that a pickled state dict describes, and where their pickle ended in `bytes`.
 *
 * @param fileSize bytes of the whole file, to which what it unfolds to is held
 * @param budget what the pickle and the tensors draw from
 */
export function readStateDict(
  bytes: Uint8Array,
  fileSize: number,
  budget: Budget,
): { views: Map<string, TensorView>; end: number } {
  const storageNames = Object.keys(STORAGE_TYPES).map((name) => [name, null] as const);
  const handlers: PickleHandlers = {
    globals: {
      ...Object.fromEntries(storageNames),
      "collections.OrderedDict": orderedDict,
      "torch._utils._rebuild_tensor_v2": rebuildTensor,
      "torch._utils._rebuild_parameter": ([data]) => new PickleObject(asView(data)),
    },
    persistent: readStorage,
  };
  const { value, end } = readPickle(bytes, handlers, budget);
  if (!(value instanceof Map)) throw new Error(`it holds ${describe(value)}, not a dict of tensors`);
  const views = new Map<string, TensorView>();
  for (const [name, item] of value) {
    if (typeof name !== "string") throw new Error(`a key of its dict is ${describe(name)}, not a name`);
    if (!isView(item))
      throw new Error(`"${shown(name)}" in it is ${describe(item)}, not a tensor; save the state dict alone`);
    views.set(name, item.value);
  }
  checkTotal(views, fileSize, budget);
  return { views, end };
}

/** Shared storages may be unfolded more than once, but not without end. */
function checkTotal(views: Map<string, TensorView>, fileSize: number, budget: Budget): void {
  let total = 0;
  for (const { shape, storage } of views.values()) total += decodedBytes(storage.type, shape);
  checkExpansion(total, fileSize);
  budget.takeBytes(total, "its tensors");
  const largest = Array.from(views.values()).reduce(
    (most, { storage }) => Math.max(most, storage.length * BYTES_PER_ELEMENT[storage.type]),
    0,
  );
  // storages are read one after another
  budget.takeBytes(largest, "its largest storage");
  budget.giveBack(largest);
}

function orderedDict(args: PickleValue[]): PickleValue {
  if (args.length > 0) throw new Error("it makes an OrderedDict from arguments");
  return new Map();
}

/** ("storage", type, key, device, length) → the storage. */
function readStorage(id: PickleValue): PickleObject<Storage> {
  const [kind, type, key, , length, view = null] = id instanceof PickleTuple ? id.items : [];
  const storedType = type instanceof PickleGlobal ? STORAGE_TYPES[type.name] : undefined;
  if (kind !== "storage" || !storedType || typeof key !== "string" || !isCount(length) || view !== null) {
    throw new Error("it refers to a storage in a way that PyTorch does not");
  }
  return new PickleObject({ key, type: storedType, length });
}

/** (storage, offset, shape, strides, requires_grad, backward_hooks) → the tensor. */
function rebuildTensor([source, offset, size, stride]: PickleValue[]): PickleObject<TensorView> {
  const storage = source instanceof PickleObject ? (source.value as Storage) : undefined;
  const shape = size instanceof PickleTuple ? size.items : undefined;
  const strides = stride instanceof PickleTuple ? stride.items : undefined;
  if (!storage?.type || !isCount(offset) || !shape?.every(isCount) || !strides?.every(isCount)) {
    throw new Error("it describes a tensor in a way that PyTorch does not");
  }
  if (shape.length !== strides.length)
    throw new Error(`a tensor has ${shape.length} axes but ${strides.length} strides`);
  const view = { storage, offset, shape: shape as number[], strides: strides as number[] };
  checkBounds(view);
  return new PickleObject(view);
}

function checkBounds({ storage, offset, shape, strides }: TensorView): void {
  if (shape.length > 64) throw new Error(`a tensor has ${shape.length} axes`);
  const positions = shape.reduce((product, length) => product * Math.max(length, 1), 1);
  if (!Number.isSafeInteger(positions)) throw new Error(`the shape [${shown(shape)}] of a tensor is beyond counting`);
  if (shape.includes(0)) return;
  if (positions > storage.length) {
    throw new Error(`a tensor of shape [${shown(shape)}] repeats the ${storage.length} numbers of its storage`);
  }
  const last = shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis], offset);
  if (last >= storage.length) {
    throw new Error(`a tensor reaches number ${last} of storage "${shown(storage.key)}", which has ${storage.length}`);
  }
}

/** The numbers that a view sees, row-major, from the `bytes` of its storage, which it may keep if they are `fresh`. */
export function materialise(
  name: string,
  { storage, offset, shape, strides }: TensorView,
  bytes: Uint8Array,
  fresh = false,
): TensorData {
  const width = BYTES_PER_ELEMENT[storage.type];
  const count = sizeOf(shape);
  if (count === 0 || isContiguous(shape, strides)) {
    return decodeStored(name, storage.type, shape, bytes.subarray(offset * width, (offset + count) * width), fresh);
  }
  const gathered = new Uint8Array(count * width);
  const index = shape.map(() => 0);
  let from = offset;
  for (let i = 0; i < count; i++) {
    for (let byte = 0; byte < width; byte++) gathered[i * width + byte] = bytes[from * width + byte];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return decodeStored(name, storage.type, shape, gathered, true);
}

function isContiguous(shape: number[], strides: number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
}

function asView(value: PickleValue): TensorView {
  if (!isView(value)) throw new Error(`it makes a parameter of ${describe(value)}`);
  return value.value;
}

function isView(value: PickleValue): value is PickleObject<TensorView> {
  return value instanceof PickleObject && "strides" in (value.value as object);
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function describe(value: PickleValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "None";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Map) return "a dict";
  if (value instanceof PickleTuple) return "a tuple";
  if (value instanceof PickleGlobal) return shown(value.name);
  if (value instanceof PickleObject) return isView(value) ? "a tensor" : "a storage";
  return typeof value === "string" ? "a string" : `the ${typeof value} ${shown(value)}`;
}
