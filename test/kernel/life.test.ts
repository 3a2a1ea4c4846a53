import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import * as zmq from "zeromq";
import { createRandom } from "#src/engine/random.js";
import { encode, request } from "#src/kernel/wire.js";
import { type FrontEnd, kernelProgram, skip, startFrontEnd, text } from "./front-end.js";

const noProc = existsSync("/proc/self/stat") ? skip : "processes are counted through /proc";

/** The processes that descend from one. */
function descendants(of: number): number[] {
  const parents = readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [, parent] = readFileSync(`/proc/${name}/stat`, "utf8")
        .replace(/^.*\)\s/, "")
        .split(" ");
      return [[Number(name), Number(parent)]];
    } catch {
      return [];
    }
  });
  const children = parents.flatMap(([child, parent]) => (parent === of ? [child] : []));
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return !/\) Z /.test(readFileSync(`/proc/${process_}/stat`, "utf8"));
  } catch {
    return false;
  }
}

async function goneWithin(seconds: number, processes: readonly number[]): Promise<number[]> {
  const deadline = performance.now() + 1000 * seconds;
  while (processes.some(isAlive) && performance.now() < deadline) await sleep(50);
  return processes.filter(isAlive);
}

const folder = mkdtempSync(path.join(tmpdir(), "signmix-life-"));
after(() => rmSync(folder, { recursive: true, force: true }));

for (const signal of ["SIGKILL", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) {
  test(`a kernel that ends by ${signal} takes its session along, though a cell computes`, {
    skip: noProc,
  }, async (t) => {
    const kernel = await startFrontEnd();
    t.after(() => kernel.close());
    const id = kernel.send("execute_request", { code: "console.log('on');\nwhile (true) {}" });
    await kernel.until("The cell", () =>
      kernel.published.some(({ parent, header }) => parent.msg_id === id && header.msg_type === "stream"),
    );
    const all = [kernel.child.pid as number, ...descendants(kernel.child.pid as number)];
    assert.equal(all.length, 3, "the kernel, its session, the session's compiler");
    kernel.child.kill(signal);
    assert.deepEqual(await goneWithin(10, all), []);
  });
}

for (const signal of ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGABRT", "SIGSEGV"] as const) {
  test(`no process or file is left when the front end ends by ${signal}`, { skip: noProc }, async () => {
    const file = path.join(folder, `${signal}.json`);
    const servers = Array.from({ length: 5 }, () => createServer().listen(0, "127.0.0.1"));
    await sleep(100);
    const ports = servers.map((server) => (server.address() as { port: number }).port);
    for (const server of servers) server.close();
    const names = ["shell", "iopub", "stdin", "control", "hb"];
    const stored = Object.fromEntries(names.map((name, at) => [`${name}_port`, ports[at]]));
    writeFileSync(file, JSON.stringify({ ...stored, ip: "127.0.0.1", transport: "tcp", key: "k" }));
    const starter = [
      'const { spawn } = require("node:child_process");',
      `const kernel = spawn(process.execPath, [${JSON.stringify(kernelProgram)}, ${JSON.stringify(file)}], {`,
      '  stdio: "ignore", detached: true, env: { ...process.env, JPY_PARENT_PID: String(process.pid) } });',
      "console.log(kernel.pid);",
      "setInterval(() => {}, 1000);",
    ].join("\n");
    const frontEnd = spawn(process.execPath, ["-e", starter], { stdio: ["ignore", "pipe", "ignore"] });
    const started = Number(await new Promise((resolve) => frontEnd.stdout.once("data", resolve)));
    while (descendants(started).length < 2) await sleep(50);
    const all = [started, ...descendants(started)];
    frontEnd.kill(signal);
    assert.deepEqual(await goneWithin(10, all), []);
    assert.equal(existsSync(file), false);
  });
}

test("a cell that ends its process, by itself or by a crash, is told so, and the kernel ends for its front end to restart", {
  skip: noProc,
}, async (t) => {
  for (const [code, how] of [
    ["process.exit(3)", /with exit code 3/],
    ["process.kill(process.pid, 'SIGSEGV')", /by signal SIGSEGV/],
  ] as const) {
    const kernel = await startFrontEnd();
    t.after(() => kernel.close());
    const { reply, outputs } = await kernel.execute(`console.log("last words");\n${code}`);
    assert.equal(reply.ename, "SessionEnded");
    assert.match(String(reply.evalue), how);
    assert.equal(text(outputs), "last words\n");
    assert.deepEqual(await goneWithin(10, [kernel.child.pid as number]), []);
  }
});

test("shutdown is answered on the socket it came by, and leaves nothing; after a restart nothing is known", {
  skip: noProc,
}, async (t) => {
  for (const [channel, restart] of [
    ["control", true],
    ["shell", false],
  ] as const) {
    const kernel = await startFrontEnd();
    t.after(() => kernel.close());
    await kernel.execute("const known = 1;");
    const all = [kernel.child.pid as number, ...descendants(kernel.child.pid as number)];
    const id = kernel.send("shutdown_request", { restart }, { channel });
    assert.deepEqual((await kernel.reply(id)).content, { status: "ok", restart });
    assert.deepEqual(await goneWithin(10, all), []);
    await kernel.until("The exit", () => kernel.child.exitCode !== null);
    assert.equal(kernel.child.exitCode, 0);
  }
  const again = await startFrontEnd();
  t.after(() => again.close());
  assert.match(String((await again.execute("known")).reply.evalue), /TS2304/);
});

test("sockets listen on this machine alone", { skip }, async (t) => {
  const kernel = await startFrontEnd();
  t.after(() => kernel.close());
  const reached = (host: string) =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ host, port: kernel.ports.shell });
      const tell = (is: boolean) => {
        socket.destroy();
        resolve(is);
      };
      socket.setTimeout(2000, () => tell(false));
      socket.once("connect", () => tell(true)).once("error", () => tell(false));
    });
  assert.equal(await reached("127.0.0.1"), true);
  const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  for (const { address, internal, family } of others) {
    if (!internal && family === "IPv4") assert.equal(await reached(address), false, address);
  }
});

test("a connection file that asks for what is not there is refused in a sentence, without a stack", { skip }, () => {
  const file = path.join(folder, "wrong.json");
  for (const [stored, says] of [
    ["{", /Cannot read ".*wrong\.json" as JSON: /],
    ['{"signature_scheme":"rsa"}', /asks for the signature "rsa"/],
    ['{"transport":"udp"}', /asks for the transport "udp"/],
    ['{"shell_port":70000}', /shell_port is no port: 70000/],
  ] as const) {
    writeFileSync(file, stored);
    const { status, stderr } = spawnSync(process.execPath, [kernelProgram, file], {
      encoding: "utf8",
      timeout: 20_000,
    });
    assert.equal(status, 1);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
  assert.equal(spawnSync(process.execPath, [kernelProgram], { timeout: 20_000 }).status, 2);
});

/** Messages that no front end sends, as frames. */
function hostile(kernel: FrontEnd): Record<string, Buffer[]> {
  const good = () => encode(request("execute_request", { code: "globalThis.hacked = 1" }, "evil"), kernel);
  /** Signed by one who knows the key, whatever it is. */
  const signed = (...parts: string[]) => {
    const hmac = createHmac("sha256", kernel.key);
    for (const part of parts) hmac.update(part);
    return ["<IDS|MSG>", hmac.digest("hex"), ...parts].map((part) => Buffer.from(part));
  };
  const replace = (frames: Buffer[], at: number, by: Buffer) =>
    frames.map((frame, index) => (index === at ? by : frame));
  return {
    empty: [Buffer.alloc(0)],
    noise: [Buffer.from([0, 255, 1, 2])],
    "no delimiter": good().slice(1),
    "a wrong signature": replace(good(), 1, Buffer.from("0".repeat(64))),
    "a short signature": replace(good(), 1, Buffer.from("0")),
    "no signature": replace(good(), 1, Buffer.alloc(0)),
    "too few frames": good().slice(0, 4),
    "changed content": replace(good(), 5, Buffer.from('{"code":"globalThis.hacked = 2"}')),
    "broken JSON": signed("{", "{}", "{}", "{}"),
    "a header without a type": signed("{}", "{}", "{}", "{}"),
    "a header of foreign types": signed('{"msg_type":1,"msg_id":[]}', "{}", "{}", "{}"),
    "a list for content": signed('{"msg_type":"execute_request","msg_id":"1"}', "{}", "{}", "[1]"),
    "a huge frame": [Buffer.alloc(2 ** 22, 120)],
  };
}

test("hostile and malformed messages are dropped with a line in the log, and the kernel goes on", {
  skip,
}, async (t) => {
  const kernel = await startFrontEnd();
  t.after(() => kernel.close());
  const drops = () =>
    kernel
      .log()
      .split("\n")
      .filter((line) => line.includes("was dropped")).length;
  let wanted = 0;
  for (const channel of ["shell", "control", "stdin"] as const) {
    for (const [what, frames] of Object.entries(hostile(kernel))) {
      await kernel.sendFrames(frames, channel);
      wanted += 1;
      await kernel.until(`The log of ${what} on ${channel}`, () => drops() === wanted, 20);
    }
  }
  // Well signed, but not what the protocol says.
  const wrong: [string, object][] = [
    ["execute_request", { code: 42 }],
    ["execute_request", {}],
    ["complete_request", { code: ["x"] }],
    ["comm_msg", { comm_id: 7 }],
    ["constructor", {}],
    ["__proto__", {}],
    ["no_such_request", {}],
    ["input_reply", { value: "x" }],
  ];
  for (const [type, content] of wrong) {
    kernel.send(type, content);
    wanted += 1;
    await kernel.until(`The log of ${type}`, () => drops() === wanted, 20);
  }
  // The same message once more: one that was listened to.
  const frames = encode(
    request("execute_request", { code: "globalThis.times = (globalThis.times ?? 0) + 1" }, "s"),
    kernel,
  );
  await kernel.sendFrames(frames);
  await kernel.sendFrames(frames);
  wanted += 1;
  await kernel.until("The log of a repeated message", () => drops() === wanted, 20);
  const odd = {
    code: "1 + 1",
    silent: "yes",
    user_expressions: "none",
    store_history: 3,
    allow_stdin: {},
    stop_on_error: null,
  };
  assert.equal((await kernel.execute("1 + 1", odd)).reply.status, "ok");
  const { outputs } = await kernel.execute("console.log((globalThis as any).hacked, (globalThis as any).times)");
  assert.equal(text(outputs), "undefined 1\n");
});

test("seeded garbage on every socket breaks nothing", { skip }, async (t) => {
  const random = createRandom("garbage");
  const kernel = await startFrontEnd();
  t.after(() => kernel.close());
  const good = encode(request("kernel_info_request", {}, "s"), kernel);
  for (let round = 0; round < 200; round++) {
    const frames = good.map((frame) => {
      const bytes = Buffer.from(frame);
      if (bytes.length > 0 && random.integer(2) === 0) bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
      return random.integer(5) === 0 ? bytes.subarray(0, random.integer(bytes.length + 1)) : bytes;
    });
    const kept = frames.slice(random.integer(2) * random.integer(4), frames.length - random.integer(2));
    if (kept.length > 0) await kernel.sendFrames(kept, (["shell", "control", "stdin"] as const)[random.integer(3)]);
  }
  assert.equal((await kernel.execute("6 * 7")).reply.status, "ok");
  const hb = new zmq.Request({ linger: 0 });
  hb.connect(`tcp://127.0.0.1:${kernel.ports.hb}`);
  await hb.send("still there");
  assert.equal(String((await hb.receive())[0]), "still there");
  hb.close();
});
