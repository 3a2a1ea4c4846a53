import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { historyFolder, openHistory } from "#src/kernel/history.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-history-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("the history is kept between runs: by its tail, by range and by search", () => {
  const first = openHistory(folder);
  first.add(1, "const a = 1", undefined);
  first.add(2, "a + 1", "2");
  const second = openHistory(folder);
  second.add(1, "a + 1", "2");
  second.add(2, "const b = 3\nb", "3");

  const tail = second.request({ hist_access_type: "tail", n: 3, output: true });
  assert.deepEqual(tail, [
    [1, 2, ["a + 1", "2"]],
    [2, 1, ["a + 1", "2"]],
    [2, 2, ["const b = 3\nb", "3"]],
  ]);
  const range = (session: number, start: number, stop?: number) =>
    second.request({ hist_access_type: "range", session, start, stop });
  assert.deepEqual(range(1, 1, 2), [[1, 1, "const a = 1"]]);
  assert.deepEqual(range(-1, 1), [
    [1, 1, "const a = 1"],
    [1, 2, "a + 1"],
  ]);
  assert.deepEqual(range(0, 2), [[2, 2, "const b = 3\nb"]]);
  assert.deepEqual(range(7, 1), []);
  const search = (pattern: string, more = {}) => second.request({ hist_access_type: "search", pattern, ...more });
  assert.deepEqual(search("const*"), [
    [1, 1, "const a = 1"],
    [2, 2, "const b = 3\nb"],
  ]);
  assert.deepEqual(search("a+1").length, 2, "spaces aside");
  assert.deepEqual(search("a ? 1", { unique: true }), [[2, 1, "a + 1"]]);
  assert.deepEqual(search("[ab]*", { n: 1 }), [[2, 1, "a + 1"]]);
  assert.deepEqual(search("a"), []);
});

test("many kernels write at once, and a damaged line costs that line alone", () => {
  const own = mkdtempSync(path.join(folder, "many-"));
  const histories = Array.from({ length: 5 }, () => openHistory(own));
  histories.forEach((one, at) => {
    one.add(1, `cell ${at}`, undefined);
  });
  const files = readdirSync(own).filter((name) => name.endsWith(".jsonl"));
  assert.equal(files.length, 5);
  appendFileSync(path.join(own, files[0]), '{"line":2,"inp');
  const inputs = openHistory(own)
    .request({ hist_access_type: "tail", n: 9 })
    .map(([, , input]) => input);
  assert.deepEqual(inputs, ["cell 0", "cell 1", "cell 2", "cell 3", "cell 4"]);
});

test("who wants no history has none that lasts; a folder can be named", () => {
  assert.equal(historyFolder("off"), undefined);
  assert.equal(historyFolder(folder), folder);
  assert.match(historyFolder("") ?? "", /signmix/);
  const fleeting = openHistory(historyFolder("off"));
  fleeting.add(1, "x", undefined);
  assert.deepEqual(fleeting.request({ hist_access_type: "tail", n: 5 }), [[1, 1, "x"]]);
  assert.deepEqual(fleeting.request({ hist_access_type: "nonsense" }), []);
});
