import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { writeSafetensors } from "#src/files/safetensors.js";
import { encodeMask, loadMask, saveMask } from "#src/pruning/mask-file.js";
import { pruneAdapter } from "#src/pruning/prune.js";
import { methods, trainedAdapter } from "../signs/small-adapters.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-mask-"));
after(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, "mask.safetensors");

test("masks load back equal, and equal masks give equal bytes", () => {
  for (const method of methods) {
    for (const sparsity of [0, 0.37, 0.9, 1]) {
      const { mask } = pruneAdapter(trainedAdapter(method, "a"), { sparsity });
      saveMask(file, mask);
      assert.deepEqual(
        loadMask(file),
        Object.fromEntries(
          Object.keys(mask)
            .sort()
            .map((name) => [name, mask[name]]),
        ),
      );
      assert.deepEqual(new Uint8Array(readFileSync(file)), new Uint8Array(encodeMask(mask)));
    }
  }
});

test("another file is refused by name", () => {
  writeSafetensors(file, {});
  assert.throws(() => loadMask(file), /mask\.safetensors" holds no pruning mask/);
});

test("a mask of more bits than memory is meant for is refused before it is unpacked", () => {
  const words = 2 ** 23; // 2²⁸ bits, each a byte once unpacked
  const shapes = JSON.stringify({ a: [words * 32] });
  const tensors = { a: { shape: [words], dtype: "int32" as const, data: new Int32Array(words) } };
  writeSafetensors(file, tensors, { format: "signmix-mask-1", shapes });
  assert.throws(
    () => loadMask(file),
    /mask\.safetensors": the mask of a would take 256 MB, and a file of this kind may/,
  );
});
