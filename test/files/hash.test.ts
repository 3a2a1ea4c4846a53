import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { float32, type NamedTensorData } from "#src/engine/tensor-data.js";
import { canonicalJson, gitBlobHashOfFile, sha256, sha256OfFile, sha256OfTensors } from "#src/files/hash.js";

it("hashes are the published ones of known contents", () => {
  const folder = mkdtempSync(join(tmpdir(), "signmix-"));
  const path = join(folder, "a");
  writeFileSync(path, "abc");
  assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(sha256OfFile(path), sha256("abc"));
  writeFileSync(path, "test content\n");
  assert.equal(gitBlobHashOfFile(path), "d670460b4b4aece5915caf5c68d12f560a9fe3e4");
  rmSync(folder, { recursive: true });
});

it("the hash of tensors knows names, shapes and numbers, not their order", () => {
  const [a, b] = [float32([2], Float32Array.of(1, 2)), float32([1])];
  assert.equal(sha256OfTensors({ a, b }), sha256OfTensors({ b, a }));
  const others: NamedTensorData[] = [
    { a },
    { a: b, b: a },
    { a: float32([1, 2], Float32Array.of(1, 2)), b },
    { a: b, b },
  ];
  assert.equal(new Set([{ a, b }, ...others].map(sha256OfTensors)).size, 5);
});

it("canonical JSON sorts keys at every depth and leaves undefined out", () => {
  assert.equal(
    canonicalJson({ b: [{ d: 1, c: "é" }, null], a: undefined, 10: true, 9: -0 }),
    '{"10":true,"9":0,"b":[{"c":"é","d":1},null]}',
  );
  assert.equal(canonicalJson({ when: new Date(0) }), '{"when":"1970-01-01T00:00:00.000Z"}');
});

it("canonical JSON refuses what JSON cannot hold, naming the place", () => {
  assert.throws(() => canonicalJson({ a: [1, NaN] }), /value\.a\[1\] is NaN, which JSON cannot hold/);
  assert.throws(() => canonicalJson({ a: () => 1 }), /value\.a is of type function/);
  assert.throws(() => canonicalJson(undefined), /value is of type undefined/);
});
