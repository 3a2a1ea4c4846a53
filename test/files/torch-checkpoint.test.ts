import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { deflateRawSync } from "node:zlib";
import { float32, int32, type NamedTensorData } from "#src/engine/tensor-data.js";
import { projectPath } from "#src/files/project.js";
import { readSafetensors } from "#src/files/safetensors.js";
import { decodeTorchCheckpoint, readTorchCheckpoint } from "#src/files/torch-checkpoint.js";
import { encodeTorchCheckpoint, writeTorchCheckpoint } from "#src/files/torch-checkpoint-writer.js";
import { encodeZip } from "#src/files/zip-writer.js";

// made with PyTorch by environment/reference/make_checkpoints.py
const fixture = (name: string) => projectPath("test", "files", "fixtures", name);

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "signmix-"));
});
after(() => rmSync(folder, { recursive: true }));

const tensors: NamedTensorData = {
  "adapter.weight": float32([2, 3], Float32Array.of(1, -2, 0.5, -0, 3e38, 1e-40)),
  ids: int32([2], Int32Array.of(-7, 2 ** 31 - 1)),
  mask: { shape: [3, 1], dtype: "bool", data: Uint8Array.of(1, 0, 1) },
  scalar: float32([], Float32Array.of(4)),
  empty: float32([0, 5]),
};

describe("PyTorch checkpoints", () => {
  it("reads every type, view and shared storage as PyTorch means them", () => {
    const expected = sorted(readSafetensors(fixture("views.safetensors")).tensors);
    assert.equal(Object.keys(expected).length, 17);
    assert.deepEqual(sorted(readTorchCheckpoint(fixture("views.bin"))), expected);
  });

  it("reads the form of PyTorch before 1.6", () => {
    const expected = sorted(readSafetensors(fixture("views.safetensors")).tensors);
    assert.deepEqual(sorted(readTorchCheckpoint(fixture("views-legacy.bin"))), expected);
  });

  it("reads a pickle of protocol 4", () => {
    const { parameter } = readTorchCheckpoint(fixture("views.bin"));
    assert.deepEqual(readTorchCheckpoint(fixture("protocol-4.bin")), { a: parameter });
  });

  it("reads back what it wrote, with equal bytes each time", () => {
    const path = join(folder, "pytorch_adapter.bin");
    writeTorchCheckpoint(path, tensors);
    assert.deepEqual(readTorchCheckpoint(path), tensors);
    assert.deepEqual(encodeTorchCheckpoint(tensors), new Uint8Array(readFileSync(path)));
  });

  it("reads deflated entries", () => {
    const bytes = deflateEntries(entriesOf(encodeTorchCheckpoint(tensors)));
    assert.deepEqual(decodeTorchCheckpoint(bytes), tensors);
  });

  const refused: [string, RegExp][] = [
    [
      "refused-sparse.bin",
      /asks for "torch\._utils\._rebuild_sparse_tensor"; only tensors are read, and nothing is ever/,
    ],
    ["refused-module.bin", /asks for "torch\.nn\.modules\.linear\.Linear"; only tensors are read/],
    ["refused-expanded.bin", /a tensor of shape \[100\] repeats the 1 numbers of its storage/],
    ["refused-nested.bin", /"model" in it is a dict, not a tensor; save the state dict alone/],
  ];
  for (const [name, message] of refused) {
    it(`refuses ${name.slice(8, -4)}`, () => {
      assert.throws(() => readTorchCheckpoint(fixture(name)), message);
      assert.throws(() => readTorchCheckpoint(fixture(name)), new RegExp(`Cannot read ".*${name}" as a PyTorch`));
    });
  }

  const pickles: [string, string, RegExp][] = [
    ["a call of the system", "cos\nsystem\n(X\u0004\0\0\0echotR.", /asks for "os\.system"/],
    ["a call of a builtin", "c__builtin__\neval\n.", /asks for "__builtin__\.eval"/],
    ["a name of JavaScript", "ctoString\n\n.", /asks for "toString\."/],
    ["a call of a storage type", "ctorch\nFloatStorage\n)R.", /calls "torch\.FloatStorage", which is no function/],
    ["a call of a number", "K\u0001)R.", /calls what is no function/],
    ["a later protocol", "\x80\u0006}.", /pickled by protocol 6; protocols 0 to 5 are read/],
    ["a call of the system by protocol 4", "\x8c\u0002os\x8c\u0006system\x93.", /asks for "os\.system"/],
    ["a global named by a number", "K\u0001K\u0001\x93.", /names a global by what is no text/],
    ["an endless line", "L1234", /cut off in a name/],
    ["bytes", "C\u0001a.", /opcode SHORT_BINBYTES \(0x43\)/],
    ["an unknown instruction", "\xff.", /opcode unknown \(0xff\)/],
    ["an instance", "(ios\nsystem\n.", /opcode INST \(0x69\)/],
    ["a list", "].", /holds a list, not a dict of tensors/],
    ["an empty stack", ".", /takes from an empty stack/],
    ["a parameter of nothing", "ctorch._utils\n_rebuild_parameter\n)R.", /makes a parameter of nothing/],
    ["a pickle without end", "}", /pickle is cut off at byte 1/],
    ["a text cut off", "X\xff\xff\xff\xffab", /pickle is cut off at byte 7/],
    ["a name cut off", "cos", /cut off in a name/],
    ["a mark as a value", "(.", /takes a mark for a value/],
    ["a missing mark", "t.", /takes to a mark that was never set/],
    ["a memo never set", "h\u0005.", /recalls memo 5, which was never set/],
    ["a key twice", "}(X\u0001\0\0\0aNX\u0001\0\0\0aNu.", /has the key "a" twice/],
    ["a key without a value", "}(Nu.", /key of its dict has no value/],
    ["a number for a name", "}K\u0001Ns.", /key of its dict is the number 1, not a name/],
    ["a storage for a tensor", `}X\u0001\0\0\0a${storage(4)}s.`, /"a" in it is a storage, not a tensor/],
    ["attributes of a number", "K\u0001Nb.", /gives attributes to what is no dict/],
    ["a foreign persistent id", "X\u0001\0\0\0aQ.", /refers to a storage in a way that PyTorch does not/],
    [
      "a huge number",
      "\x8a\u0008\xff\xff\xff\xff\xff\xff\xff\x7f.",
      /holds the bigint 9223372036854775807, not a dict/,
    ],
    ["a view beyond its storage", dict(view(4, 1, [2, 2], [2, 1])), /reaches number 4 of storage "0", which has 4/],
    ["strides that leave the storage", dict(view(4, 0, [2, 2], [9, 1])), /reaches number 10 of storage "0"/],
    ["too few strides", dict(view(4, 0, [2, 2], [1])), /has 2 axes but 1 strides/],
    ["a negative offset", dict(view(4, -1, [2], [1])), /describes a tensor in a way that PyTorch does not/],
    ["a shape beyond counting", dict(view(4, 0, Array(4).fill(65535), [0, 0, 0, 0])), /of a tensor is beyond counting/],
    ["a storage of another length", dict(view(5, 0, [2], [1])), /"0" has 16 bytes, but 5 numbers of F32 take 20/],
  ];
  for (const [what, pickle, message] of pickles) {
    it(`refuses ${what}`, () => {
      const bytes = encodeZip([
        ["archive/data.pkl", Buffer.from(pickle, "latin1")],
        ["archive/data/0", new Uint8Array(16)],
      ]);
      assert.throws(() => decodeTorchCheckpoint(bytes), message);
    });
  }

  it("reads a view by hand: offset 1, every second number", () => {
    const numbers = new Uint8Array(Float32Array.of(0, 1, 2, 3).buffer);
    const bytes = encodeZip([
      ["a/data.pkl", Buffer.from(dict(view(4, 1, [2], [2])), "latin1")],
      ["a/data/0", numbers],
    ]);
    assert.deepEqual(decodeTorchCheckpoint(bytes), { t: float32([2], Float32Array.of(1, 3)) });
  });

  const whole = encodeTorchCheckpoint(tensors);
  const archives: [string, Uint8Array, RegExp][] = [
    ["nothing", new Uint8Array(0), /it is empty/],
    ["a file cut off", whole.subarray(0, whole.length - 30), /the end of its directory is missing/],
    ["other bytes", new Uint8Array(500).fill(7), /the end of its directory is missing/],
    ["an archive without a pickle", encodeZip([["a", new Uint8Array(1)]]), /has 0 entries named \*\/data\.pkl/],
    ["an entry twice", encodeZip(["a", "a"].map((name) => [name, new Uint8Array(1)])), /the archive has "a" twice/],
    ["a damaged number", changed(whole, 66, 0), /"archive\/data\.pkl" do not match their check/],
    [
      "big-endian numbers",
      encodeZip([
        ["a/data.pkl", new Uint8Array(1)],
        ["a/byteorder", Buffer.from("big")],
      ]),
      /"big"/,
    ],
    [
      "a missing storage",
      encodeZip(entriesOf(whole).filter(([name]) => !name.endsWith("/1"))),
      /no "archive\/data\/1"/,
    ],
    ["an encrypted entry", changed(whole, directoryOf(whole) + 8, 1), /"archive\/data\.pkl" in it is encrypted/],
    ["another packing", changed(whole, directoryOf(whole) + 10, 12), /is packed by zip method 12/],
    ["sizes that differ", changed(whole, directoryOf(whole) + 24, 1), /is stored, but its two sizes differ/],
    ["a zip bomb", deflateEntries([["a/data.pkl", new Uint8Array(80 << 20)]]), /its 80 kB would unfold to 80 MB/],
    [
      "an overlap",
      changed(changed(whole, directoryOf(whole) + 22, 9), directoryOf(whole) + 26, 9),
      /"archive\/data\.pkl" reaches into what follows it/,
    ],
  ];
  for (const [what, bytes, message] of archives) {
    it(`refuses ${what}`, () => assert.throws(() => decodeTorchCheckpoint(bytes), message));
  }

  it("refuses a legacy checkpoint that is cut off or too long", () => {
    const legacy = new Uint8Array(readFileSync(fixture("views-legacy.bin")));
    assert.throws(() => decodeTorchCheckpoint(legacy.subarray(0, -1)), /it is cut off/);
    assert.throws(
      () => decodeTorchCheckpoint(Buffer.concat([legacy, Buffer.of(0)])),
      /last 1 bytes belong to no storage/,
    );
  });
});

/** `torch.FloatStorage` "0" of so many numbers, pickled. */
function storage(length: number): string {
  return `(X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\u00000X\u0003\0\0\0cpu${whole32(length)}tQ`;
}

function view(length: number, offset: number, shape: number[], strides: number[]): string {
  const tuple = (numbers: number[]) => `(${numbers.map(whole32).join("")}t`;
  const args = `${storage(length)}${whole32(offset)}${tuple(shape)}${tuple(strides)}\x89ccollections\nOrderedDict\n)R`;
  return `ctorch._utils\n_rebuild_tensor_v2\n(${args}tR`;
}

function dict(value: string): string {
  return `\x80\u0002}X\u0001\0\0\0t${value}s.`;
}

function whole32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return `J${bytes.toString("latin1")}`;
}

function sorted(record: NamedTensorData): NamedTensorData {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}

function directoryOf(zip: Uint8Array): number {
  return new DataView(zip.buffer, zip.byteOffset).getUint32(zip.length - 6, true);
}

/** Names and contents of an archive that encodeZip made. */
function entriesOf(zip: Uint8Array): [string, Uint8Array][] {
  const data = Buffer.from(zip);
  const entries: [string, Uint8Array][] = [];
  for (let at = 0; data.readUInt32LE(at) === 0x04034b50; ) {
    const [size, name, extra] = [data.readUInt32LE(at + 18), data.readUInt16LE(at + 26), data.readUInt16LE(at + 28)];
    const start = at + 30 + name + extra;
    entries.push([data.toString("utf8", at + 30, at + 30 + name), zip.slice(start, start + size)]);
    at = start + size;
  }
  return entries;
}

/** The archive with every entry deflated, its sizes and methods set right. */
function deflateEntries(entries: [string, Uint8Array][]): Uint8Array {
  const plain = Buffer.from(encodeZip(entries));
  const packed = Buffer.from(encodeZip(entries.map(([name, content]) => [name, deflateRawSync(content)])));
  const patch = (at: number, from: number) => {
    packed.writeUInt16LE(8, at + 4); // method
    plain.copy(packed, at + 10, from + 10, from + 14); // CRC
    plain.copy(packed, at + 18, from + 18, from + 22); // size
  };
  let [at, from] = [directoryOf(packed), directoryOf(plain)];
  for (const [name] of entries) {
    const bytes = 46 + Buffer.byteLength(name);
    patch(at + 6, from + 6);
    [at, from] = [at + bytes, from + bytes];
  }
  return packed;
}
