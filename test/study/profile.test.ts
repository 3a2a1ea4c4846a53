import assert from "node:assert/strict";
import { test } from "node:test";
import { loadProfile, profileNames } from "#src/study/profile.js";

test("every profile loads, and every setting says where it comes from", () => {
  assert.deepEqual(profileNames(), ["classroom", "compact", "paper", "smoke"]);
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
  assert.throws(() => loadProfile("big"), /no profile "big"; there are classroom, compact, paper, smoke/);
  assert.throws(() => loadProfile("../smoke"), /no profile/);
  assert.throws(
    () => loadProfile("smoke", { step: 7 } as never),
    /"step" is not a setting; the nearest is "steps" \(of encoder/,
  );
});
