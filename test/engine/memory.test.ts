import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultWorkers, memoryOf } from "#src/engine/memory.js";

const GB = 2 ** 30;
const MB = 2 ** 20;

test("all workers together keep an eighth of the machine's memory, and none more than 512 MB", () => {
  assert.equal(memoryOf({}, 2 * GB), 256 * MB);
  assert.equal(memoryOf({ SIGNMIX_WORKERS: "4" }, 8 * GB), 256 * MB);
  assert.equal(memoryOf({ SIGNMIX_WORKERS: "4" }, 256 * GB), 512 * MB);
});

test("SIGNMIX_MEMORY is shared by the workers", () => {
  assert.equal(memoryOf({ SIGNMIX_MEMORY: "1000" }, 8 * GB), 1000 * MB);
  assert.equal(memoryOf({ SIGNMIX_MEMORY: "1000", SIGNMIX_WORKERS: "4" }, 8 * GB), 250 * MB);
  assert.throws(() => memoryOf({ SIGNMIX_MEMORY: "much" }, 8 * GB), /SIGNMIX_MEMORY is "much".*megabytes/);
});

test("a machine has a worker for each core and each 2 GB of memory, and at least one", () => {
  assert.equal(defaultWorkers({}, 2, 8 * GB), 2);
  assert.equal(defaultWorkers({}, 16, 8 * GB), 4);
  assert.equal(defaultWorkers({}, 16, GB), 1);
  assert.equal(defaultWorkers({ SIGNMIX_WORKERS: "3" }, 16, GB), 3);
  assert.throws(() => defaultWorkers({ SIGNMIX_WORKERS: "0" }), /SIGNMIX_WORKERS is "0".*1 or more/);
});
