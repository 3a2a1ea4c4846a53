import type { NamedTensorData } from "../engine/tensor-data.js";
import { type ByteSource, memorySource, viewOf, withFileSource } from "./byte-source.js";
import { readPickle } from "./pickle.js";
import { BYTES_PER_ELEMENT } from "./stored-type.js";
import { materialise, readStateDict, type Storage, type TensorView } from "./torch-state-dict.js";
import { openZip, type ZipArchive } from "./zip.js";

/**
 * Reads a state dict that PyTorch saved with `torch.save`, such as `pytorch_model.bin` or `pytorch_adapter.bin`: the
 * zip archive of PyTorch 1.6 and later, or the form before it.
 *
 * The pickle inside is read as data: only the opcodes and names that tensors need are known, and nothing is ever run.
 * Types are read as by {@link readSafetensors}; tensors that share memory become separate copies.
 *
 * @throws naming the file, and what in it is no tensor or no whole checkpoint
 */
export function readTorchCheckpoint(path: string): NamedTensorData {
  try {
    return withFileSource(path, readFrom);
  } catch (error) {
    throw new Error(`Cannot read "${path}" as a PyTorch checkpoint: ${(error as Error).message}.`, { cause: error });
  }
}

/** {@link readTorchCheckpoint} of bytes in memory. */
export function decodeTorchCheckpoint(bytes: Uint8Array): NamedTensorData {
  try {
    return readFrom(memorySource(bytes));
  } catch (error) {
    throw new Error(`Cannot read the PyTorch checkpoint: ${(error as Error).message}.`, { cause: error });
  }
}

// the start of PyTorch's form before 1.6: a pickle of its magic number, 0x1950a86a20f9469cfc6c
const LEGACY_START = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
const LEGACY_PROTOCOL = 1001;

function readFrom(source: ByteSource): NamedTensorData {
  const start = source.read(0, Math.min(source.size, LEGACY_START.length));
  return LEGACY_START.every((byte, i) => start[i] === byte) ? readLegacy(source) : readArchive(source);
}

function readArchive(source: ByteSource): NamedTensorData {
  const archive = openZip(source);
  const pickles = archive.names.filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1)
    throw new Error(`it has ${pickles.length} entries named */data.pkl, where PyTorch writes one`);
  const root = pickles[0].slice(0, -"/data.pkl".length);
  checkByteOrder(archive, root);
  const { views } = readStateDict(archive.read(pickles[0]), source.size);
  const storages = new Map<string, Uint8Array>();
  return materialiseAll(views, ({ key }) => {
    const bytes = storages.get(key) ?? archive.read(`${root}/data/${key}`);
    storages.set(key, bytes);
    return bytes;
  });
}

function checkByteOrder(archive: ZipArchive, root: string): void {
  const name = `${root}/byteorder`;
  if (!archive.names.includes(name)) return; // before PyTorch 2.1
  const order = new TextDecoder().decode(archive.read(name));
  if (order !== "little") throw new Error(`its byte order is ${JSON.stringify(order)}; only "little" is read`);
}

/**
 * Five pickles (magic number, protocol, facts about the machine, the dict, the storages' keys), then each storage: its
 * length in 8 bytes, and its numbers.
 */
function readLegacy(source: ByteSource): NamedTensorData {
  const file = source.read(0, source.size);
  let position = LEGACY_START.length;
  const next = () => {
    const { value, end } = readPickle(file.subarray(position));
    position += end;
    return value;
  };
  if (next() !== LEGACY_PROTOCOL) throw new Error(`its protocol is not ${LEGACY_PROTOCOL}`);
  const machine = next();
  if (!(machine instanceof Map) || machine.get("little_endian") !== true) throw new Error("its numbers are big-endian");
  const { views, end } = readStateDict(file.subarray(position), source.size);
  position += end;
  const keys = next();
  if (!Array.isArray(keys)) throw new Error("the list of its storages is missing");

  const types = new Map(Array.from(views.values(), ({ storage }) => [storage.key, storage.type]));
  const storages = new Map<string, Uint8Array>();
  for (const key of keys) {
    const type = typeof key === "string" ? types.get(key) : undefined;
    if (typeof key !== "string" || !type)
      throw new Error(`it has a storage ${JSON.stringify(key)} that no tensor is in`);
    const length = Number(viewOf(source.read(position, 8)).getBigUint64(0, true));
    const bytes = length * BYTES_PER_ELEMENT[type];
    storages.set(key, source.read(position + 8, bytes));
    position += 8 + bytes;
  }
  if (position !== source.size) throw new Error(`its last ${source.size - position} bytes belong to no storage`);
  return materialiseAll(views, ({ key }) => {
    const bytes = storages.get(key);
    if (!bytes) throw new Error(`its storage "${key}" is missing`);
    return bytes;
  });
}

function materialiseAll(views: Map<string, TensorView>, read: (storage: Storage) => Uint8Array): NamedTensorData {
  const tensor = (name: string, view: TensorView) => {
    const { key, type, length } = view.storage;
    const bytes = read(view.storage);
    const expected = length * BYTES_PER_ELEMENT[type];
    if (bytes.byteLength !== expected) {
      throw new Error(
        `storage "${key}" has ${bytes.byteLength} bytes, but ${length} numbers of ${type} take ${expected}`,
      );
    }
    return materialise(name, view, bytes);
  };
  return Object.fromEntries(Array.from(views, ([name, view]) => [name, tensor(name, view)]));
}
