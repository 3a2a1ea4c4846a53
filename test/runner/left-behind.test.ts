import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { projectPath } from "#src/files/project.js";

/*
 * A run is three floors of processes: the runner, a notebook's kernel, its workers. Whichever is killed, and however the
 * run ends, all are gone within five seconds, with their temporary files.
 */

const skip =
  process.platform !== "linux"
    ? "needs Linux, whose /proc tells which processes belong to a run"
    : existsSync(projectPath(".jupyter", "kernels", "tslab", "kernel.json"))
      ? false
      : "the kernel's description is missing: npm run setup";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-left-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const href = (...parts: string[]) => pathToFileURL(projectPath(...parts)).href;

/** A module whose units keep a worker busy for a minute, without a turn of its event loop. */
const units = path.join(folder, "units.mjs");
writeFileSync(
  units,
  `export function runUnit() { const end = Date.now() + 60_000; while (Date.now() < end) Math.sqrt(end); }`,
);

/** A notebook whose cell runs two such units on two workers. */
function writeNotebooks(): string {
  const notebooks = path.join(folder, "notebooks");
  mkdirSync(notebooks, { recursive: true });
  const source =
    `const { runUnits } = await import(${JSON.stringify(projectPath("dist", "engine", "pool.js"))});\n` +
    `await runUnits(new URL(${JSON.stringify(pathToFileURL(units).href)}), [1, 2], { workers: 2, backend: "cpu" });`;
  const cell = { cell_type: "code", id: "busy", metadata: {}, outputs: [], execution_count: null, source };
  writeFileSync(
    path.join(notebooks, "busy.ipynb"),
    JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }),
  );
  return notebooks;
}

interface Found {
  pid: number;
  role: "runner" | "kernel" | "worker";
}

/** The processes that carry a mark in their environment. */
function processesOf(mark: string): Found[] {
  return readdirSync("/proc").flatMap((name): Found[] => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      if (!readFileSync(`/proc/${name}/environ`, "latin1").includes(mark)) return [];
      if (/\) Z /.test(readFileSync(`/proc/${name}/stat`, "latin1"))) return []; // dead, not yet waited for
      const command = readFileSync(`/proc/${name}/cmdline`, "latin1");
      const role = command.includes("pool-worker") ? "worker" : command.includes("kernel-") ? "kernel" : "runner";
      return [{ pid: Number(name), role }];
    } catch {
      return []; // it has just ended
    }
  });
}

async function until(seconds: number, fulfilled: () => boolean): Promise<boolean> {
  const end = Date.now() + 1000 * seconds;
  while (Date.now() < end) {
    if (fulfilled()) return true;
    await sleep(100);
  }
  return fulfilled();
}

/** The run's folder for temporary files, which nothing else uses. */
const temporary = path.join(folder, "tmp");
mkdirSync(temporary);

/** Starts the run and waits until both its workers are at work. */
async function start(mark: string, viaShell: boolean): Promise<ChildProcess> {
  const args = ["--profile", "smoke", "--output", path.join(folder, "out")];
  const program =
    `import { reproduce } from ${JSON.stringify(href("dist", "cli", "reproduce.js"))};` +
    `process.exitCode = await reproduce(${JSON.stringify(args)}, undefined, ${JSON.stringify(writeNotebooks())});`;
  const script = path.join(folder, "run.mjs");
  writeFileSync(script, program);
  const env = {
    ...process.env,
    TMPDIR: temporary,
    SIGNMIX_TEST_MARK: mark,
    ...(viaShell && { npm_lifecycle_event: "reproduce" }),
  };
  // npm starts a shell, which starts the script
  const npm = `require("node:child_process").spawn("/bin/sh", ["-c", '"$0" "$1"; true', process.execPath, ${JSON.stringify(script)}], { stdio: "inherit" })`;
  const child = viaShell
    ? spawn(process.execPath, ["-e", npm], { env, stdio: ["ignore", "pipe", "pipe"] })
    : spawn(process.execPath, [script], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
  }
  const working = () => processesOf(mark).filter(({ role }) => role === "worker").length === 2;
  await until(60, () => working() || child.exitCode !== null);
  assert.ok(working(), `the run did not come to its workers: ${said}`);
  await sleep(1500); // they compute
  return child;
}

const kill = (mark: string, role: Found["role"]) => {
  const found = processesOf(mark).find((one) => one.role === role);
  assert.ok(found, `no ${role} to kill`);
  process.kill(found.pid, "SIGKILL");
};

const ends: Record<string, { viaShell?: boolean; end(child: ChildProcess, mark: string): void }> = {
  "kill -9 of the runner": { end: (child) => child.kill("SIGKILL") },
  "kill -9 of npm, which started it through a shell": { viaShell: true, end: (child) => child.kill("SIGKILL") },
  "kill -9 of the kernel": { end: (_, mark) => kill(mark, "kernel") },
  "kill -9 of a worker, then Ctrl-C": {
    end: (child, mark) => {
      kill(mark, "worker");
      child.kill("SIGINT");
    },
  },
  "a closed terminal": { end: (child) => child.kill("SIGHUP") },
  "a closed pipe": {
    end: (child) => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.kill("SIGTERM"); // what it says then finds no reader
    },
  },
};

for (const [how, { viaShell = false, end }] of Object.entries(ends)) {
  test(`${how} leaves no process and no temporary file behind`, { skip, timeout: 120_000 }, async () => {
    const mark = `signmix-${process.pid}-${how.replace(/\W+/g, "-")}`;
    const child = await start(mark, viaShell);
    try {
      const gone = () => processesOf(mark).length === 0 && readdirSync(temporary).length === 0;
      end(child, mark);
      assert.ok(await until(5, gone), `${JSON.stringify(processesOf(mark))} ${readdirSync(temporary)}`);
    } finally {
      for (const { pid } of processesOf(mark)) process.kill(pid, "SIGKILL");
    }
  });
}
