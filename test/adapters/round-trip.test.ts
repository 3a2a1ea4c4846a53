import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { classifierTensors, classify } from "#src/adapters/classify.js";
import { hooksOf } from "#src/adapters/create.js";
import type { ImportedAdapter } from "#src/adapters/fit.js";
import { exportAdapter, importAdapter } from "#src/adapters/folder.js";
import { loadEncoder } from "#src/encoder/checkpoint.js";
import type { Encoder } from "#src/encoder/encoder.js";
import { under } from "#src/encoder/heads.js";
import { selectBackend } from "#src/engine/backend.js";
import { compile } from "#src/engine/compile.js";
import { int32, type NamedTensorData, type TensorData } from "#src/engine/tensor-data.js";
import { batchOf, prefixed } from "#src/training/step.js";

interface Output {
  /** [batch, time, hidden] */
  hidden: number[][][];
  /** [batch, classes], where the head is one for texts. */
  logits: number[][] | null;
}
interface Case extends Output {
  name: string;
  library: "peft" | "adapterhub";
  encoder: string;
  adapter: string;
  kind: string;
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const python = process.env.SIGNMIX_TORCH_PYTHON;
const skip = python ? undefined : "needs SIGNMIX_TORCH_PYTHON, a Python with torch, transformers, peft and adapters";
const scratch = mkdtempSync(join(tmpdir(), "signmix-round-trip-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** What asks the libraries, environment/reference/round-trip.mjs. */
interface Asking {
  inputs: { input_ids: number[][]; attention_mask: number[][] };
  askLibraries(python: string, request: Record<string, unknown>): unknown;
}
const asking = pathToFileURL(join(root, "environment", "reference", "round-trip.mjs"));
const { askLibraries, inputs } = (await import(asking.href)) as Asking;
const ask = <T>(request: Record<string, unknown>) => askLibraries(python as string, request) as T;

// All cases are made, and all exports run, in one call of Python each: loading the libraries takes most of the time.
describe("adapters of the libraries, through signmix and back", { skip }, () => {
  let cases: Case[] = [];
  const encoders = new Map<string, Encoder>();
  const imported = new Map<Case, ImportedAdapter>();

  before(async () => {
    await selectBackend("cpu", { quiet: true });
    cases = ask<{ cases: Case[] }>({ do: "make", folder: join(scratch, "made"), inputs }).cases;
    for (const { encoder } of cases) {
      if (!encoders.has(encoder)) encoders.set(encoder, await loadEncoder(encoder, { name: encoder }));
    }
    for (const made of cases) imported.set(made, importAdapter(made.adapter, { encoder: encoders.get(made.encoder) }));
  });
  after(() => {
    for (const encoder of encoders.values()) encoder.dispose();
  });

  test("signmix computes what the libraries do", () => {
    for (const made of cases) {
      const { adapter, head } = imported.get(made) as ImportedAdapter;
      const encoder = encoders.get(made.encoder) as Encoder;
      const hidden = compile((batch) => ({
        hidden: encoder.forward(batchOf(batch), { adapter: hooksOf(adapter, under(batch, "adapter")) }).lastHiddenState,
      })).run({ ...prefixed("adapter", adapter.tensors), ...batch() });
      assertClose(hidden.hidden, made.hidden.flat(2), `${made.name}: hidden states`);
      if (!made.logits) continue;
      assert.ok(head, `${made.name}: no head`);
      const plan = { encoder, adapter: adapter.config, head: head.config };
      const logits = compile((batch) => ({ logits: classify(plan, under(batch, "parameter"), batchOf(batch)) }));
      const parameters = prefixed("parameter", classifierTensors(adapter, head));
      assertClose(logits.run({ ...parameters, ...batch() }).logits, made.logits.flat(), `${made.name}: logits`);
    }
  });

  test("the libraries compute the same with what signmix exports, in either storage, also by way of its own format", () => {
    const exports = cases.flatMap((made, i) =>
      (["safetensors", "bin"] as const).map((storage) => {
        const { adapter, head } = imported.get(made) as ImportedAdapter;
        const own = join(scratch, "own", String(i), storage);
        exportAdapter(adapter, own, "signmix", { head });
        const again = storage === "bin" ? importAdapter(own) : { adapter, head };
        const folder = join(scratch, "back", String(i), storage);
        exportAdapter(again.adapter, folder, made.library, { head: again.head, storage });
        return { made, library: made.library, encoder: made.encoder, adapter: folder, kind: made.kind };
      }),
    );
    const { results } = ask<{ results: Output[] }>({ do: "run", cases: exports, inputs });
    exports.forEach(({ made, adapter }, i) => {
      const what = `${made.name} (${adapter.replace(/^.*\//, "")})`;
      assertEqualNumbers(results[i].hidden.flat(2), made.hidden.flat(2), `${what}: hidden states`);
      if (made.logits) assertEqualNumbers(results[i].logits?.flat() ?? [], made.logits.flat(), `${what}: logits`);
    });
  });

  test("notes say what is left out, and only where something is", () => {
    const noted = cases
      .filter((made) => (imported.get(made) as ImportedAdapter).notes.length > 0)
      .map(({ name }) => name);
    const expected = cases.filter(({ name }) => /tagger|answers|all linear/.test(name)).map(({ name }) => name);
    assert.deepEqual(noted, expected);
  });
});

function batch(): NamedTensorData {
  const matrix = (rows: number[][]) => int32([rows.length, rows[0].length], Int32Array.from(rows.flat()));
  return { inputIds: matrix(inputs.input_ids), attentionMask: matrix(inputs.attention_mask) };
}

function assertClose(actual: TensorData, expected: number[], what: string): void {
  assertEqualNumbers(Array.from(actual.data), expected, what);
}

function assertEqualNumbers(actual: readonly number[], expected: readonly number[], what: string): void {
  assert.equal(actual.length, expected.length, what);
  const error = actual.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i])), 0);
  const size = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  assert.ok(error < 1e-5 * size, `${what} differ by ${error} (largest ${size})`);
}
