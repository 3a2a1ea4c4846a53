import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { projectPath } from "#src/files/project.js";
import { contents, type FrontEnd, skip, startFrontEnd } from "../front-end.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-snapshot-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the kernel whose snapshot holds these bytes. */
async function copyWith(name: string, bytes: string | undefined): Promise<string> {
  const root = path.join(folder, name);
  for (const part of ["kernel", "files"]) {
    cpSync(projectPath("dist", part), path.join(root, "dist", part), { recursive: true });
  }
  cpSync(projectPath("package.json"), path.join(root, "package.json"));
  symlinkSync(projectPath("node_modules"), path.join(root, "node_modules"));
  const module = pathToFileURL(path.join(root, "dist", "kernel", "compiler", "snapshot-path.js")).href;
  const { snapshotFile } = (await import(module)) as { snapshotFile(): string };
  mkdirSync(path.dirname(snapshotFile()), { recursive: true });
  if (bytes !== undefined) writeFileSync(snapshotFile(), bytes);
  return path.join(root, "dist", "kernel", "main.js");
}

/** The processes of the compiler, by the kernel that started it. */
function compilersOf(kernel: FrontEnd): number[] {
  return readdirSync("/proc").flatMap((name) => {
    try {
      const parent = Number(/\) \S+ (\d+)/.exec(readFileSync(`/proc/${name}/stat`, "utf8"))?.[1]);
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8");
      return parent === kernel.child.pid && command.includes(path.join("compiler", "main.js")) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

test("setting up makes the snapshot of the compiler", { skip }, () => {
  const folder = projectPath(".cache", "kernel");
  const made = existsSync(folder) ? readdirSync(folder).filter((name) => name.includes(process.version)) : [];
  assert.equal(made.length, 1, "one for this Node.js, older ones removed");
});

for (const [what, bytes] of [
  ["no snapshot", undefined],
  ["a snapshot that Node.js does not take", "not a snapshot"],
] as const) {
  test(`with ${what} the compiler starts from its source, and no cell is lost`, { skip }, async (t) => {
    const program = await copyWith(what.replaceAll(" ", "-"), bytes);
    const kernel = await startFrontEnd({ argv: [process.execPath, program, "{connection_file}"] });
    t.after(() => kernel.close());
    const { outputs } = await kernel.execute("const six = 6;\nsix * 7");
    assert.deepEqual(contents(outputs, "execute_result")[0]?.data, { "text/plain": "42" });
    assert.equal((await kernel.execute("six.toUpperCase()")).reply.ename, "TypeCheckError");
  });
}

test("a compiler that dies is started anew; what cells have declared is known to it", {
  skip: skip || (existsSync("/proc/self/stat") ? false : "processes are found through /proc"),
}, async (t) => {
  const kernel = await startFrontEnd();
  t.after(() => kernel.close());
  await kernel.execute("const kept: number[] = [1, 2];");
  const [compiler] = compilersOf(kernel);
  process.kill(compiler, "SIGKILL");
  await kernel.until("The compiler's end", () => compilersOf(kernel).length === 0);
  const { reply, outputs } = await kernel.execute("kept.length");
  assert.equal(reply.status, "ok");
  assert.deepEqual(contents(outputs, "execute_result")[0]?.data, { "text/plain": "2" });
  assert.equal((await kernel.execute("kept.toFixed()")).reply.ename, "TypeCheckError");
});
