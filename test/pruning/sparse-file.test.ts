import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { adapterHash } from "#src/adapters/adapter.js";
import { readSafetensors, writeSafetensors } from "#src/files/safetensors.js";
import { pruneAdapter } from "#src/pruning/prune.js";
import { loadSparseAdapter, saveSparseAdapter } from "#src/pruning/sparse-file.js";
import { mapTensors, methods, trainedAdapter } from "../signs/small-adapters.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-sparse-"));
after(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, "adapter.safetensors");

test("sparse adapters load back bit for bit, raw and by change, at every sparsity", () => {
  for (const method of methods) {
    for (const weights of ["raw", "change"] as const) {
      for (const sparsity of [0, 0.5, 0.9, 1]) {
        const { adapter } = pruneAdapter(trainedAdapter(method, "a"), { sparsity, weights });
        saveSparseAdapter(file, adapter);
        const loaded = loadSparseAdapter(file);
        assert.equal(adapterHash(loaded), adapterHash(adapter));
        assert.deepEqual({ ...loaded, tensors: 0 }, { ...adapter, tensors: 0 });
      }
    }
  }
});

test("−0 and an adapter without seed load back as well, and what is not finite is not written", () => {
  const odd = mapTensors(trainedAdapter("lora", "a"), (value, _, i) => [-0, 0, 0, 0, value, 3e38][i % 6]);
  const { seed: _, ...adapter } = odd;
  saveSparseAdapter(file, adapter);
  assert.equal(adapterHash(loadSparseAdapter(file)), adapterHash(adapter));
  assert.equal(loadSparseAdapter(file).seed, undefined);
  const infinite = mapTensors(odd, (value, _, i) => (i === 5 ? Number.NEGATIVE_INFINITY : value));
  assert.throws(() => saveSparseAdapter(file, infinite), /Nothing is written: tensor ".*" holds -Infinity at /);
});

test("a 90% sparse adapter takes far less room, and equal adapters give equal bytes", () => {
  const dense = trainedAdapter("houlsby", "a");
  const big = { ...dense, config: { ...dense.config, reductionFactor: 1 }, base: { ...dense.base, hiddenSize: 256 } };
  const adapter = pruneAdapter(trainedLike(big as typeof dense), { sparsity: 0.9 }).adapter;
  saveSparseAdapter(file, adapter);
  const bytes = readFileSync(file);
  const numbers = Object.values(adapter.tensors).reduce((sum, { data }) => sum + data.length, 0);
  assert.ok(statSync(file).size < 0.14 * 4 * numbers, `${statSync(file).size} of ${4 * numbers} bytes`);
  saveSparseAdapter(file, adapter);
  assert.deepEqual(readFileSync(file), bytes);
});

function trainedLike(adapter: ReturnType<typeof trainedAdapter>) {
  const tensors = Object.fromEntries(
    Object.entries(adapter.tensors).map(([name, { dtype }]) => {
      const shape = name.endsWith("bias") ? [256] : [256, 256];
      const size = shape.reduce((a, b) => a * b);
      return [name, { shape, dtype, data: Float32Array.from({ length: size }, (_, i) => Math.sin(i * i)) }];
    }),
  );
  const { seed: _, ...rest } = adapter;
  return { ...rest, tensors };
}

test("another file, or a damaged one, is refused by name", () => {
  writeSafetensors(file, {});
  assert.throws(() => loadSparseAdapter(file), /adapter\.safetensors" is no sparse signmix adapter/);
  saveSparseAdapter(file, trainedAdapter("lora", "a"));
  const { tensors, metadata } = readSafetensors(file);
  const { base, ...header } = JSON.parse(metadata.adapter);
  const { layers: _, ...lacking } = base;
  writeSafetensors(file, tensors, { ...metadata, adapter: JSON.stringify({ ...header, base: lacking }) });
  assert.throws(() => loadSparseAdapter(file), /1 to 1024 layers, and the adapter's base states none/);
});
