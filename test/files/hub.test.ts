import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { float32 } from "#src/engine/tensor-data.js";
import { type DownloadProgress, downloadFromHub, type HubFiles, type HubOptions, isHubId } from "#src/files/hub.js";
import { writeSafetensors } from "#src/files/safetensors.js";
import { COMMIT, HubServer } from "./hub-server.js";

let folder: string;
let published: string;
let hub: HubServer;
let cacheDir: string;
const WEIGHTS = "model.safetensors";
const resolve = `/owner/name/resolve/${COMMIT}`;
const api = "/api/models/owner/name/revision/main";

before(() => {
  folder = mkdtempSync(join(tmpdir(), "signmix-"));
  published = join(folder, "published");
  mkdirSync(join(published, "data"), { recursive: true });
  writeFileSync(join(published, "config.json"), '{"model_type":"bert"}');
  writeFileSync(join(published, "data", "a b.txt"), "some text");
  writeFileSync(join(published, "empty.txt"), "");
  const numbers = Float32Array.from({ length: 20_000 }, (_, i) => Math.sin(i));
  writeSafetensors(join(published, WEIGHTS), { weight: float32([20_000], numbers) });
});
after(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  hub = await HubServer.start(published);
  cacheDir = mkdtempSync(join(folder, "cache-"));
});
afterEach(() => hub.stop());

function download(files: HubFiles, options: HubOptions = {}): Promise<string> {
  return downloadFromHub("owner/name", files, { endpoint: hub.endpoint, cacheDir, firstWait: 1, ...options });
}

function assertWhole(at: string, name: string): void {
  assert.deepEqual(readFileSync(join(at, name)), readFileSync(join(published, name)));
  assert.ok(!existsSync(join(at, `${name}.part`)), "no piece is left");
}

function setAll(files: Record<string, unknown>[], fields: object): void {
  for (const file of files) Object.assign(file, fields);
}

describe("downloads from a hub", () => {
  it("bring the files asked for, with progress, and ask for nothing the second time", async () => {
    const steps: DownloadProgress[] = [];
    const files = ["config.json", WEIGHTS, "data/*", "empty.txt"];
    const at = await download(files, { onProgress: (step) => steps.push(step) });
    for (const name of ["config.json", WEIGHTS, join("data", "a b.txt"), "empty.txt"]) assertWhole(at, name);
    const last = steps.at(-1);
    assert.equal(last?.bytes, last?.size);
    assert.ok(steps.every(({ fileBytes, fileSize, bytes, size }) => fileBytes <= fileSize && bytes <= size));
    assert.ok(steps.filter(({ file }) => file === WEIGHTS).length > 1);
    assert.equal(hub.requests.length, 4); // the list, and each file but the empty one
    assert.ok(hub.requests.includes(`${resolve}/data/a b.txt`));

    assert.equal(await download(files), at);
    assert.equal(hub.requests.length, 4);
    await hub.stop();
    assert.equal(await download(["config.json"]), at, "without a network, too");
  });

  it("take what is missing of a known commit, and look for a new one on request", async () => {
    await download(["config.json"]);
    await download((names) => names.filter((name) => name.endsWith(".safetensors")));
    assert.deepEqual(hub.requests, [api, `${resolve}/config.json`, `${resolve}/${WEIGHTS}`]);
    await download(["config.json"], { refresh: true });
    assert.equal(hub.requests.length, 4);
  });

  it("come from data sets", async () => {
    await hub.stop();
    hub = await HubServer.start(published, "datasets");
    const at = await download(["data/**"], { kind: "dataset" });
    assert.equal(readFileSync(join(at, "data", "a b.txt"), "utf8"), "some text");
    assert.deepEqual(hub.requests, ["/api/datasets/owner/name/revision/main", `/datasets${resolve}/data/a b.txt`]);
  });

  it("go on where a cut connection ended", async () => {
    hub.cuts = [30_000, 10_000];
    assertWhole(await download([WEIGHTS]), WEIGHTS);
    const ranges = hub.requests.slice(1).map((request) => Number(/bytes=(\d+)-/.exec(request)?.[1] ?? 0));
    assert.deepEqual(ranges, [0, 30_000, 40_000]);
  });

  it("give up when nothing more comes, and go on at a later call", async () => {
    hub.cuts = [30_000, 0, 0, 0];
    await assert.rejects(
      download([WEIGHTS], { attempts: 3 }),
      /Cannot get "owner\/name" from http.*Try again, name a mir/,
    );
    const [part] = readdirSync(join(cacheDir, "models", "owner--name", COMMIT));
    assert.equal(part, `${WEIGHTS}.part`);
    hub.cuts = [];
    assertWhole(await download([WEIGHTS]), WEIGHTS);
    assert.equal(hub.requests.at(-1), `${resolve}/${WEIGHTS} bytes=30000-`);
  });

  it("start again where the server knows no ranges", async () => {
    hub.ranges = false;
    hub.cuts = [30_000];
    assertWhole(await download([WEIGHTS]), WEIGHTS);
  });

  it("start again after a piece of another file", async () => {
    const target = join(cacheDir, "models", "owner--name", COMMIT);
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, `${WEIGHTS}.part`), Buffer.alloc(30_000, 1));
    assertWhole(await download([WEIGHTS]), WEIGHTS);
    assert.equal(hub.requests.length, 3);
  });

  it("wait out a busy server", async () => {
    hub.refusals = [503, 0, 429];
    assertWhole(await download([WEIGHTS]), WEIGHTS);
    assert.equal(hub.requests.length, 4);
  });

  for (const [what, field] of [
    [WEIGHTS, "sha256"],
    ["config.json", "blobId"],
  ]) {
    it(`refuse a wrong ${field}, and keep nothing`, async () => {
      hub.edit = (files) => {
        for (const file of files) {
          if (field === "blobId") file.blobId = "f".repeat(40);
          else if (file.lfs) (file.lfs as Record<string, unknown>).sha256 = "f".repeat(64);
        }
      };
      await assert.rejects(
        download([what]),
        /came with another content than its hash \(f{40,}\) says; nothing of it was/,
      );
      assert.deepEqual(readdirSync(join(cacheDir, "models", "owner--name", COMMIT)), []);
    });
  }

  it("refuse a file longer than stated", async () => {
    hub.edit = (files) => setAll(files, { size: 5 });
    await assert.rejects(download([WEIGHTS]), /is longer than the 5 bytes that the hub states/);
    assert.deepEqual(readdirSync(join(cacheDir, "models", "owner--name", COMMIT)), []);
  });

  it("say what is wrong with an id, a revision or a file", async () => {
    const from = (id: string, options: HubOptions = {}) =>
      downloadFromHub(id, ["config.json"], { endpoint: hub.endpoint, cacheDir, ...options });
    await assert.rejects(
      from("owner/other"),
      /there is no model "owner\/other" at .*, or not in revision "main" \(HTTP 404\)/,
    );
    await assert.rejects(
      from("owner/name", { revision: "v2" }),
      /or not in revision "v2" \(HTTP 404\)\. Check the spel/,
    );
    await assert.rejects(download(["vocab.txt"]), /"owner\/name" has no file "vocab\.txt"; it has: config\.json, /);
    hub.refusals = [401];
    await assert.rejects(
      from("owner/name"),
      /there is no model "owner\/name" at .*, or it is private or gated \(set HF_TOKEN to a token that opens it\) \(HTTP 401/,
    );
    for (const id of ["", "a/b/c", "../b", "a/..", "http://x", "a b", "/a"]) {
      assert.ok(!isHubId(id));
      await assert.rejects(from(id), /is no hub id; it has the form "name" or "owner\/name"/);
    }
    assert.ok(isHubId("bert-base-uncased") && isHubId("google/bert_uncased_L-2_H-128_A-2"));
  });

  it("say what to do without a network", async () => {
    await hub.stop();
    const offline =
      /Cannot get "owner\/name" from http:\/\/127\.0\.0\.1:\d+ \(.*ECONNREFUSED\)\. Try again, name a mirror \(e/;
    await assert.rejects(download(["config.json"], { attempts: 2 }), offline);
  });

  for (const name of ["../up.txt", "/etc/passwd", "a//b", "a/./b", "..\\up.txt", "C:x", "a/..", ""]) {
    it(`refuse a file named ${JSON.stringify(name)}`, async () => {
      hub.edit = (files) => files.push({ rfilename: name, size: 1, blobId: "0".repeat(40) });
      await assert.rejects(download(["config.json"]), /which would lie outside its folder/);
      assert.equal(hub.requests.length, 1);
    });
  }

  it("refuse answers without sizes or hashes, and answers of no hub", async () => {
    hub.edit = (files) => setAll(files, { blobId: undefined, lfs: undefined });
    await assert.rejects(download(["config.json"]), /The hub states no size or hash of ".*" in "owner\/name"/);
    const body = (text: string): HubOptions["fetch"] => {
      return async () => ({ status: 200, headers: new Map() as never, body: null, text: async () => text });
    };
    await assert.rejects(
      download([], { fetch: body("<html>") }),
      /did not answer in JSON; is the endpoint that of a hub/,
    );
    await assert.rejects(download([], { fetch: body("{}") }), /did not answer with a commit and its files/);
  });

  it("stop at a signal", async () => {
    const stopping = new AbortController();
    const onProgress = () => stopping.abort(new Error("enough"));
    await assert.rejects(download([WEIGHTS, "config.json"], { onProgress, signal: stopping.signal }), /enough/);
  });
});
