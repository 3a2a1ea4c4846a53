import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { type PoolCrash, type PoolOptions, type PoolProgress, runUnits } from "#src/engine/pool.js";
import type { runUnit, Unit } from "./pool-units.js";

type Result = ReturnType<typeof runUnit>;

const entry = new URL("./pool-units.js", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "signmix-pool-"));
after(() => rmSync(folder, { recursive: true }));

/** Results in the order of the units. */
async function collect(units: Unit[], options: PoolOptions<Result>): Promise<Result[]> {
  const results: Result[] = [];
  await runUnits<Unit, Result>(entry, units, {
    backend: "cpu",
    ...options,
    onResult(result, index) {
      assert.equal(results[index], undefined, "a unit gives one result");
      results[index] = result;
    },
  });
  return results;
}

describe("runUnits", () => {
  test("gives the same bytes whatever the number of workers, and never runs more of them than asked", async () => {
    const units = Array.from({ length: 7 }, (_, seed) => ({ seed: seed + 1, milliseconds: seed % 2 ? 0 : 30 }));
    const runs = await Promise.all([1, 3].map((workers) => collect(units, { workers })));
    const [one, three] = runs.map((results) => results.map(({ values }) => values.join()));
    assert.equal(one.length, units.length);
    assert.equal(new Set(one).size, units.length);
    assert.deepEqual(one, three);
    assert.equal(new Set(runs[0].map(({ pid }) => pid)).size, 1);
    assert.ok(new Set(runs[1].map(({ pid }) => pid)).size <= 3);
  });

  test("computes on the backend named, with one intra-op thread", async () => {
    const [result] = await collect([{ seed: 1 }], { workers: 1, backend: "wasm" });
    assert.equal(result.backend, "wasm");
    assert.equal(result.threads, "1");
  });

  test("reports progress after each unit", async () => {
    const seen: PoolProgress[] = [];
    await collect([{ seed: 1 }, { seed: 2 }, { seed: 3 }], {
      workers: 2,
      onProgress: (progress) => seen.push(progress),
    });
    assert.deepEqual(
      seen,
      [1, 2, 3].map((done) => ({ done, total: 3 })),
    );
  });

  for (const [action, ending] of [
    ["exit once", "it exited with code 7"],
    ["abort once", process.platform === "win32" ? /it exited with code/ : "it was ended by SIGABRT"],
  ] as const) {
    test(`reports a worker that ends by "${action}" and runs its unit once more`, async () => {
      const crashes: PoolCrash[] = [];
      const units: Unit[] = [{ seed: 1 }, { seed: 2, action, marker: join(folder, action) }, { seed: 3 }];
      const results = await collect(units, { workers: 2, onCrash: (crash) => crashes.push(crash) });
      assert.equal(results.filter(Boolean).length, 3);
      assert.equal(crashes.length, 1);
      assert.equal(crashes[0].index, 1);
      assert.match(crashes[0].message, new RegExp(ending));
    });
  }

  test("gives up on a unit that crashes its worker twice, and names it", async () => {
    const crashes: PoolCrash[] = [];
    const run = collect([{ seed: 1 }, { seed: 2, action: "exit" }], {
      workers: 1,
      onCrash: (crash) => crashes.push(crash),
    });
    await assert.rejects(run, /Unit 1 crashed its worker twice: it exited with code 7/);
    assert.equal(crashes.length, 1);
  });

  test("rejects with the error that a unit throws, without a second try", async () => {
    const units: Unit[] = [
      { seed: 5, action: "throw" },
      ...Array.from({ length: 20 }, () => ({ seed: 1, milliseconds: 50 })),
    ];
    const crashes: PoolCrash[] = [];
    await assert.rejects(
      collect(units, { workers: 1, onCrash: (crash) => crashes.push(crash) }),
      /unit of seed 5 has no data/,
    );
    assert.equal(crashes.length, 0);
  });

  test("ends busy workers at once when it is cancelled", async () => {
    const controller = new AbortController();
    const units = [{ seed: 1 }, ...Array.from({ length: 4 }, () => ({ seed: 2, milliseconds: 60_000 }))];
    const run = collect(units, {
      workers: 2,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    const start = Date.now();
    await assert.rejects(run, /enough/);
    assert.ok(Date.now() - start < 30_000);
  });

  test("starts nothing where it was cancelled before, and runs nothing where there is nothing", async () => {
    await assert.rejects(collect([{ seed: 1 }], { signal: AbortSignal.abort(new Error("too late")) }), /too late/);
    assert.deepEqual(await collect([], {}), []);
  });

  test("refuses a number of workers that is none", async () => {
    await assert.rejects(collect([{ seed: 1 }], { workers: 0 }), /workers is 0; give a whole number, 1 or more/);
  });
});
