import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { classroomDomain } from "#src/domains/classroom/generate.js";
import { examplesFromTable } from "#src/domains/examples-from-table.js";
import { domainFromFolder } from "#src/domains/folder.js";
import { writeDomainFolder } from "#src/domains/write-folder.js";

const folder = mkdtempSync(join(tmpdir(), "signmix-write-folder-"));
after(() => rmSync(folder, { recursive: true, force: true }));

for (const name of ["sst2", "rte"]) {
  test(`${name}: a domain that is written is read as it was, text by text`, async () => {
    const domain = classroomDomain(name, { train: 20, dev: 6, test: 8 });
    writeDomainFolder(domain, join(folder, name), { licence: "none" });
    const again = await domainFromFolder(name, folder);
    assert.equal(again.hash, domain.hash);
    assert.equal(again.pair, domain.pair);
    assert.equal(JSON.parse(readFileSync(join(folder, name, "card.json"), "utf8")).licence, "none");
  });
}

test("rows to test on keep the order of the file, and may lack a label's training rows", async () => {
  const path = join(folder, "few.csv");
  writeFileSync(path, "text,label\none,a\ntwo,b\nthree,a\n");
  const { examples, notes, skipped } = await examplesFromTable(path, { labels: ["a", "b", "c"] });
  assert.deepEqual(
    examples.map(({ text, label }) => [text, label]),
    [
      ["one", 0],
      ["two", 1],
      ["three", 0],
    ],
  );
  assert.deepEqual([notes, skipped], [[], []]);
  await assert.rejects(examplesFromTable(path, { labels: ["a", "c"] }), /line 3: has the label "b"; known are a, c/);
  await assert.rejects(
    examplesFromTable(path, { labels: ["a", "b"], text: "txt" }),
    /no column "txt"; its columns are/,
  );
});
