import type { NamedTensorData } from "../engine/tensor-data.js";
import { Budget, type BudgetKind, formatBytes, MOST_HEADER_BYTES } from "./budget.js";
import { type ByteSource, memorySource, viewOf, withFileSource } from "./byte-source.js";
import { requireFinite } from "./finite.js";
import { readPickle } from "./pickle.js";
import { mistakenFor, RECOGNISED_BYTES } from "./recognise.js";
import type { ReadOptions } from "./safetensors.js";
import { shown } from "./shown.js";
import { BYTES_PER_ELEMENT } from "./stored-type.js";
import { materialise, readStateDict, type TensorView } from "./torch-state-dict.js";
import { openZip, type ZipArchive } from "./zip.js";

/**
 * Reads a state dict that PyTorch saved with `torch.save`, such as `pytorch_model.bin` or `pytorch_adapter.bin`: the
 * zip archive of PyTorch 1.6 and later, or the form before it.
 *
 * The pickle inside is read as data: only the opcodes and names that tensors need are known, and nothing is ever run.
 * Types are read as by {@link readSafetensors}; tensors that share memory become separate copies.
 *
 * @throws naming the file, and what in it is no tensor, no finite number or no whole checkpoint
 */
export function readTorchCheckpoint(path: string, options: ReadOptions = {}): NamedTensorData {
  try {
    return withFileSource(path, (source) => readFrom(source, options));
  } catch (error) {
    throw new Error(`Cannot read "${path}" as a PyTorch checkpoint: ${(error as Error).message}.`, { cause: error });
  }
}

/** {@link readTorchCheckpoint} of bytes in memory. */
export function decodeTorchCheckpoint(bytes: Uint8Array, options: ReadOptions = {}): NamedTensorData {
  try {
    return readFrom(memorySource(bytes), options);
  } catch (error) {
    throw new Error(`Cannot read the PyTorch checkpoint: ${(error as Error).message}.`, { cause: error });
  }
}

// the number with which PyTorch's form before 1.6 begins
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_PROTOCOL = 1001;

function readFrom(source: ByteSource, { budget: given = "encoder", finite = true }: ReadOptions): NamedTensorData {
  const budget = typeof given === "string" ? new Budget(given as BudgetKind) : given;
  const start = source.read(0, Math.min(source.size, RECOGNISED_BYTES));
  const zipped = start[0] === 0x50 && start[1] === 0x4b; // "PK"
  const mistaken = zipped ? undefined : mistakenFor(start, source.size);
  if (mistaken) throw new Error(mistaken);
  const tensors = isLegacy(start) ? readLegacy(source, budget) : readArchive(source, budget);
  if (finite) for (const [name, tensor] of Object.entries(tensors)) requireFinite(name, tensor);
  return tensors;
}

function isLegacy(start: Uint8Array): boolean {
  try {
    return readPickle(start).value === LEGACY_MAGIC;
  } catch {
    return false;
  }
}

function readArchive(source: ByteSource, budget: Budget): NamedTensorData {
  const archive = openZip(source, budget);
  const pickles = archive.names.filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1) {
    if (archive.names.some((name) => name.endsWith("/constants.pkl"))) {
      throw new Error("it is a TorchScript archive, which holds a program: save the state dict with torch.save");
    }
    throw new Error(`it has ${pickles.length} entries named */data.pkl, where PyTorch writes one`);
  }
  const root = pickles[0].slice(0, -"/data.pkl".length);
  checkByteOrder(archive, root);
  const pickleBytes = archive.sizeOf(pickles[0]);
  if (pickleBytes > MOST_HEADER_BYTES) throw new Error(tooLongPickle(pickleBytes));
  const { views } = readStateDict(archive.read(pickles[0]), source.size, budget);
  const entry = (key: string) => `${root}/data/${key}`;
  return materialiseAll(views, {
    bytesOf: (key) => archive.sizeOf(entry(key)),
    read: (key) => archive.read(entry(key)),
    fresh: source.fresh,
  });
}

function tooLongPickle(bytes: number): string {
  return `its pickle has ${formatBytes(bytes)}, above the limit of ${formatBytes(MOST_HEADER_BYTES)}`;
}

function checkByteOrder(archive: ZipArchive, root: string): void {
  const name = `${root}/byteorder`;
  if (!archive.names.includes(name)) return; // before PyTorch 2.1
  if (archive.sizeOf(name) > 16) throw new Error("its byte order is no word");
  const order = new TextDecoder().decode(archive.read(name));
  if (order !== "little") throw new Error(`its byte order is "${shown(order)}"; only "little" is read`);
}

/**
 * Five pickles (magic number, protocol, facts about the machine, the dict, the storages' keys), then each storage: its
 * length in 8 bytes, and its numbers.
 */
function readLegacy(source: ByteSource, budget: Budget): NamedTensorData {
  const pickles = source.read(0, Math.min(source.size, MOST_HEADER_BYTES));
  let position = 0;
  const next = () => {
    const { value, end } = readPickle(pickles.subarray(position), undefined, budget);
    position += end;
    return value;
  };
  next(); // the magic number
  if (next() !== LEGACY_PROTOCOL) throw new Error(`its protocol is not ${LEGACY_PROTOCOL}`);
  const machine = next();
  if (!(machine instanceof Map) || machine.get("little_endian") !== true) throw new Error("its numbers are big-endian");
  const { views, end } = readStateDict(pickles.subarray(position), source.size, budget);
  position += end;
  const keys = next();
  if (!Array.isArray(keys)) throw new Error("the list of its storages is missing");

  const types = new Map(Array.from(views.values(), ({ storage }) => [storage.key, storage.type]));
  const places = new Map<string, { start: number; bytes: number }>();
  for (const key of keys) {
    const type = typeof key === "string" ? types.get(key) : undefined;
    if (typeof key !== "string" || !type) throw new Error("it has a storage that no tensor is in");
    const length = Number(viewOf(source.read(position, 8)).getBigUint64(0, true));
    const bytes = length * BYTES_PER_ELEMENT[type];
    if (!(bytes <= source.size - position - 8)) throw new Error(`it is cut off in its storage "${shown(key)}"`);
    places.set(key, { start: position + 8, bytes });
    position += 8 + bytes;
  }
  if (position !== source.size) throw new Error(`its last ${source.size - position} bytes belong to no storage`);
  const placeOf = (key: string) => {
    const place = places.get(key);
    if (!place) throw new Error(`its storage "${shown(key)}" is missing`);
    return place;
  };
  return materialiseAll(views, {
    bytesOf: (key) => placeOf(key).bytes,
    read: (key) => source.read(placeOf(key).start, placeOf(key).bytes),
    fresh: source.fresh,
  });
}

/** Where the storages of a checkpoint are found. */
interface StorageReader {
  bytesOf(key: string): number;
  read(key: string): Uint8Array;
  /** Whether what `read` gives may be kept. */
  fresh: boolean;
}

/** The tensors of all views. Storages are read one after another, each once, and let go when its last tensor is made. */
function materialiseAll(views: Map<string, TensorView>, storages: StorageReader): NamedTensorData {
  const byStorage = new Map<string, string[]>();
  for (const [name, { storage }] of views) {
    const { key, type, length } = storage;
    const [bytes, expected] = [storages.bytesOf(key), length * BYTES_PER_ELEMENT[type]];
    if (bytes !== expected) {
      throw new Error(`storage "${shown(key)}" has ${bytes} bytes, but ${length} numbers of ${type} take ${expected}`);
    }
    const sharing = byStorage.get(key);
    if (sharing) sharing.push(name);
    else byStorage.set(key, [name]);
  }
  const tensors = new Map<string, NamedTensorData[string]>();
  for (const [key, names] of byStorage) {
    const bytes = storages.read(key);
    for (const name of names) {
      tensors.set(name, materialise(name, views.get(name) as TensorView, bytes, storages.fresh && names.length === 1));
    }
  }
  // in the order of the dict
  return Object.fromEntries(Array.from(views.keys(), (name) => [name, tensors.get(name)] as const)) as NamedTensorData;
}
