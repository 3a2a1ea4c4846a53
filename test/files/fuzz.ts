import { createRandom, type Random } from "#src/engine/random.js";
import { float32, int32, type NamedTensorData, sizeOf } from "#src/engine/tensor-data.js";
import { decodeSafetensors, encodeSafetensors } from "#src/files/safetensors.js";
import { decodeTorchCheckpoint } from "#src/files/torch-checkpoint.js";
import { encodeTorchCheckpoint } from "#src/files/torch-checkpoint-writer.js";
import { encodeZip } from "#src/files/zip-writer.js";

/** What came of feeding a reader with damaged files. */
export interface FuzzReport {
  mutations: number;
  /** Files that were read none the less: the damage was in the numbers or in padding. */
  accepted: number;
  /** Different messages, numbers and names in them left out. */
  messages: number;
  /** Longest time of one file, in milliseconds. */
  slowest: number;
}

type Reader = "safetensors" | "torch";
type Mutation = (bytes: Uint8Array, other: Uint8Array, random: Random) => Uint8Array;

const tensors: NamedTensorData = {
  "encoder.weight": float32(
    [3, 4],
    Float32Array.from({ length: 12 }, (_, i) => i - 6),
  ),
  "encoder.bias": float32([4]),
  ids: int32([2], Int32Array.of(5, -5)),
  mask: { shape: [2, 1], dtype: "bool", data: Uint8Array.of(1, 0) },
  scalar: float32([], Float32Array.of(2)),
  empty: float32([0, 3]),
};

/**
 * Feeds a reader with damaged files: cut off, bits flipped, bytes replaced, inserted, taken out or spliced from another
 * file, and hostile headers or pickles in a sound frame.
 *
 * @param seeds sound files beside the reader's own
 * @throws on the first file that the reader does not either read or refuse with a message of its own: a crash from
 * inside, a tensor that does not fill its shape, a result that depends on bytes outside the file, or more than a second
 */
export function fuzz(reader: Reader, mutations: number, seed: string, seeds: Uint8Array[] = []): FuzzReport {
  const random = createRandom(`fuzz ${reader} ${seed}`);
  const own = reader === "safetensors" ? encodeSafetensors(tensors, { format: "pt" }) : encodeTorchCheckpoint(tensors);
  const files = [own, ...seeds];
  const hostile = reader === "safetensors" ? hostileHeader : hostilePickle;
  const decode =
    reader === "safetensors" ? (bytes: Uint8Array) => decodeSafetensors(bytes).tensors : decodeTorchCheckpoint;
  const messages = new Set<string>();
  const report = { mutations, accepted: 0, messages: 0, slowest: 0 };
  for (let i = 0; i < mutations; i++) {
    const bytes = random.uniform() < 0.4 ? hostile(random) : damaged(files, random);
    const where = `${reader}, seed "${seed}", mutation ${i}`;
    const started = performance.now();
    const result = outcome(decode, bytes, 0x00, where);
    report.slowest = Math.max(report.slowest, performance.now() - started);
    if (performance.now() - started > 1000) throw new Error(`${where}: took more than a second.`);
    if (outcome(decode, bytes, 0xff, where) !== result) throw new Error(`${where}: bytes outside the file were read.`);
    if (result.startsWith("[")) report.accepted++;
    else messages.add(result.replace(/"(?:[^"\\]|\\.)*"|-?[\d,]+/g, "_"));
  }
  report.messages = messages.size;
  return report;
}

/** The tensors as text, or the message, of a file that lies between bytes of `fence`. */
function outcome(
  decode: (bytes: Uint8Array) => NamedTensorData,
  bytes: Uint8Array,
  fence: number,
  where: string,
): string {
  const memory = new Uint8Array(bytes.length + 128).fill(fence);
  memory.set(bytes, 64);
  let found: NamedTensorData;
  try {
    found = decode(memory.subarray(64, 64 + bytes.length));
  } catch (error) {
    const { message, cause } = error as Error;
    // the readers refuse with plain Errors; a TypeError or RangeError is an accident inside
    if (/^Cannot read .+: .+\.$/s.test(message) && cause instanceof Error && cause.constructor === Error)
      return message;
    throw new Error(`${where}: no message of the reader's own.`, { cause: error });
  }
  for (const [name, { shape, data }] of Object.entries(found)) {
    if (data.length !== sizeOf(shape)) throw new Error(`${where}: "${name}" does not fill [${shape}].`);
  }
  return JSON.stringify(Object.entries(found).map(([name, { shape, data }]) => [name, shape, [...data].map(String)]));
}

function damaged(files: Uint8Array[], random: Random): Uint8Array {
  let bytes = random.choice(files);
  const times = random.choice([1, 1, 1, 2, 3, 8]);
  for (let i = 0; i < times; i++) bytes = random.choice(DAMAGE)(bytes, random.choice(files), random);
  return bytes;
}

/** A place in a file, more often near its start or end, where the structure is. */
function placeIn(bytes: Uint8Array, random: Random): number {
  const length = Math.max(1, bytes.length);
  const near = random.integer(Math.min(length, 512));
  return random.choice([near, length - 1 - near, random.integer(length)]);
}

const DAMAGE: Mutation[] = [
  (bytes, _, random) => bytes.slice(0, placeIn(bytes, random)),
  (bytes, _, random) => {
    const copy = bytes.slice();
    copy[placeIn(bytes, random)] ^= 1 << random.integer(8);
    return copy;
  },
  (bytes, _, random) => {
    const copy = bytes.slice();
    const place = placeIn(bytes, random);
    copy.fill(random.choice([0, 0xff, 0x7f, 0x80, 0x2e, 0x28]), place, place + random.choice([1, 2, 4, 8]));
    return copy;
  },
  (bytes, _, random) => {
    const [start, end] = [placeIn(bytes, random), placeIn(bytes, random)].sort((a, b) => a - b);
    return joined(bytes.slice(0, start), bytes.slice(end));
  },
  (bytes, other, random) => {
    const start = placeIn(other, random);
    const piece = other.slice(start, start + 1 + random.integer(64));
    const place = placeIn(bytes, random);
    return joined(bytes.slice(0, place), piece, bytes.slice(place + random.choice([0, piece.length])));
  },
];

const NUMBERS = [0, 1, 2, 3, 4, 8, 12, 16, -1, 1.5, 1e308, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 - 1, 2 ** 63];

/** A safetensors file with a sound frame around a header of odd values. */
function hostileHeader(random: Random): Uint8Array {
  const odd = (depth: number): unknown => {
    const kind = random.integer(depth > 2 ? 4 : 7);
    if (kind < 2) return random.choice(NUMBERS);
    if (kind === 2) return random.choice(["", "F32", "I64", "BOOL", "__proto__", "\u0000", "toString"]);
    if (kind === 3) return random.choice([null, true]);
    if (kind < 6) return Array.from({ length: random.integer(4) }, () => odd(depth + 1));
    return { [String(odd(3))]: odd(depth + 1) };
  };
  const entries = Array.from({ length: random.integer(4) }, (_, i) => {
    const size = random.choice([0, 4, 8, 16]);
    const sound: Record<string, unknown> = { dtype: "F32", shape: [size / 4], data_offsets: [0, size] };
    if (random.uniform() < 0.7) sound[random.choice(Object.keys(sound))] = odd(0);
    const key = random.choice([`t${i}`, "t0", "__metadata__", "__proto__"]);
    return `${JSON.stringify(key)}:${JSON.stringify(random.uniform() < 0.1 ? odd(0) : sound)}`;
  });
  const header = Buffer.from(`{${entries.join(",")}}`);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length + (random.uniform() < 0.1 ? random.choice([1, -1, 64]) : 0)));
  return joined(length, header, new Uint8Array(random.choice([0, 4, 8, 16, 17])));
}

/** A sound zip archive, checksums and all, around a pickle of odd instructions. */
function hostilePickle(random: Random): Uint8Array {
  const whole = () => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(random.choice([0, 1, 2, 3, 4, -1, 65535, 2 ** 31 - 1]));
    return `J${bytes.toString("latin1")}`;
  };
  const storage = () =>
    `(X\u0007\0\0\0storagectorch\n${random.choice(["Float", "Long", "Bool"])}Storage\nX\u0001\0\0\u00000X\0\0\0\0${whole()}tQ`;
  const parts: (() => string)[] = [
    whole,
    storage,
    () => `(${whole()}${whole()}t`,
    () => `ctorch._utils\n_rebuild_tensor_v2\n(${storage()}${whole()}(${whole()}t(${whole()}t\x89)tR`,
    () => "ccollections\nOrderedDict\n)R",
    () => random.choice(["cos\nsystem\n", "c__builtin__\neval\n", "ctorch\nFloatStorage\n", "c\n\n"]),
    () => "X\u0001\0\0\0a",
    () => String.fromCharCode(random.integer(256)),
    () =>
      random.choice([..."}](.)tRQubesaNq\x00h\x00".split(""), "q\x01", "h\x01", "\x85", "\x86", "\x87", "\x8a\x09"]),
  ];
  const body = Array.from({ length: random.integer(12) }, () => random.choice(parts)()).join("");
  const dict = random.uniform() < 0.6 ? `}X\u0001\0\0\0t${body}s.` : `${body}.`;
  return encodeZip([
    ["a/data.pkl", Buffer.from(`\x80\u0002${dict}`, "latin1")],
    ["a/data/0", new Uint8Array(random.choice([0, 4, 16]))],
  ]);
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
