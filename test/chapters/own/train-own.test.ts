import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { adapterHash } from "#src/adapters/adapter.js";
import { ownLength, ownSettings, trainOwn } from "#src/chapters/own/train-own.js";
import type { Encoder } from "#src/encoder/encoder.js";
import { selectBackend } from "#src/engine/backend.js";
import { sentenceDomain, tinyEncoder } from "../../attacks/tiny-victim.js";

const scratch = mkdtempSync(join(tmpdir(), "signmix-train-own-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

describe("a training of one's own", () => {
  let encoder: Encoder;
  before(async () => {
    await selectBackend(undefined, { quiet: true });
    encoder = tinyEncoder();
  });
  after(() => encoder.dispose());
  const domain = sentenceDomain();

  test("that was stopped goes on where it was, to the same bytes; what was kept meanwhile is gone", async () => {
    const settings = ownSettings(encoder, domain, { steps: 20, batchSize: 8 });
    const whole = await trainOwn(encoder, domain, settings, { keptIn: join(scratch, "whole") });

    const keptIn = join(scratch, "stopped");
    const stop = new AbortController();
    const onProgress = ({ step }: { step: number }) => step === 13 && stop.abort(new Error("stopped"));
    await assert.rejects(trainOwn(encoder, domain, settings, { keptIn, signal: stop.signal, onProgress }), /stopped/);
    assert.equal(readdirSync(keptIn).length, 1);
    const steps: number[] = [];
    const rest = await trainOwn(encoder, domain, settings, { keptIn, onProgress: ({ step }) => steps.push(step) });
    assert.equal(steps[0], 13);
    assert.equal(adapterHash(rest.adapter), adapterHash(whole.adapter));
    assert.deepEqual(rest.history, whole.history);
    assert.ok(!existsSync(join(keptIn, readdirSync(keptIn)[0], ".part")) && readdirSync(keptIn).length === 1);
    assert.ok((await trainOwn(encoder, domain, settings, { keptIn })).kept);
  });

  test("begins anew where what was kept cannot be read", async () => {
    const settings = ownSettings(encoder, domain, { steps: 10, batchSize: 8, seed: 2 });
    const keptIn = join(scratch, "torn");
    const stop = new AbortController();
    const onProgress = ({ step }: { step: number }) => step === 5 && stop.abort(new Error("stopped"));
    await assert.rejects(trainOwn(encoder, domain, settings, { keptIn, signal: stop.signal, onProgress }), /stopped/);
    const [part] = readdirSync(keptIn);
    writeFileSync(join(keptIn, part), "torn");
    const steps: number[] = [];
    await trainOwn(encoder, domain, settings, { keptIn, onProgress: ({ step }) => steps.push(step) });
    assert.equal(steps[0], 1);
  });

  test("reads as many tokens as the encoder has positions for, 128 at most", () => {
    const { config } = encoder;
    assert.equal(ownLength({ config }), config.maxPositions);
    assert.equal(ownLength({ config: { ...config, family: "roberta" } }), config.maxPositions - 2);
    assert.equal(ownLength({ config: { ...config, maxPositions: 512 } }), 128);
  });
});
