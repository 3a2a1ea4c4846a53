import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  canonicalFile,
  canonicalText,
  newRoot,
  numbersOf,
  openStore,
  readCanonical,
  runProgram,
} from "./store-programs.js";

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const salts = (units: readonly number[]) => new Map(units.map((n) => [n, 0]));

/** A user who may write nothing here; root's right to write everywhere would make the test empty. */
const user = process.getuid?.() === 0 ? 65534 : undefined;
const noRights = process.platform === "win32" && "needs folders that may not be written, which Windows does not have";

test("a store that may not be written is read, with what a killed run left, and refuses rows by name", {
  skip: noRights,
}, async () => {
  const root = newRoot();
  await runProgram({ root, steps: [{ do: "add", units: range(0, 10) }, { do: "settle" }] });
  const killed = await runProgram({ root, steps: [{ do: "plan", units: range(10, 30) }] }, 5);
  const left = numbersOf(killed.lines, "computed").length;
  const folders = [root, join(root, "a"), join(root, "b"), join(root, "a", "smoke"), join(root, "b", "smoke")];
  for (const folder of folders) chmodSync(folder, 0o555);
  for (const name of readdirSync(join(root, "b", "smoke"))) chmodSync(join(root, "b", "smoke", name), 0o444);
  const { code, lines } = await runProgram({
    root,
    user,
    steps: [{ do: "count" }, { do: "plan", units: range(40, 45) }],
  });
  assert.equal(code, 1);
  const [count] = numbersOf(lines, "count");
  assert.ok(count >= 10 + left, `${count} rows of ${10 + left}`);
  assert.equal(numbersOf(lines, "computed").length, 0, "nothing is computed in vain");
  assert.match(lines.join("\n"), /error Results cannot be stored: .*: it may not be written \(EACCES\).*--cache/);
  for (const folder of folders) chmodSync(folder, 0o755);
  assert.ok(openStore(root).count("square") >= 10 + left);
});

test("where the results may not be written, rows stay in the working store and are exported later", {
  skip: noRights,
}, async () => {
  const root = newRoot();
  for (const folder of [join(root, "a", "smoke"), join(root, "b")]) mkdirSync(folder, { recursive: true });
  chmodSync(root, 0o755);
  chmodSync(join(root, "b"), 0o777);
  chmodSync(join(root, "a", "smoke"), 0o555);
  const { code, lines } = await runProgram({ root, user, steps: [{ do: "plan", units: range(0, 6) }] });
  assert.equal(code, 1);
  assert.match(lines.join("\n"), /error Results cannot be exported: .*square\.jsonl: it may not be written \(EACCES\)/);
  assert.ok(!existsSync(canonicalFile(root)));
  chmodSync(join(root, "a", "smoke"), 0o755);
  openStore(root).settle("square");
  assert.equal(readCanonical(root), canonicalText(salts(range(0, 6))));
});

/** A disk of 1 MB, or why there is none. */
function smallDisk(): { folder: string; unmount: () => void } | string {
  const folder = newRoot();
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]);
  if (status !== 0) return "needs the right to mount a small disk (root)";
  return { folder, unmount: () => void spawnSync("umount", ["-l", folder]) };
}
const noDisk = process.platform !== "linux" && "needs Linux, to mount a small disk";

test("on a full disk what was stored is kept, and the run fails and says so", { skip: noDisk }, async (context) => {
  const disk = smallDisk();
  if (typeof disk === "string") {
    context.skip(disk);
    return;
  }
  const { folder: root, unmount } = disk;
  try {
    await runProgram({ root, steps: [{ do: "add", units: range(0, 20) }, { do: "settle" }] });
    const exported = readCanonical(root);
    const fill = spawnSync("dd", ["if=/dev/zero", `of=${join(root, "fill")}`, "bs=4k"]);
    assert.notEqual(fill.status, 0);
    const { code, lines } = await runProgram({ root, steps: [{ do: "plan", units: range(20, 400) }] });
    assert.equal(code, 1);
    assert.match(lines.join("\n"), /error .*(results\.sqlite|square\.jsonl): the disk is full/);
    assert.equal(readCanonical(root), exported);
    const computed = numbersOf(lines, "computed");
    writeFileSync(join(root, "fill"), "");
    const store = openStore(root);
    const kept = new Set(store.all("square").map(({ unit }) => unit.settings.n as number));
    for (const n of [...range(0, 20), ...computed]) assert.ok(kept.has(n), `row ${n} is lost`);
    store.settle("square");
    assert.equal(readCanonical(root), canonicalText(salts([...kept])));
    store.close();
  } finally {
    unmount();
  }
});
