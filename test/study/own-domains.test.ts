import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { sampleMixtures, sweep } from "#src/chapters/mix/mixtures.js";
import { poolDomains } from "#src/chapters/mix/pool.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import { domainFromTable } from "#src/domains/from-table.js";
import { fitSettings } from "#src/study/fit-settings.js";
import { chooseDomains } from "#src/study/own-domains.js";
import { loadProfile } from "#src/study/profile.js";
import { tinyStudy } from "./tiny-study.js";

const folder = mkdtempSync(join(tmpdir(), "signmix-own-"));

/** A table of short remarks under two labels. */
function table(name: string, labels: [string, string]): string {
  const rows = Array.from(
    { length: 60 },
    (_, i) => `"remark ${i} is ${i % 2 ? "fine" : "poor"} here",${labels[i % 2]}`,
  );
  const path = join(folder, name);
  writeFileSync(path, `text,label\n${rows.join("\n")}\n`);
  return path;
}

const mine = table("mine.csv", ["bad", "good"]);
const theirs = table("theirs.csv", ["no", "yes"]);

describe("domains of one's own in a study", () => {
  test("two tables alone: sizes of everything follow, and units run on workers", async () => {
    const study = await tinyStudy({ domains: `${mine},${theirs}`, workers: 2 });
    const { settings } = study;
    assert.deepEqual(settings.domains, ["mine", "theirs"]);
    assert.deepEqual([settings.mixtureSizes, settings.poolSize, settings.unions], [[2], 2, [["mine", "theirs"]]]);
    assert.deepEqual(
      [settings.attackDomains, settings.tourDomains, settings.paraphraseDomains],
      [settings.domains, settings.domains, []],
    );
    assert.deepEqual(poolDomains(study), settings.domains);
    const singles = await trainSingles(study, { methods: ["houlsby"] });
    const mixed = await sweep(study, singles, sampleMixtures(study));
    assert.deepEqual(
      mixed.map(({ target, size }) => [target, size]),
      [
        ["mine", 1],
        ["theirs", 1],
        ["mine", 2],
        ["theirs", 2],
      ],
    );
  });

  test("one of the profile's by name, and one of the reader's as it is", async () => {
    const study = await tinyStudy({ domains: ["sst2", await domainFromTable(mine, { name: "remarks" })] });
    assert.deepEqual(study.settings.domains, ["sst2", "remarks"]);
    const { train, labels } = await study.domain("remarks");
    assert.deepEqual([labels, train.length], [["bad", "good"], 24]);
  });

  test("what is neither a domain nor a file, stands twice, or stands alone is refused by name", async () => {
    await assert.rejects(chooseDomains("sst2,nowhere.csv"), /no domain and no file "nowhere\.csv".*path of a table/);
    await assert.rejects(chooseDomains(`sst2,${mine},${mine}`), /Two domains are called "mine"/);
    await assert.rejects(chooseDomains("sst2"), /two domains or more, not 1/);
  });

  test("a profile's settings for five of its domains name no other and ask for no more", () => {
    const { settings } = loadProfile("classroom");
    const domains = ["mnli", "qqp", "rct", "imdb", "toxic"];
    const fitted = fitSettings(settings, domains);
    const named = [
      fitted.domains,
      fitted.tourDomains,
      fitted.attackDomains,
      fitted.paraphraseDomains,
      ...fitted.unions,
    ];
    assert.deepEqual(
      named.flat().filter((name) => !domains.includes(name)),
      [],
    );
    assert.deepEqual([fitted.mixtureSizes, fitted.poolSize, fitted.sparseSizes], [[2, 3, 5], 5, [2, 5]]);
    assert.deepEqual(fitted.paraphraseDomains, ["qqp"]);
  });
});
