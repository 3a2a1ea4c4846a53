import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { loadEncoder, saveEncoder } from "#src/encoder/checkpoint.js";
import type { EncoderConfig } from "#src/encoder/config.js";
import { createEncoder } from "#src/encoder/encoder.js";
import { HubServer } from "../files/hub-server.js";

const config: EncoderConfig = {
  family: "bert",
  vocabSize: 50,
  hiddenSize: 16,
  layers: 1,
  heads: 2,
  intermediateSize: 32,
  maxPositions: 12,
  typeVocabSize: 2,
  layerNormEpsilon: 1e-12,
  padTokenId: 0,
  activation: "gelu",
};

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "signmix-"));
});
after(() => rmSync(folder, { recursive: true }));

/** Serves a folder with an encoder while `use` runs, and gives it the options to load from there. */
async function served(
  published: string,
  use: (hub: HubServer, load: () => ReturnType<typeof loadEncoder>) => Promise<void>,
): Promise<void> {
  const hub = await HubServer.start(published);
  const options = { endpoint: hub.endpoint, cacheDir: mkdtempSync(join(folder, "cache-")), firstWait: 1, attempts: 2 };
  try {
    await use(hub, () => loadEncoder("owner/name", options));
  } finally {
    await hub.stop();
  }
}

describe("an encoder from a hub", () => {
  it("is the one that was published, tokenizer and all, over a cut connection", async () => {
    const published = join(folder, "published");
    const encoder = createEncoder(config, { seed: 1 });
    saveEncoder(encoder, published);
    writeFileSync(join(published, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nword\n");
    writeFileSync(join(published, "README.md"), "not needed");
    await served(published, async (hub, load) => {
      hub.cuts = [undefined, 2000]; // the config comes whole, the weights are cut once
      const loaded = await load();
      assert.equal(loaded.name, "owner/name");
      assert.equal(loaded.hash, encoder.hash);
      assert.deepEqual(loaded.tokenizer?.encode("word").inputIds, [2, 5, 3]);
      assert.ok(hub.requests.some((request) => request.endsWith("bytes=2000-")));
      const asked = hub.requests.length;
      assert.ok(!hub.requests.some((request) => request.endsWith("README.md")));
      assert.equal((await load()).hash, encoder.hash);
      assert.equal(hub.requests.length, asked, "the second time, nothing is asked for");
    });
  });

  it("is refused if the repository holds none, or there is none", async () => {
    const published = join(folder, "none");
    cpSync(join(folder, "published"), published, { recursive: true });
    rmSync(join(published, "model.safetensors"));
    await served(published, async (_, load) => {
      await assert.rejects(
        load(),
        /no folder "owner\/name", and as a hub id: .* holds no encoder that signmix reads: it t/,
      );
    });
    await assert.rejects(loadEncoder("./nowhere/at/all"), /There is no ".*config\.json"; give a folder/);
  });

  const shared = process.env.SIGNMIX_SHARED;
  const skip = shared ? false : "reference case 01 needs SIGNMIX_SHARED";
  describe("that serves reference case 01", { skip }, () => {
    const published = join(shared ?? "", "reference", "01_bert_tiny_random", "model_seqcls");

    it("survives a cut connection", async () => {
      const local = await loadEncoder(published);
      await served(published, async (hub, load) => {
        hub.cuts = [undefined, 10_000, 1000];
        const loaded = await load();
        assert.equal(loaded.hash, local.hash);
        assert.deepEqual(loaded.heads, local.heads);
        assert.ok(hub.requests.some((request) => request.includes("bytes=")));
      });
    });

    it("is refused with a wrong hash", async () => {
      await served(published, async (hub, load) => {
        hub.edit = (files) => {
          for (const { lfs } of files) if (lfs) (lfs as Record<string, unknown>).sha256 = "0".repeat(64);
        };
        await assert.rejects(load(), /model\.safetensors came with another content than its hash \(0{64}\) says/);
      });
    });

    it("is refused with a 404", async () => {
      await served(published, async (hub, load) => {
        hub.refusals = [404];
        await assert.rejects(load(), /there is no model "owner\/name" at http.* \(HTTP 404\)/);
      });
    });
  });
});
