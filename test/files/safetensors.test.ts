import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { float32, int32, type NamedTensorData } from "#src/engine/tensor-data.js";
import { decodeSafetensors, encodeSafetensors, readSafetensors, writeSafetensors } from "#src/files/safetensors.js";

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "signmix-"));
});
after(() => rmSync(folder, { recursive: true }));

const tensors: NamedTensorData = {
  "b.weight": float32([2, 3], Float32Array.of(1, -2, 0.5, -0, 65504, 1e-40)),
  a: int32([2], Int32Array.of(-7, 2 ** 31 - 1)),
  "mask é": { shape: [3], dtype: "bool", data: Uint8Array.of(1, 0, 1) },
  scalar: float32([], Float32Array.of(4)),
  empty: float32([0, 5]),
  "7": float32([1], Float32Array.of(7)),
};

describe("safetensors", () => {
  it("reads back what it wrote, from a file and from bytes", () => {
    const path = join(folder, "deeper", "some.safetensors");
    writeSafetensors(path, tensors, { format: "pt", about: '{"a":1}' });
    const file = readSafetensors(path);
    assert.deepEqual(file.metadata, { format: "pt", about: '{"a":1}' });
    assert.deepEqual(file.tensors, tensors);
    assert.deepEqual(decodeSafetensors(encodeSafetensors(tensors)).tensors, tensors);
    assert.deepEqual(readdirSync(join(folder, "deeper")), ["some.safetensors"]);
  });

  it("writes equal bytes for equal tensors in any order", () => {
    const reversed = Object.fromEntries(Object.entries(tensors).reverse());
    const bytes = encodeSafetensors(tensors, { x: "1", y: "2" });
    assert.deepEqual(encodeSafetensors(reversed, { y: "2", x: "1" }), bytes);
    assert.equal(new DataView(bytes.buffer).getBigUint64(0, true) % 8n, 0n);
  });

  it("stores float32 as float16 on request and leaves other types alone", () => {
    const { tensors: read } = decodeSafetensors(encodeSafetensors(tensors, {}, { floats: "float16" }));
    assert.deepEqual(read["b.weight"].data, Float32Array.of(1, -2, 0.5, -0, 65504, 0));
    assert.deepEqual(read.a, tensors.a);
  });

  it("reads every type of number", () => {
    const cases: [string, ArrayBufferView, Float32Array | Int32Array | Uint8Array][] = [
      ["F64", Float64Array.of(0.1, -3), Float32Array.of(0.1, -3)],
      ["F32", Float32Array.of(0.1, -3), Float32Array.of(0.1, -3)],
      ["F16", Uint16Array.of(0x3c00, 0xc000), Float32Array.of(1, -2)],
      ["BF16", Uint16Array.of(0x3f80, 0xc000), Float32Array.of(1, -2)],
      ["I64", BigInt64Array.of(-5n, 2n ** 31n - 1n), Int32Array.of(-5, 2 ** 31 - 1)],
      ["I32", Int32Array.of(-5, 6), Int32Array.of(-5, 6)],
      ["I16", Int16Array.of(-5, 6), Int32Array.of(-5, 6)],
      ["I8", Int8Array.of(-5, 6), Int32Array.of(-5, 6)],
      ["U8", Uint8Array.of(250, 6), Int32Array.of(250, 6)],
      ["BOOL", Uint8Array.of(1, 0), Uint8Array.of(1, 0)],
    ];
    for (const [dtype, stored, expected] of cases) {
      const header = { t: { dtype, shape: [2], data_offsets: [0, stored.byteLength] } };
      const bytes = new Uint8Array(stored.buffer);
      assert.deepEqual(decodeSafetensors(assemble(JSON.stringify(header), bytes)).tensors.t.data, expected, dtype);
    }
  });

  it("keeps names that are special to JavaScript", () => {
    const header = '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}';
    const { tensors: read } = decodeSafetensors(assemble(header, Uint8Array.of(9)));
    assert.deepEqual(Object.keys(read), ["__proto__"]);
    assert.equal(({} as Record<string, unknown>).dtype, undefined);
  });

  const entry = (fields: object) => JSON.stringify({ t: { dtype: "U8", shape: [4], data_offsets: [0, 4], ...fields } });
  const two = (a: number[], b: number[]) =>
    JSON.stringify({
      a: { dtype: "U8", shape: [a[1] - a[0]], data_offsets: a },
      b: { dtype: "U8", shape: [b[1] - b[0]], data_offsets: b },
    });
  const malformed: [string, Uint8Array, RegExp][] = [
    ["an empty file", new Uint8Array(0), /it is empty: it was not downloaded/],
    ["a file of 7 bytes", new Uint8Array(7).fill(1), /it has 7 bytes, fewer than the 8/],
    ["a header above the limit", withLength(2n ** 24n + 1n), /header of 16777217 bytes, above the limit of 16 MB/],
    ["a header beyond 2^53", withLength(2n ** 64n - 1n), /header of 18446744073709551615 bytes, above the limit/],
    ["a header cut off", withLength(99n), /cut off: its header ends at byte 107 of 24/],
    ["an empty header", withLength(0n), /it is all zeros: its download broke off/],
    ["a header that starts with a space", assemble(" {}"), /does not begin with "\{"/],
    ["a header that is a list", assemble("[]"), /does not begin with "\{"/],
    ["a header that is not UTF-8", assemble(Uint8Array.of(0x7b, 0xff, 0x7d)), /header is not UTF-8/],
    ["a header that is not JSON", assemble('{"a":}'), /there is a "\}" where a value is needed, in line 1, column 6/],
    ["a header with a tail", assemble("{}x"), /something follows after its end, in line 1, column 3/],
    ["a tensor twice", assemble(`{${entry({}).slice(1, -1)},${entry({}).slice(1, -1)}}`, 4), /the key "t" twice/],
    ["a tensor twice, escaped", assemble(`{${entry({}).slice(1, -1)},"\\u0074" :1}`, 4), /the key "t" twice/],
    ["a field twice", assemble('{"t":{"dtype":"U8","dtype":"U8","shape":[0]}}'), /the key "dtype" twice/],
    ["metadata that is a list", assemble('{"__metadata__":[]}'), /__metadata__ is not an object/],
    ["metadata of a number", assemble('{"__metadata__":{"a":1}}'), /metadata "a" is not a string/],
    ["a tensor that is a number", assemble('{"t":1}'), /tensor "t" is not described by an object/],
    ["a tensor without dtype", assemble(entry({ dtype: undefined }), 4), /tensor "t" has no dtype/],
    ["an unknown dtype", assemble(entry({ dtype: "F8_E4M3" }), 4), /the dtype "F8_E4M3"; signmix reads F64, F32/],
    ["a dtype of Object", assemble(entry({ dtype: "constructor" }), 4), /the dtype "constructor"/],
    ["a shape that is a number", assemble(entry({ shape: 4 }), 4), /shape of tensor "t" is not a list of whole/],
    ["a negative shape", assemble(entry({ shape: [-4] }), 4), /shape of tensor "t" is not a list of whole/],
    ["a fractional shape", assemble(entry({ shape: [4.5] }), 4), /shape of tensor "t" is not a list of whole/],
    [
      "a shape beyond counting",
      assemble(entry({ shape: [2 ** 40, 2 ** 40, 0] }), 4),
      /of tensor "t" is beyond counting/,
    ],
    ["one offset", assemble(entry({ data_offsets: [0] }), 4), /data_offsets of tensor "t" are not two whole/],
    [
      "a negative offset",
      assemble(entry({ data_offsets: [-4, 0] }), 4),
      /data_offsets of tensor "t" are not two whole/,
    ],
    ["an offset beyond 2^53", assemble(entry({ data_offsets: [0, 2 ** 60] }), 4), /are not two whole numbers/],
    ["offsets in reverse", assemble(entry({ data_offsets: [4, 0] }), 4), /ends at byte 0, before it begins at 4/],
    ["a wrong number of bytes", assemble(entry({ shape: [3] }), 4), /has 4 bytes, but U8 of shape \[3\] takes 3/],
    ["data cut off", assemble(entry({}), 3), /cut off: tensor "t" ends at byte 4 of 3 bytes of data/],
    ["data left over", assemble(entry({}), 6), /its last 2 bytes belong to no tensor/],
    ["data without a tensor", assemble("{}", 1), /its last 1 bytes belong to no tensor/],
    ["a hole", assemble(two([0, 2], [3, 4]), 4), /bytes 2 to 3, before tensor "b", belong to no tensor/],
    ["a hole at the start", assemble(entry({ data_offsets: [1, 5] }), 5), /bytes 0 to 1, before tensor "t"/],
    ["an overlap", assemble(two([0, 3], [2, 4]), 4), /tensor "b" overlaps another: it begins at 2, before 3/],
    [
      "a whole number beyond int32",
      assemble('{"t":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}', new Uint8Array(8).fill(1)),
      /tensor "t" holds 72340172838076673, which is no int32/,
    ],
  ];
  for (const [what, bytes, message] of malformed) {
    it(`refuses ${what}`, () => {
      assert.throws(() => decodeSafetensors(bytes), message);
      const path = join(folder, "bad.safetensors");
      writeFileSync(path, bytes);
      assert.throws(() => readSafetensors(path), message);
      assert.throws(() => readSafetensors(path), /bad\.safetensors" as safetensors/);
    });
  }

  it("refuses to write what it could not read", () => {
    assert.throws(() => encodeSafetensors({ __metadata__: float32([1]) }), /cannot name a tensor/);
    assert.throws(() => encodeSafetensors({}, { n: 1 as unknown as string }), /Metadata "n" must be a string/);
    const short = { shape: [3], dtype: "float32" as const, data: new Float32Array(2) };
    assert.throws(() => encodeSafetensors({ short }), /Tensor "short" has 2 numbers for the shape \[3\]; give 3/);
  });
});

/** The bytes of a file with this header and data (or so many zero bytes). */
function assemble(header: string | Uint8Array, data: Uint8Array | number = 0): Uint8Array {
  const head = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return new Uint8Array(Buffer.concat([length, head, typeof data === "number" ? Buffer.alloc(data) : data]));
}

/** 24 bytes that announce a header of `length`. */
function withLength(length: bigint): Uint8Array {
  const bytes = new Uint8Array(24);
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
}
