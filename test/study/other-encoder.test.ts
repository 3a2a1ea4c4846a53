import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectPath } from "#src/files/project.js";
import { openStudy } from "#src/study/study.js";

const folder = mkdtempSync(join(tmpdir(), "signmix-other-encoder-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("results of another encoder stand apart; a copy of the profile's own in another folder is not another", async () => {
  const copy = (name: string) => {
    const place = join(folder, name);
    cpSync(projectPath("data", "signmix-mini"), place, { recursive: true });
    return place;
  };
  const opened = async (encoder: string) => (await openStudy({ profile: "smoke", quiet: true, encoder })).label;
  assert.equal(await opened(""), "smoke");
  assert.equal(await opened(copy("signmix-mini")), "smoke");
  assert.equal(await opened(copy("another")), "smoke-own");
});
