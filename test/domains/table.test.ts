import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import { parseDelimited } from "#src/domains/delimited.js";
import { domainFromTable } from "#src/domains/from-table.js";
import { examplesFromRows } from "#src/domains/rows.js";
import { readTable } from "#src/domains/table.js";

const folder = mkdtempSync(join(tmpdir(), "signmix-table-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("parseDelimited", () => {
  const csv = (text: string) => parseDelimited(text, "a.csv", { delimiter: "," });

  test("reads quotes, doubled quotes, delimiters and line ends inside quotes, CRLF and a byte-order mark", () => {
    const rows = csv('\uFEFFtext,label\r\n"one, ""two""\nthree",0\r\n\r\nplain, 1\r\n');
    assert.deepEqual(rows, [
      { line: 2, values: { text: 'one, "two"\nthree', label: "0" } },
      { line: 5, values: { text: "plain", label: " 1" } },
    ]);
  });

  test("keeps empty fields, also the last", () => {
    assert.deepEqual(
      csv("a,b,c\n,x,").map((row) => row.values),
      [{ a: "", b: "x", c: "" }],
    );
    assert.deepEqual(
      csv('a,b\n"",""\n').map((row) => row.values),
      [{ a: "", b: "" }],
    );
  });

  test("marks a row with another number of fields than the header", () => {
    const [row] = csv("text,label\na,b,c\n");
    assert.match(row.problem ?? "", /3 fields .* 2 columns/);
  });

  test("names the line of a quote that is never closed, and of a repeated column", () => {
    assert.throws(() => csv('text,label\na,0\n"b,1\n'), /a\.csv, line 3: a quoted field is never closed/);
    assert.throws(() => csv("text,text\na,0\n"), /two columns are named "text"/);
  });

  test("reads TSV whose quotes are ordinary characters", () => {
    const rows = parseDelimited('text\tlabel\n"Well," he said\t1\n', "a.tsv", { delimiter: "\t", quoting: false });
    assert.deepEqual(rows[0].values, { text: '"Well," he said', label: "1" });
  });

  test("names columns by number where there is no header", () => {
    assert.deepEqual(parseDelimited("a,0\n", "a.csv", { delimiter: ",", header: false })[0].values, { 0: "a", 1: "0" });
  });
});

describe("readTable", () => {
  test("reads the same rows from JSON lines, CSV, TSV and Parquet", async () => {
    const texts = ["first, text", "second"];
    const parquet = parquetWriteBuffer({
      columnData: [
        { name: "text", data: texts, type: "STRING" },
        { name: "label", data: [0, 1], type: "INT32" },
      ],
    });
    const paths = [
      file("a.jsonl", '{"text":"first, text","label":0}\n\n{"text":"second","label":1}\n'),
      file("a.csv", 'text,label\n"first, text",0\nsecond,1\n'),
      file("a.tsv", "text\tlabel\nfirst, text\t0\nsecond\t1\n"),
      file("a.parquet", new Uint8Array(parquet)),
    ];
    for (const path of paths) {
      const rows = await readTable(path);
      const { examples, problems } = examplesFromRows(rows, path, { text: "text", label: "label" }, ["no", "yes"]);
      assert.deepEqual(problems, [], path);
      assert.deepEqual(
        examples,
        [
          { text: "first, text", label: 0 },
          { text: "second", label: 1 },
        ],
        path,
      );
    }
  });

  test("names a file that is missing, empty, of unknown format, or no Parquet", async () => {
    await assert.rejects(readTable(join(folder, "none.csv")), /Cannot read .*none\.csv/);
    await assert.rejects(readTable(file("empty.csv", "text,label\n")), /empty\.csv holds no rows/);
    await assert.rejects(readTable(file("a.xyz", "x")), /Cannot tell the format/);
    await assert.rejects(readTable(file("bad.parquet", "not parquet at all")), /as Parquet/);
  });
});

describe("examplesFromRows", () => {
  const columns = { text: "text", textPair: "other", label: "label" };

  test("reports each row that is no example with file and line, and drops none silently", async () => {
    const path = file(
      "rows.jsonl",
      [
        '{"text":"a","other":"b","label":"yes"}',
        "{broken",
        '{"text":"a","other":"","label":0}',
        '{"text":"a","other":"b","label":"maybe"}',
        '{"text":5,"other":"b","label":0}',
        '{"text":"a","label":0}',
        "[1]",
        '{"text":"a","other":"b"}',
        '{"text":"a","other":"b","label":2}',
        '{"text":"a","other":"b","label":1}',
      ].join("\n"),
    );
    const { examples, problems } = examplesFromRows(await readTable(path), "rows.jsonl", columns, ["no", "yes"]);
    assert.deepEqual(examples, [
      { text: "a", textPair: "b", label: 1 },
      { text: "a", textPair: "b", label: 1 },
    ]);
    assert.deepEqual(
      problems.map((problem) => Number(/line (\d+)/.exec(problem)?.[1])),
      [2, 3, 4, 5, 6, 7, 8, 9],
    );
    assert.match(problems[0], /rows\.jsonl, line 2: is not JSON/);
    assert.match(problems[1], /"other" is empty/);
    assert.match(problems[2], /label "maybe"; known are no, yes/);
    assert.match(problems[4], /no column "other"/);
  });
});

describe("domainFromTable", () => {
  const rows = Array.from({ length: 60 }, (_, i) => `"remark ${i} here",${i % 3 === 0 ? "bad" : "good"}`);
  const path = () => file("reviews.csv", `remark,verdict\n${rows.join("\n")}\nRemark 0 HERE,bad\n`);
  const options = { text: "remark", label: "verdict" };

  test("makes a domain of a CSV file, with every row in one split and equal texts together", async () => {
    const domain = await domainFromTable(path(), options);
    assert.equal(domain.name, "reviews");
    assert.deepEqual(domain.labels, ["bad", "good"]);
    assert.equal(domain.train.length + domain.dev.length + domain.test.length, 61);
    const holders = [domain.train, domain.dev, domain.test].filter((split) =>
      split.some(({ text }) => text.toLowerCase() === "remark 0 here"),
    );
    assert.equal(holders.length, 1);
    assert.equal((await domainFromTable(path(), options)).hash, domain.hash);
    assert.notEqual((await domainFromTable(path(), { ...options, seed: 2 })).hash, domain.hash);
  });

  test("keeps the shares of the labels in every split", async () => {
    const { test: part, dev } = await domainFromTable(path(), options);
    assert.ok(Math.abs(part.filter(({ label }) => label === 0).length / part.length - 1 / 3) < 0.1);
    assert.ok(dev.length >= 5 && dev.length <= 8);
  });

  test("refuses a column that is not there and a label that no row trains, and says which there are", async () => {
    await assert.rejects(
      domainFromTable(path(), { text: "remark" }),
      /no column "label"; its columns are remark, verdict\./,
    );
    const misspelt = file("misspelt.csv", `remark,verdict\n${rows.join("\n")}\na fine text,god\n`);
    await assert.rejects(
      domainFromTable(misspelt, options),
      /the label "god" has no row to train on; the labels are bad, god, good\./,
    );
  });

  test("follows a split column, and reports rows that name no split", async () => {
    const lines = ["text,label,part", "a,x,train", "b,y,validation", "c,x,test", "d,y,exam", "e,y,train"];
    const table = file("parts.csv", lines.join("\n"));
    await assert.rejects(domainFromTable(table, { split: "part" }), /line 5: "part" is "exam"/);
    const domain = await domainFromTable(table, { split: "part", malformedRows: "report" });
    assert.deepEqual([domain.train.length, domain.dev.length, domain.test.length], [2, 1, 1]);
    assert.match(domain.skipped?.[0] ?? "", /line 5/);
  });
});
