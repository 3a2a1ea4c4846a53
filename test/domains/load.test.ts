import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { domainCard } from "#src/domains/card.js";
import { recipeOf } from "#src/domains/classroom/recipes.js";
import { domainNames, splitNames } from "#src/domains/domain.js";
import { domainFromFolder } from "#src/domains/folder.js";
import { domainFromHub } from "#src/domains/from-hub.js";
import { loadDomain, loadDomains } from "#src/domains/load.js";
import { examplesFromRows } from "#src/domains/rows.js";

const temporary = mkdtempSync(join(tmpdir(), "signmix-load-"));
after(() => rmSync(temporary, { recursive: true, force: true }));

function writeDomain(name: string, card: object, lines: string): string {
  const folder = join(temporary, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "card.json"), JSON.stringify(card));
  for (const split of splitNames) writeFileSync(join(folder, `${split}.jsonl`), lines);
  return temporary;
}

describe("domainFromFolder", () => {
  test("reads a pair domain", async () => {
    const data = writeDomain(
      "pairs",
      { labels: ["no", "yes"], pair: true },
      '{"text":"a","text_pair":"b","label":1}\n',
    );
    const domain = await domainFromFolder("pairs", data);
    assert.ok(domain.pair);
    assert.deepEqual(domain.test, [{ text: "a", textPair: "b", label: 1 }]);
  });

  test("stops at malformed rows with file and line, or lists them", async () => {
    const data = writeDomain("bad", { labels: ["no", "yes"] }, '{"text":"a","label":1}\n{"text":"b","label":7}\n');
    await assert.rejects(domainFromFolder("bad", data), /3 malformed rows:\n.*train\.jsonl, line 2: has the label "7"/);
    const domain = await domainFromFolder("bad", data, { malformedRows: "report" });
    assert.equal(domain.skipped?.length, 3);
    assert.equal(domain.train.length, 1);
  });

  test("says what is missing", async () => {
    await assert.rejects(domainFromFolder("none", temporary), /none.*card\.json/);
    mkdirSync(join(temporary, "cardOnly"));
    writeFileSync(join(temporary, "cardOnly", "card.json"), '{"labels":["a","b"]}');
    await assert.rejects(domainFromFolder("cardOnly", temporary), /no train split; looked for train\.jsonl/);
  });
});

describe("loadDomain", () => {
  test("takes the classroom by default, and caps class-balanced", async () => {
    const domain = await loadDomain("sst2", { maxTrain: 50, classroom: { train: 100, dev: 10, test: 10 } });
    assert.equal(domain.source, "classroom");
    assert.equal(domain.train.length, 50);
    assert.equal(domain.train.filter(({ label }) => label === 1).length, 25);
  });

  test("takes names from a profile", async () => {
    const domains = await loadDomains({ domains: ["toxic", "rte"], classroom: { train: 20, dev: 10, test: 10 } });
    assert.deepEqual(
      domains.map(({ name }) => name),
      ["toxic", "rte"],
    );
  });

  test("lists the thirteen when asked for another", async () => {
    await assert.rejects(loadDomain("cola"), /no classroom domain "cola"; there are mnli, qnli/);
  });
});

describe("domain cards", () => {
  for (const name of domainNames) {
    test(`${name} says where the data are and which split plays test`, () => {
      const card = domainCard(name);
      assert.equal(card.name, name);
      assert.ok(card.labels.length >= 2 && card.licence && card.citation && card.splits && card.hub.id);
      assert.equal(typeof card.hub.verified, "boolean");
      assert.ok(card.hub.files.train);
      assert.ok(card.hub.files.test ?? card.testFromTrain);
      assert.ok(card.hub.files.dev ?? card.devFromTrain);
      assert.equal(card.hub.columns.textPair !== undefined, card.pair);
    });
  }

  test("tell as many labels as the classroom's domains have: the paper's blocks of equal starts", () => {
    const byCount: Record<number, string[]> = {};
    for (const name of domainNames) {
      const { length } = domainCard(name).labels;
      assert.equal(recipeOf(name).labels.length, length, name);
      byCount[length] = [...(byCount[length] ?? []), name];
    }
    assert.deepEqual(byCount, {
      2: ["qnli", "rte", "mrpc", "qqp", "sst2", "imdb", "tweets", "toxic"],
      3: ["mnli", "financial"],
      4: ["ag_news"],
      5: ["rct", "authorship"],
    });
  });

  test("a card may name a few of a dataset's labels and leave the others out", () => {
    const rows = ["0", "4", "5", "12"].map((author, i) => ({ line: i + 1, values: { article: `text ${i}`, author } }));
    const { hub, labels } = domainCard("authorship");
    const read = examplesFromRows(rows, "x", hub.columns, hub.labelValues ?? labels, hub);
    assert.deepEqual(read, {
      examples: [
        { text: "text 0", label: 0 },
        { text: "text 1", label: 4 },
      ],
      problems: [],
      unlabelled: [],
    });
    assert.equal(examplesFromRows(rows, "x", hub.columns, hub.labelValues ?? labels).problems.length, 2);
  });
});

describe("domainFromHub", () => {
  const rows = (from: number, n: number) =>
    Array.from({ length: n }, (_, i) => `${from + i},"comment ${from + i}",${i % 2}`).join("\n");
  const files: Record<string, string> = Object.fromEntries(
    ["train", "validation", "test"].map((split, i) => [
      `${split}.csv`,
      `id,comment_text,label\n${rows(i * 100, 20)}\n`,
    ]),
  );
  const git = (text: string) =>
    createHash("sha1")
      .update(`blob ${Buffer.byteLength(text)}\0${text}`)
      .digest("hex");

  test("downloads the files that the card names and reads them by its columns", async () => {
    const asked: string[] = [];
    const fetch = async (url: string | URL | Request) => {
      const address = String(url);
      asked.push(address);
      if (address.includes("/api/datasets/")) {
        const siblings = Object.entries(files).map(([rfilename, text]) => ({
          rfilename,
          size: Buffer.byteLength(text),
          blobId: git(text),
        }));
        return new Response(JSON.stringify({ sha: "a".repeat(40), siblings }));
      }
      return new Response(files[address.split("/").at(-1) ?? ""]);
    };
    const hub = { endpoint: "http://hub.test", cacheDir: join(temporary, "cache"), fetch: fetch as never };
    const domain = await domainFromHub("toxic", { hub });
    assert.deepEqual([domain.train.length, domain.dev.length, domain.test.length], [20, 20, 20]);
    assert.deepEqual(domain.test[1], { text: "comment 201", label: 1 });
    assert.ok(asked.some((address) => address.includes(domainCard("toxic").hub.id)));
  });

  test("says what to do where there is no network", async () => {
    const fetch = async () => Promise.reject(new TypeError("fetch failed"));
    const hub = {
      endpoint: "http://hub.test",
      cacheDir: join(temporary, "none"),
      fetch: fetch as never,
      attempts: 1,
      firstWait: 0,
    };
    await assert.rejects(domainFromHub("rte", { hub }), /Cannot get "rte" from the hub.*SIGNMIX_DATA.*classroom/s);
  });
});

const shared = process.env.SIGNMIX_SHARED;
const data = shared ? join(shared, "data") : "";
describe("real data", { skip: existsSync(data) ? false : "SIGNMIX_SHARED is not set: no real data here" }, () => {
  for (const name of domainNames) {
    test(`${name} loads whole and well-formed`, async () => {
      const domain = await loadDomain(name, { data, maxTrain: 300 });
      assert.equal(domain.skipped, undefined);
      assert.equal(domain.train.length, 300);
      assert.ok(domain.test.length > 200);
      assert.equal(domain.labels.length, domainCard(name).labels.length);
      assert.equal(domain.pair, ["mnli", "qnli", "rte", "mrpc", "qqp"].includes(name));
    });
  }
});
