import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectPath } from "#src/files/project.js";
import { loadProfile, profileNames } from "#src/study/profile.js";

test("every profile loads, and every setting says where it comes from", () => {
  assert.deepEqual(profileNames(), ["classroom", "compact", "compact-three-layers", "paper", "smoke"]);
  for (const name of profileNames()) {
    const profile = loadProfile(name);
    for (const setting of Object.keys(profile.settings)) {
      assert.ok(profile.from[setting as keyof typeof profile.from], `${name}.${setting}`);
    }
  }
});

test("a profile holds what differs; the rest is the classroom's", () => {
  const smoke = loadProfile("smoke");
  assert.equal(smoke.settings.domains.length, 4);
  assert.equal(smoke.settings.batchSize, loadProfile("classroom").settings.batchSize);
});

test("changes are taken and marked", () => {
  const profile = loadProfile("smoke", { steps: 7 });
  assert.equal(profile.settings.steps, 7);
  assert.equal(profile.from.steps, "changed by the reader");
});

test("an unknown profile or setting lists the right ones", () => {
  assert.throws(
    () => loadProfile("big"),
    /no profile "big"; there are classroom, compact, compact-three-layers, paper, smoke/,
  );
  assert.throws(() => loadProfile("../smoke"), /no profile/);
  assert.throws(
    () => loadProfile("smoke", { step: 7 } as never),
    /"step" is not a setting; the nearest is "steps" \(of encoder/,
  );
});

const wrong: [setting: string, value: unknown, message: RegExp][] = [
  ["steps", "abc", /"steps" takes a whole number from 0 to 1000000, not "abc"/],
  ["steps", 1e15, /"steps" takes a whole number from 0 to 1000000, not 1000000000000000/],
  ["steps", 1.5, /"steps" takes a whole number/],
  ["poolSize", -1, /"poolSize" takes a whole number from 0/],
  ["learningRate", Number.NaN, /"learningRate" takes a number from 0 to 1000000/],
  ["seeds", [1, 1], /"seeds" takes a list without repetition \(1 is there twice\)/],
  ["seeds", 1, /"seeds" takes a list such as \[/],
  ["mixtureSizes", ["2"], /"mixtureSizes" takes a list such as \[2,3,4\], not \["2"\]/],
  ["methods", ["housby"], /no method "housby" for the setting "methods"; the nearest is "houlsby"/],
  ["domains", null, /"domains" takes a list such as .*, not null/],
  ["schedule", 7, /"schedule" takes a word such as/],
  ["storeSigns", "yes", /"storeSigns" takes true or false/],
  ["__proto__x", 1, /is not a setting/],
  ["toString", 1, /"toString" is not a setting/],
];

for (const [setting, value, message] of wrong) {
  test(`the setting ${setting} is not ${JSON.stringify(value)}`, () => {
    assert.throws(() => loadProfile("smoke", { [setting]: value }), message);
  });
}

const folder = mkdtempSync(join(tmpdir(), "signmix-profiles-"));
after(() => rmSync(folder, { recursive: true, force: true }));
cpSync(projectPath("data", "profiles"), folder, { recursive: true });
const write = (name: string, content: unknown) => {
  writeFileSync(join(folder, `${name}.json`), typeof content === "string" ? content : JSON.stringify(content));
};

test("a profile of one's own holds what differs from its base, as plain values or with where they come from", () => {
  write("mine", { base: "smoke", settings: { seeds: [2], steps: { value: 7, from: "a trial" } } });
  write("hers", { base: "mine", purpose: "Hers.", settings: { steps: 9 } });
  const mine = loadProfile("mine", {}, folder);
  const smoke = loadProfile("smoke").settings;
  assert.deepEqual(mine.settings, { ...smoke, seeds: [2], steps: 7 });
  assert.equal(mine.from.seeds, "set by the profile mine");
  assert.equal(mine.from.steps, "a trial");
  const hers = loadProfile("hers", {}, folder);
  assert.deepEqual(hers.settings, { ...smoke, seeds: [2], steps: 9 });
  assert.equal(hers.purpose, "Hers.");
  assert.ok(profileNames(folder).includes("mine"));
});

const wrongFiles: [what: string, content: unknown, message: RegExp][] = [
  ["no JSON", "{", /wrong\.json" as JSON/],
  ["no object", [], /wrong\.json" holds a list/],
  ["no settings", {}, /wrong\.json" has no "settings": see environment\/CHANGE/],
  ["no object of settings", { settings: 3 }, /"settings" of ".*wrong\.json" holds a number/],
  ["a misspelt part", { setings: {} }, /wrong\.json" holds "setings", which is no part .* the nearest is "settings"/],
  ["a setting outside", { seeds: [2], settings: {} }, /holds "seeds", .*; a setting belongs under "settings"/],
  ["an unknown setting", { settings: { seed: 1 } }, /wrong\.json": "seed" is not a setting; the nearest is "seeds"/],
  ["a wrong value", { settings: { seeds: 2 } }, /wrong\.json": The setting "seeds" takes a list such as/],
  [
    "an unknown base",
    { base: "smok", settings: {} },
    /"base" of ".*wrong\.json": there is no profile "smok"; the nearest is "smoke"/,
  ],
  ["itself as its base", { base: "wrong", settings: {} }, /wrong\.json" has itself as its base/],
  ["a base that is no name", { base: 1, settings: {} }, /"purpose" and "base" of ".*wrong\.json" are texts/],
];

for (const [what, content, message] of wrongFiles) {
  test(`a profile's file with ${what} is refused by name`, () => {
    write("wrong", content);
    assert.throws(() => loadProfile("wrong", {}, folder), message);
  });
}
