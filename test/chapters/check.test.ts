import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "#src/chapters/check.js";
import { exercises } from "#src/chapters/exercises.js";
import { tinyStudy } from "../study/tiny-study.js";

const study = await tinyStudy();

test("a number is right within its tolerance; in another unit, or of another form, it is told so", async () => {
  assert.equal((await check("00.1", 1 / 6, study)).right, true);
  assert.equal((await check("00.1", 0.167, study)).says, "Right.");
  assert.match((await check("00.1", 16.7, study)).says, /^Not yet\. Another unit/);
  assert.match((await check("00.1", [], study)).says, /^Not yet\. An answer is how much FSD by hand changes/);
  assert.match((await check("00.1", "1/6", study)).says, /^Not yet\. A number stands without quotation marks/);
  assert.match((await check("00.1", 0.3, study)).says, /^Not yet\. FSD is a count/);
  assert.equal((await check("03.1", [1 / 3, 0.333, 1], study)).right, true);
  assert.equal((await check("03.1", [1 / 3, 1, 1 / 3], study)).right, false);
  assert.match((await check("03.1", [1 / 3], study)).says, /a list of 3 numbers/);
});

test("names are right in any order, and one that the study does not have is told", async () => {
  const pair = (await exercises["00.2"].answer(study)) as string[];
  assert.equal(pair.length, 2);
  assert.equal((await check("00.2", pair, study)).right, true);
  assert.equal((await check("00.2", [...pair].reverse(), study)).right, true);
  const other = study.settings.tourDomains.filter((name) => !pair.includes(name));
  assert.equal((await check("00.2", [pair[0], other[0]], study)).says, `Not yet. ${exercises["00.2"].hint}`);
  assert.match(
    (await check("00.2", [pair[0], "sst3"], study)).says,
    /"sst3" is no domain of this study; the nearest is "sst2"/,
  );
  assert.match((await check("00.2", undefined, study)).says, /An answer is a list of names: the names of the two/);
  assert.match((await check("00.2", pair.join(", "), study)).says, /Give the names as a list/);
  const loud = pair.map((name) => name.toUpperCase());
  assert.equal((await check("00.2", loud, study)).right, true);
});

test("no hint holds the answer", async () => {
  for (const [id, { hint, answer }] of Object.entries(exercises)) {
    if (!/^(?:00|03\.1|07)/.test(id)) continue; // the others need more of a study than this test has
    const wanted = [await answer(study)].flat();
    for (const one of wanted) if (typeof one === "string") assert.ok(!hint.includes(one), id);
  }
});

test("an exercise without a check, and a check without a study, are refused", async () => {
  await assert.rejects(check("02.9", 1, study), /Exercise "02\.9" has no check/);
  await assert.rejects(check("00.1", 1 / 6), /No study is open: run the notebook's cells from its first one/);
});
