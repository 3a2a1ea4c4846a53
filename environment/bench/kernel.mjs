// How fast the kernel is beside Python's and Deno's, all in one run: starting, small cells, printing, the hundredth cell, and
// the first import of the shared module. SIGNMIX_JUPYTER_PYTHON names a Python with ipykernel, SIGNMIX_DENO a Deno (npm's
// package "deno" brings one); a kernel that is not there is left out.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { median } from "simple-statistics";
import * as zmq from "zeromq";
import { root } from "../build.mjs";
import { freePorts } from "../free-ports.mjs";

export const name = "kernel";
export const about = "starting a kernel, small cells, printing, the first import";

const prints = 10_000;
const fewPrints = 400;
const patience = 30_000; // milliseconds for what may never come

/** The same work in each language. */
const typescript = {
  add: (n) => `${n} + 1`,
  define: (n) => `function square${n}(x: number): number { return x * x; }\nsquare${n}(3)`,
  print: `for (let n = 0; n < ${prints}; n++) console.log("line " + n);`,
  printFew: `for (let n = 0; n < ${fewPrints}; n++) console.log("line " + n);`,
  mistyped: "const words: string = 3;",
};
const python = {
  add: (n) => `${n} + 1`,
  define: (n) => `def square${n}(x): return x * x\nsquare${n}(3)`,
  print: `for n in range(${prints}): print("line", n)`,
  printFew: `for n in range(${fewPrints}): print("line", n)`,
};

const notebooks = path.join(root, "notebooks");

const works = (program, args) => spawnSync(program, args, { stdio: "ignore" }).status === 0;

function kernels() {
  const pythonProgram = process.env.SIGNMIX_JUPYTER_PYTHON ?? "python3";
  const deno = process.env.SIGNMIX_DENO ?? "deno";
  const tslab = path.join(root, "node_modules", "tslab", "bin", "tslab");
  return [
    {
      name: "signmix",
      argv: [process.execPath, path.join(root, "dist", "kernel", "main.js"), "{f}"],
      code: typescript,
      imports: true,
    },
    {
      name: "tslab alone",
      argv: [process.execPath, tslab, "kernel", "--config-path", "{f}"],
      code: typescript,
      imports: true,
      fewPrints: true,
    },
    works(pythonProgram, ["-c", "import ipykernel"]) && {
      ...{ name: "ipykernel", argv: [pythonProgram, "-m", "ipykernel_launcher", "-f", "{f}"], code: python },
    },
    works(deno, ["--version"]) && {
      name: "Deno",
      argv: [deno, "jupyter", "--kernel", "--conn", "{f}"],
      code: typescript,
    },
  ].filter(Boolean);
}

/** A front end that waits for replies on the shell and for "idle" on iopub. */
async function open({ argv }, cwd) {
  const { decode, encode, request } = await import("../../dist/kernel/wire.js");
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-bench-"));
  const key = randomBytes(16).toString("hex");
  const names = ["shell", "iopub", "stdin", "control", "hb"];
  const numbers = await freePorts(names.length);
  const ports = Object.fromEntries(names.map((one, at) => [`${one}_port`, numbers[at]]));
  const file = path.join(folder, "connection.json");
  const fixed = { ip: "127.0.0.1", transport: "tcp", signature_scheme: "hmac-sha256", kernel_name: "bench" };
  writeFileSync(file, JSON.stringify({ ...ports, ...fixed, key }));
  const shell = new zmq.Dealer({ linger: 0 });
  const iopub = new zmq.Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  shell.connect(`tcp://127.0.0.1:${ports.shell_port}`);
  iopub.connect(`tcp://127.0.0.1:${ports.iopub_port}`);
  iopub.subscribe();
  const started = performance.now();
  const [program, ...args] = argv.map((word) => word.replace("{f}", file));
  const child = spawn(program, args, { cwd, stdio: "ignore", env: { ...process.env, SIGNMIX_HISTORY: "off" } });
  const waiting = new Map();
  const take = (frames, what) => {
    const { header, parent, content } = decode(frames, { key });
    const one = waiting.get(parent.msg_id);
    if (!one) return;
    if (what === "reply") one.reply = content;
    else if (header.msg_type === "stream") one.lines += content.text.split("\n").length - 1;
    // Deno's kernel is "idle" before its last lines have come.
    if (one.reply && (one.lines >= one.wanted || one.wanted === 0)) one.resolve(one);
  };
  const listen = async (socket, what) => {
    for await (const frames of socket) take(frames, what);
  };
  listen(shell, "reply").catch(() => {});
  listen(iopub, "iopub").catch(() => {});
  /** Milliseconds until the reply, and until as many lines have come as are wanted; undefined where they do not. */
  async function ask(type, content, wanted = 0) {
    const message = request(type, content, "bench");
    const begun = performance.now();
    const answered = new Promise((resolve) => {
      waiting.set(message.header.msg_id, { wanted, lines: 0, resolve });
    });
    await shell.send(encode(message, { key }));
    const answer = await Promise.race([answered, sleep(wanted > 0 ? patience : 30_000)]);
    if (!answer && wanted > 0) return undefined;
    if (!answer) throw new Error(`${argv[0]} did not answer ${type} in 30 s.`);
    return { ...answer, milliseconds: performance.now() - begun };
  }
  return {
    started,
    ask,
    execute: (code, lines = 0) =>
      ask(
        "execute_request",
        { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false },
        lines,
      ),
    close() {
      child.kill("SIGKILL");
      shell.close();
      iopub.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const importCell = 'import * as sm from "../dist/index.js";\ntypeof sm.mixAdapters';
const pause = 1000; // milliseconds between the first result and an import that comes later

/** A start, its first result, and the first import: at once, and in another start a second later. */
async function measureStart(kernel, cwd) {
  try {
    return await timeStart(kernel, cwd);
  } catch {
    return timeStart(kernel, cwd); // a port that was free when it was looked for may be taken a moment later
  }
}

async function timeStart(kernel, cwd) {
  const started = async (during) => {
    const client = await open(kernel, cwd);
    try {
      await client.ask("kernel_info_request", {});
      const info = performance.now() - client.started;
      await client.execute("1 + 1");
      return { info, first: performance.now() - client.started, ...(await during(client)) };
    } finally {
      client.close();
    }
  };
  if (!kernel.imports) return started(() => {});
  const imported = async (client) => (await client.execute(importCell)).milliseconds;
  const atOnce = await started(async (client) => ({ firstImport: await imported(client) }));
  const later = await started(async (client) => {
    await sleep(pause);
    return { laterImport: await imported(client) };
  });
  return { ...atOnce, laterImport: later.laterImport };
}

async function measure(kernel, cwd) {
  const { add, define, print } = kernel.code;
  const client = await open(kernel, cwd);
  try {
    await client.ask("kernel_info_request", {});
    const adds = [];
    for (let n = 0; n < 30; n++) adds.push((await client.execute(add(n))).milliseconds);
    const cells = [];
    for (let n = 0; n < 100; n++) cells.push((await client.execute(define(n))).milliseconds);
    const printed = kernel.fewPrints ? undefined : await client.execute(print, prints);
    return {
      add: median(adds.slice(5)),
      define: median(cells),
      late: median(cells.slice(95)) / median(cells.slice(1, 6)),
      print: printed?.milliseconds,
    };
  } finally {
    client.close();
  }
}

/** Whether a cell of some prints ends and types are checked. */
async function behaviour(kernel, cwd) {
  const client = await open(kernel, cwd);
  try {
    await client.ask("kernel_info_request", {});
    const { mistyped, printFew } = kernel.code;
    const checked = mistyped && (await client.execute(mistyped)).reply.status === "error";
    const printed = await client.execute(printFew, fewPrints);
    return { few: printed ? "all come" : "never ends", ...(mistyped ? { types: checked ? "yes" : "no" } : {}) };
  } finally {
    client.close();
  }
}

/** What Jupyter's own people's programs say of a kernel: jupyter_kernel_test, and nbval on the tour's first cells. */
function judged(kernel, index) {
  const program = process.env.SIGNMIX_JUPYTER_PYTHON ?? "python3";
  if (kernel.code !== typescript || !works(program, ["-c", "import jupyter_kernel_test, nbval"])) return {};
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-bench-suite-"));
  try {
    const called = `bench-${kernel.name === "Deno" ? "deno" : index}`;
    const place = path.join(folder, "kernels", called);
    mkdirSync(place, { recursive: true });
    const argv = kernel.argv.map((word) => word.replace("{f}", "{connection_file}"));
    const description = { argv, display_name: called, language: "typescript" };
    writeFileSync(path.join(place, "kernel.json"), JSON.stringify(description));
    const env = {
      ...process.env,
      ...{ JUPYTER_PATH: folder, JUPYTER_RUNTIME_DIR: path.join(folder, "runtime"), SIGNMIX_SUITE_KERNEL: called },
      ...{ SIGNMIX_HISTORY: path.join(folder, "history"), IPYTHONDIR: path.join(folder, "ipython") },
    };
    const ask = (args) => {
      const { stdout, stderr } = spawnSync(program, args, { env, cwd: notebooks, encoding: "utf8", timeout: 600_000 });
      return stdout + stderr;
    };
    const said = ask([path.join(root, "environment", "bench", "kernel_suite.py")]);
    const count = (what) => Number(new RegExp(`${what}=(\\d+)`).exec(said)?.[1] ?? 0);
    const ran = Number(/Ran (\d+) tests?/.exec(said)?.[1] ?? 0);
    const failed = count("failures") + count("errors");
    const tour = JSON.parse(readFileSync(path.join(notebooks, "00-tour.ipynb"), "utf8"));
    const cells = tour.cells.filter((cell) => cell.cell_type === "code").slice(0, 3);
    const face = JSON.stringify(path.join(root, "dist", "index.js"));
    for (const cell of cells) cell.source = [cell.source].flat().join("").replace('"../dist/index.js"', face);
    tour.metadata.kernelspec = { name: called, display_name: called, language: "typescript" };
    const file = path.join(folder, "tour.ipynb");
    writeFileSync(file, JSON.stringify({ ...tour, cells }));
    const checked = ask(["-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", file]);
    const passed = Number(/(\d+) passed/.exec(checked)?.[1] ?? 0);
    return {
      suite: `${failed} failed, ${ran - failed - count("skipped")} passed`,
      nbval: `${passed} of ${cells.length} cells pass`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function run({ pairs }, log) {
  const all = kernels();
  const inTurn = async (rounds, what, ask) => {
    const found = all.map(() => []);
    for (let round = 0; round < rounds; round++) {
      for (const [at, kernel] of all.entries()) found[at].push(await ask(kernel, notebooks));
      log(`  ${what}, ${round + 1} of ${rounds}`);
    }
    return found.map((values) => {
      const keys = new Set(values.flatMap(Object.keys));
      const medians = [...keys].map((key) => {
        const known = values.map((one) => one[key]).filter((value) => value !== undefined);
        return [key, known.length > 0 ? median(known) : null];
      });
      return Object.fromEntries(medians);
    });
  };
  const starts = await inTurn(pairs, "starts", measureStart);
  const cells = await inTurn(Math.min(pairs, 5), "cells", measure);
  const facts = [];
  for (const [at, kernel] of all.entries()) {
    facts.push({ ...(await behaviour(kernel, notebooks)), ...judged(kernel, at) });
    log(`  ${kernel.name}, judged`);
  }
  return all.map(({ name: called }, at) => ({ name: called, ...starts[at], ...cells[at], ...facts[at] }));
}

const rows = {
  info: "start to kernel_info (ms)",
  first: "start to first result (ms)",
  firstImport: "first import of the shared module, at once (ms)",
  laterImport: "the same, a second later (ms)",
  add: "1 + 1 (ms)",
  define: "a cell with a function (ms)",
  print: `${prints.toLocaleString("en")} prints (ms)`,
  late: "hundredth cell over second",
  few: `${fewPrints} prints in one cell`,
  types: "types are checked",
  suite: "jupyter_kernel_test",
  nbval: "nbval on the tour's first cells",
};

export function table(results) {
  const python_ = results.find((one) => one.name === "ipykernel");
  const cell = (one, key) => {
    const value = one[key];
    if (value === null || value === undefined) return "";
    if (typeof value === "string") return value;
    const text = value.toFixed(key === "late" || value < 100 ? 1 : 0);
    const of = python_?.[key];
    return of && one !== python_ && key !== "late" ? `${text} (${(value / of).toFixed(2)} ×)` : text;
  };
  const head = `| | ${results.map((one) => one.name).join(" | ")} |\n|---|${results.map(() => "---:|").join("")}`;
  const body = Object.entries(rows).map(
    ([key, title]) => `| ${title} | ${results.map((one) => cell(one, key)).join(" | ")} |`,
  );
  return `${head}\n${body.join("\n")}\n\nMedians; in brackets, over ipykernel.`;
}
