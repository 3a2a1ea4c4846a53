import assert from "node:assert/strict";
import { test } from "node:test";
import { setMemory } from "#src/engine/memory.js";
import type { Session } from "#src/engine/session.js";
import { cachedSession, dropSessions, sessionCacheSize } from "#src/engine/session-cache.js";

const freed: string[] = [];

/** Asks for a session of 100 bytes, which tells when it is freed. */
function use(key: string, bytes = 100): "found" | "made" {
  let how: "found" | "made" = "found";
  cachedSession(key, () => {
    how = "made";
    return { session: { dispose: () => freed.push(key) } as unknown as Session, bytes };
  });
  return how;
}

test("the session that was used longest ago goes first, and only as many as the budget asks", () => {
  setMemory(300);
  for (const key of ["a", "b", "c"]) assert.equal(use(key), "made");
  assert.equal(use("a"), "found");
  assert.equal(use("d"), "made");
  assert.deepEqual(freed, ["b"]);
  assert.deepEqual(sessionCacheSize(), { sessions: 3, bytes: 300 });
  assert.equal(use("b"), "made");
  assert.deepEqual(freed, ["b", "c"]);
});

test("a session larger than the budget is kept while it is the latest", () => {
  freed.length = 0;
  assert.equal(use("large", 1000), "made");
  assert.equal(use("large"), "found");
  assert.deepEqual(sessionCacheSize(), { sessions: 1, bytes: 1000 });
  use("small");
  assert.equal(freed.at(-1), "large");
});

test("a smaller budget frees at the next use, and a prefix frees its own", () => {
  setMemory(300);
  for (const key of ["x:1", "x:2", "y:1"]) use(key);
  setMemory(250);
  use("y:1");
  assert.equal(sessionCacheSize().sessions, 2);
  dropSessions("x:");
  assert.deepEqual(sessionCacheSize(), { sessions: 1, bytes: 100 });
  assert.throws(() => setMemory(Number.NaN), /must be 0 bytes or more, not NaN/);
});
