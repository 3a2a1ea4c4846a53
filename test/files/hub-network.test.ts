import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { downloadFromHub, type HubOptions } from "#src/files/hub.js";
import { projectPath } from "#src/files/project.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-network-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const COMMIT = "a".repeat(40);
const content = randomBytes(200_000);
const git = (bytes: Uint8Array) => createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
const listing = JSON.stringify({
  sha: COMMIT,
  siblings: [{ rfilename: "model.bin", size: content.length, blobId: git(content) }],
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const isApi = ({ url }: IncomingMessage) => (url ?? "").startsWith("/api/");

/** Sends the list, or the file in eight pieces with a pause between them. */
const sound: Answer = async (request, response) => {
  if (isApi(request)) return void response.end(listing);
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (start > 0) {
    response.writeHead(206, { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` });
  }
  for (let at = start; at < content.length && !response.destroyed; at += 25_000) {
    response.write(content.subarray(at, at + 25_000));
    await sleep(40);
  }
  response.end();
};

let server: Server;
let answer: Answer;
let asked: IncomingMessage[];
let cacheDir: string;
let count = 0;

beforeEach(async () => {
  answer = sound;
  asked = [];
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cacheDir = path.join(folder, `cache-${count++}`);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const addressOf = (one: Server) => `http://127.0.0.1:${(one.address() as AddressInfo).port}`;

function download(options: HubOptions = {}): Promise<string> {
  const endpoint = addressOf(server);
  return downloadFromHub("me/model", ["model.bin"], {
    endpoint,
    cacheDir,
    firstWait: 1,
    pythonCache: false,
    ...options,
  });
}

const home = () => path.join(cacheDir, "models", "me--model");

function assertWhole(at: string): void {
  assert.deepEqual(readFileSync(path.join(at, "model.bin")), content);
  assert.deepEqual(readdirSync(at), ["model.bin"], "no piece and no lock is left");
}

test("two calls at once download a file once", async () => {
  const [one, two] = await Promise.all([download(), download()]);
  assert.equal(one, two);
  assertWhole(one);
  assert.equal(asked.filter((request) => !isApi(request)).length, 1);
});

test("two processes at once download a file once, and a killed one is taken over", async () => {
  const program = `import { downloadFromHub } from ${JSON.stringify(pathToFileURL(projectPath("dist", "files", "hub.js")).href)};
    await downloadFromHub("me/model", ["model.bin"], ${JSON.stringify({ endpoint: addressOf(server), cacheDir, firstWait: 1 })});`;
  const start = () => spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "inherit" });
  const ended = (child: ReturnType<typeof start>) => new Promise((resolve) => child.on("close", resolve));
  const killed = start();
  while (!asked.some((request) => !isApi(request))) await sleep(20);
  await sleep(80);
  killed.kill("SIGKILL");
  await ended(killed);
  assert.deepEqual(readdirSync(path.join(home(), COMMIT)).sort(), ["model.bin.lock", "model.bin.part"]);
  assert.deepEqual(await Promise.all([start(), start()].map(ended)), [0, 0]);
  assertWhole(path.join(home(), COMMIT));
  assert.equal(asked.filter((request) => !isApi(request)).length, 2);
  assert.match(
    asked.filter((request) => !isApi(request)).at(-1)?.headers.range ?? "",
    /^bytes=\d+-$/,
    "it went on where the killed one stood",
  );
});

test("a torn record of an earlier call is written anew", async () => {
  await download();
  const record = path.join(home(), "refs", "main.json");
  for (const torn of ['{"commit":"aaa', "null", '{"commit":"../..","files":[]}']) {
    writeFileSync(record, torn);
    assertWhole(await download());
    assert.equal(JSON.parse(readFileSync(record, "utf8")).commit, COMMIT);
  }
});

const stalled = /Cannot get "me\/model" from .* \(the server kept silent for 0 s\)\. Try again, name a mirror/;

test("a server that keeps silent is given up: with the list, at the file's start, and within it", async () => {
  const options = { patience: 300, attempts: 2 };
  answer = () => {};
  await assert.rejects(download(options), stalled);
  answer = (request, response) => (isApi(request) ? sound(request, response) : undefined);
  await assert.rejects(download(options), stalled);
  answer = (request, response) => (isApi(request) ? sound(request, response) : void response.write("x".repeat(5000)));
  await assert.rejects(download(options), stalled);
});

test("a server that sends a byte now and then is given up", async () => {
  answer = (request, response) => {
    if (isApi(request)) return sound(request, response);
    const timer = setInterval(() => response.destroyed || response.write("x"), 50);
    response.on("close", () => clearInterval(timer));
  };
  await assert.rejects(download({ patience: 200, attempts: 2 }), /\(the server sent \d+ bytes in 0 s\)\. Try again/);
});

test("an endless list is refused at its limit", async () => {
  answer = (_, response) => {
    const piece = Buffer.alloc(1 << 20, 0x20);
    const push = () => {
      while (!response.destroyed) if (!response.write(piece)) return void response.once("drain", push);
    };
    push();
  };
  await assert.rejects(
    download(),
    /list of files of "me\/model" at .* cannot be read: the answer is longer than 32 MB\./,
  );
  assert.ok(process.resourceUsage().maxRSS < 500_000, "it takes less than 500 MB");
});

test("Retry-After is waited for, and a long one is told", async () => {
  let refused = 0;
  answer = (request, response) => {
    if (refused++ > 0) return sound(request, response);
    response.writeHead(429, { "retry-after": "1" }).end();
  };
  const began = Date.now();
  assertWhole(await download());
  assert.ok(Date.now() - began >= 1000);
  rmSync(cacheDir, { recursive: true });
  answer = (_, response) => void response.writeHead(429, { "retry-after": "3600" }).end();
  const told = /the server answered 429 and asks to wait 3600 s\)\. Try again in 3600 s, or set HF_TOKEN, with which/;
  await assert.rejects(download(), told);
});

test("the user's token goes to the hub, and nowhere else", async () => {
  const elsewhere = createServer((request, response) => {
    asked.push(request);
    response.end(content);
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  answer = (request, response) => {
    if (request.headers.authorization !== "Bearer hf_x") return void response.writeHead(401).end();
    if (isApi(request)) return sound(request, response);
    response.writeHead(302, { location: `${addressOf(elsewhere)}/storage` }).end();
  };
  try {
    assertWhole(await download({ token: "hf_x" }));
    assert.deepEqual(
      asked.map(({ headers }) => headers.authorization),
      ["Bearer hf_x", "Bearer hf_x", undefined],
    );
    rmSync(cacheDir, { recursive: true });
    await assert.rejects(
      download({ token: false }),
      /private or gated \(set HF_TOKEN to a token that opens it\) \(HTTP 401/,
    );
    await assert.rejects(download({ token: "hf_y" }), /private or gated, and the token does not open it \(HTTP 401/);
  } finally {
    elsewhere.close();
  }
});

test("HF_TOKEN is taken, and one that is none is refused without being shown", async () => {
  const before = process.env.HF_TOKEN;
  try {
    process.env.HF_TOKEN = "hf_x";
    await download();
    assert.equal(asked[0].headers.authorization, "Bearer hf_x");
    process.env.HF_TOKEN = "hf_x secret\n y";
    await assert.rejects(download({ refresh: true }), (error: Error) => {
      return /token \(HF_TOKEN\) has spaces or other/.test(error.message) && !error.message.includes("secret");
    });
  } finally {
    if (before === undefined) delete process.env.HF_TOKEN;
    else process.env.HF_TOKEN = before;
  }
});

test("the proxy of HTTP_PROXY is asked", async () => {
  const proxied: string[] = [];
  const proxy = createServer((request, response) => {
    proxied.push(request.url ?? "");
    response.writeHead(502).end();
  }).on("connect", (request, socket) => {
    proxied.push(request.url ?? "");
    socket.end("HTTP/1.1 502 no\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const before = process.env.HTTP_PROXY;
  process.env.HTTP_PROXY = addressOf(proxy);
  try {
    await assert.rejects(
      download({ endpoint: "http://hub.invalid", attempts: 1 }),
      /Cannot get "me\/model" from http:\/\/hub/,
    );
    assert.match(proxied[0], /hub\.invalid/);
  } finally {
    if (before === undefined) delete process.env.HTTP_PROXY;
    else process.env.HTTP_PROXY = before;
    proxy.close();
  }
});

/** A cache as Python's library has it. */
function pythonCache(bytes: Uint8Array): string {
  const cache = path.join(folder, `python-${count++}`);
  const at = path.join(cache, "models--me--model");
  mkdirSync(path.join(at, "refs"), { recursive: true });
  mkdirSync(path.join(at, "snapshots", COMMIT), { recursive: true });
  writeFileSync(path.join(at, "refs", "main"), COMMIT);
  writeFileSync(path.join(at, "snapshots", COMMIT, "model.bin"), bytes);
  return cache;
}

const treeOf = (cache: string) =>
  readdirSync(cache, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => [name, statSync(path.join(cache, name)).mtimeMs]);

test("a file that Python's cache holds is not downloaded again, and that cache is not touched", async () => {
  const cache = pythonCache(content);
  const before = treeOf(cache);
  const at = await download({ pythonCache: cache });
  assertWhole(at);
  assert.ok(at.startsWith(cacheDir));
  assert.equal(asked.length, 1, "only the list");
  assert.deepEqual(treeOf(cache), before);
});

test("a damaged file of Python's cache is downloaded, and stays as it is", async () => {
  const cache = pythonCache(Buffer.from(content).fill(0, 0, 10));
  const before = treeOf(cache);
  assertWhole(await download({ pythonCache: cache }));
  assert.equal(asked.length, 2);
  assert.deepEqual(treeOf(cache), before);
});

test("offline, the caches are enough, and what they lack is said", async () => {
  const cache = pythonCache(content);
  const at = await download({ pythonCache: cache, offline: true });
  assert.ok(at.startsWith(cache));
  const lacking = /"me\/model" is not whole in the cache, and offline mode is on \(HF_HUB_OFFLINE\): get it once with/;
  await assert.rejects(download({ offline: true }), lacking);
  assert.equal(asked.length, 0);
  await download();
  assertWhole(await download({ offline: true }));
});

test("without a network, Python's cache is enough", async () => {
  const gone = { endpoint: "http://127.0.0.1:9", attempts: 1, pythonCache: pythonCache(content) };
  assert.deepEqual(readFileSync(path.join(await download(gone), "model.bin")), content);
});
