import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { encoderAtHand, sameEncoderName } from "#src/encoder/at-hand.js";
import { projectPath } from "#src/files/project.js";

const folder = mkdtempSync(join(tmpdir(), "signmix-at-hand-"));
after(() => rmSync(folder, { recursive: true, force: true }));
process.env.SIGNMIX_CACHE = join(folder, "cache");
process.env.HF_HUB_CACHE = join(folder, "none");
process.env.HF_HUB_OFFLINE = "1";

test("without a name it is the shipped one where no cache holds a better one", async () => {
  const { encoder, why } = await encoderAtHand();
  assert.equal(encoder.name, "signmix-mini");
  assert.equal(why, "the best at hand");
});

test("adapters' own encoder is taken by its name, and missed with the remedy", async () => {
  assert.equal((await encoderAtHand({ madeFor: "signmix-mini" })).why, "the one that the adapters were made for");
  await assert.rejects(
    encoderAtHand({ madeFor: "owner/other" }),
    /made for "owner\/other", which is not at hand.*--encoder/,
  );
  await assert.rejects(encoderAtHand({ fits: () => false }), /No encoder at hand fits/);
});

test("one that is named goes before, and is called as the adapters call it, or as was asked", async () => {
  const place = join(folder, "signmix-mini");
  cpSync(projectPath("data", "signmix-mini"), place, { recursive: true });
  assert.equal(
    (await encoderAtHand({ named: place, madeFor: "owner/signmix-mini" })).encoder.name,
    "owner/signmix-mini",
  );
  assert.equal((await encoderAtHand({ named: place, name: "hub/id" })).encoder.name, "hub/id");
  assert.equal((await encoderAtHand({ named: place, madeFor: "owner/other" })).encoder.name, "signmix-mini");
  await assert.rejects(encoderAtHand({ named: join(folder, "nowhere") }), /There is no/);
});

test("names are of one encoder where their last parts are", () => {
  assert.ok(sameEncoderName("google-bert/bert-base-uncased", "models\\BERT-base-uncased"));
  assert.ok(!sameEncoderName("a/b", "a/c"));
});
