import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import { readRecords } from "#src/domains/delimited.js";
import type { Domain } from "#src/domains/domain.js";
import { type DomainFromTableOptions, domainFromTable } from "#src/domains/from-table.js";
import { examplesFromRows } from "#src/domains/rows.js";
import { readTable } from "#src/domains/table.js";

const folder = mkdtempSync(join(tmpdir(), "signmix-table-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("readRecords", () => {
  const records = (text: string, options = {}) => [...readRecords(text, "a.csv", { delimiter: ",", ...options })];
  const fields = (text: string, options = {}) => records(text, options).map((record) => record.fields);

  test("reads quotes, doubled quotes, delimiters and line ends inside quotes, and knows each record's line", () => {
    assert.deepEqual(records('text,label\r\n"one, ""two""\nthree",0\r\n\r\nplain, 1\r\n'), [
      { fields: ["text", "label"], line: 1 },
      { fields: ['one, "two"\nthree', "0"], line: 2 },
      { fields: ["plain", " 1"], line: 5 },
    ]);
  });

  test("ends lines by CR where the first does, and keeps a CR inside a field where LF does", () => {
    assert.deepEqual(records('a,b\r"c\nd",e\rf,g'), [
      { fields: ["a", "b"], line: 1 },
      { fields: ["c\nd", "e"], line: 2 },
      { fields: ["f", "g"], line: 3 },
    ]);
    assert.deepEqual(fields("a,b\nc\rd,e\n"), [
      ["a", "b"],
      ["c\rd", "e"],
    ]);
  });

  test("keeps empty fields, also the last, and quotes inside unquoted fields", () => {
    assert.deepEqual(fields(',x,\n"",""\n5" disc,a "b" c'), [
      ["", "x", ""],
      ["", ""],
      ['5" disc', 'a "b" c'],
    ]);
  });

  test("names the line of a quote that is never closed, or closed in the middle of a field", () => {
    assert.throws(() => records('text,label\na,0\n"b,1\n'), /a\.csv, line 3: a quoted field is never closed/);
    assert.throws(() => records('a,b\n"c,d\n"e",f\n'), /line 2: .*text after its closing quote in line 3/);
    assert.deepEqual(fields('"a" ,b'), [["a", "b"]]);
  });

  test("reads TSV whose quotes are ordinary characters", () => {
    assert.deepEqual(fields('"Well," he said\t1\n', { delimiter: "\t", quoting: false }), [['"Well," he said', "1"]]);
  });

  test("refuses a delimiter that is none", () => {
    for (const delimiter of ["", '"', "\n", "ab"])
      assert.throws(() => records("a", { delimiter }), /one character such as/);
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
      const { rows } = await readTable(path);
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
    await assert.rejects(readTable(file("a.xls", Buffer.from("d0cf11e0a1b11ae1", "hex"))), /old Excel file/);
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
    const { examples, problems, unlabelled } = examplesFromRows((await readTable(path)).rows, "rows.jsonl", columns, [
      "no",
      "yes",
    ]);
    assert.deepEqual(examples, [
      { text: "a", textPair: "b", label: 1 },
      { text: "a", textPair: "b", label: 1 },
    ]);
    assert.deepEqual(
      problems.map((problem) => Number(/line (\d+)/.exec(problem)?.[1])),
      [2, 3, 4, 5, 6, 7, 9],
    );
    assert.deepEqual(unlabelled, ['rows.jsonl, line 8: has no label: "label" is empty']);
    assert.match(problems[0], /rows\.jsonl, line 2: is not JSON/);
    assert.match(problems[1], /"other" is empty/);
    assert.match(problems[2], /label "maybe"; known are no, yes/);
    assert.match(problems[4], /no text in column "other"/);
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

describe("a domain of a table from elsewhere", () => {
  const body = (n: number, row: (i: number) => string, header = "text,label") =>
    `${[header, ...Array.from({ length: n }, (_, i) => row(i))].join("\n")}\n`;
  const plain = (n: number) => body(n, (i) => `café ${i},${i % 2 ? "pos" : "neg"}`);
  const silent = { onNote: () => {} };
  const read = (name: string, content: string | Uint8Array, options: Partial<DomainFromTableOptions> = {}) =>
    domainFromTable(file(name, content), { ...silent, ...options });
  const textsOf = ({ train, dev, test }: Domain) => [...train, ...dev, ...test].map(({ text }) => text);

  const utf16 = (text: string, big: boolean) => {
    const bytes = Buffer.from(text, "utf16le");
    return big ? bytes.swap16() : bytes;
  };
  const encodings: [string, Uint8Array, RegExp | undefined][] = [
    ["UTF-8", Buffer.from(plain(40)), undefined],
    ["UTF-8 with a mark", Buffer.from(`\uFEFF${plain(40)}`), undefined],
    ["UTF-16", utf16(`\uFEFF${plain(40)}`, false), undefined],
    ["UTF-16, big-endian", utf16(`\uFEFF${plain(40)}`, true), undefined],
    ["UTF-16 without a mark", utf16(plain(40), false), /read as UTF-16LE/],
    ["Windows-1252", Buffer.from(plain(40), "latin1"), /read as Windows-1252/],
  ];
  for (const [encoding, bytes, note] of encodings) {
    test(`reads ${encoding}, and says so where it was guessed`, async () => {
      const said: string[] = [];
      const domain = await read("encoded.csv", bytes, { onNote: (line) => said.push(line) });
      assert.ok(textsOf(domain).every((text) => text.startsWith("café ")));
      assert.deepEqual(domain.notes ?? [], said);
      if (note) assert.match(said.join(), note);
      else assert.deepEqual(said, []);
    });
  }

  test("takes the encoding that is named, and refuses bytes that are of none or of two", async () => {
    const cyrillic = body(40, (i) => `${"текст".repeat(3)} ${i},${i % 2}`);
    const win1251 = Buffer.from(
      [...cyrillic].map((c) => (c > "\x7f" ? c.charCodeAt(0) - 0x430 + 0xe0 : c.charCodeAt(0))),
    );
    await assert.rejects(read("ru.csv", win1251), /too many letters beyond ASCII to be Western/);
    assert.ok(textsOf(await read("ru.csv", win1251, { encoding: "windows-1251" }))[0].startsWith("текст"));
    const mixed = Buffer.concat([Buffer.from(plain(40)), Buffer.from("caf\xe9,pos\n", "latin1")]);
    await assert.rejects(read("mixed.csv", mixed), /UTF-8 but for some bytes, the first in line 42/);
    await assert.rejects(read("ascii.csv", Buffer.from(`${plain(40)}a\x81,pos`, "latin1")), /no byte 0x81/);
    await assert.rejects(
      read("utf8.csv", Buffer.from(plain(4), "latin1"), { encoding: "utf-8" }),
      /line 2, is not UTF-8/,
    );
    await assert.rejects(read("a.csv", plain(4), { encoding: "utf-9" }), /"utf-9" is no known encoding/);
  });

  for (const [name, delimiter] of [
    ["semicolons", ";"],
    ["tabs", "\t"],
    ["bars", "|"],
  ]) {
    test(`finds ${name} out, also with commas in the texts, and says so`, async () => {
      const content = body(40, (i) => `one, two, ${i}${delimiter}${i % 2}`, `text${delimiter}label`);
      const domain = await read("found.csv", content);
      assert.ok(textsOf(domain).every((text) => text.startsWith("one, two, ")));
      assert.match(domain.notes?.join() ?? "", new RegExp(`separated by ${name}`));
      assert.equal((await read("found.csv", content, { delimiter })).hash, domain.hash);
      const bare = content.slice(content.indexOf("\n") + 1);
      const named = await read("found.csv", bare, { columns: ["text", "label"] });
      assert.equal(named.hash, domain.hash);
    });
  }

  test("follows Excel's line sep=; and counts it", async () => {
    const content = `sep=;\r\n${body(40, (i) => `t${i};${i % 2}`, "text;label")}`;
    assert.equal(textsOf(await read("sep.csv", content)).length, 40);
    await assert.rejects(read("sep.csv", `${content}a;b;c\n`), /line 43: has 3 fields/);
  });

  test("names the columns of a table without a header, and asks where the first line may be one", async () => {
    const columns = ["text", "label"];
    const rows = plain(40).split("\n").slice(1).join("\n");
    const domain = await read("bare.csv", rows, { columns });
    assert.equal(textsOf(domain).length, 40);
    assert.match(domain.notes?.join() ?? "", /line 1 is read as data/);
    assert.equal((await read("bare.csv", rows, { columns, header: false })).notes, undefined);
    assert.equal((await read("bare.csv", plain(40), { columns })).hash, domain.hash);
    await assert.rejects(
      read("bare.csv", `remark,verdict\n${rows}`, { columns }),
      /first line \(remark, verdict\) may be a header/,
    );
    assert.equal((await read("bare.csv", `remark,verdict\n${rows}`, { columns, header: true })).hash, domain.hash);
    const byNumber = await read("bare.csv", rows, { header: false, text: "0", label: "1" });
    assert.equal(byNumber.hash, domain.hash);
    await assert.rejects(read("bare.csv", rows, { columns: ["a", "text", "label"] }), /has 2 columns, and 3 names/);
    await assert.rejects(read("bare.csv", rows), /no column "text".*if that line is data, all columns/);
  });

  for (const nothing of ["", "NaN", "nan", "NA", "N/A", "null", "None", "-1", "-1.0", "<NA>", "#N/A"]) {
    test(`never makes a class of the label ${JSON.stringify(nothing)}`, async () => {
      const content = plain(40) + body(3, (i) => `more ${i},${nothing}`, "last,pos");
      await assert.rejects(read("unlabelled.csv", content), /3 rows without a label:\n.*line 43: has no label/);
      const domain = await read("unlabelled.csv", content, { unlabelled: "drop" });
      assert.deepEqual([domain.labels, textsOf(domain).length], [["neg", "pos"], 41]);
      assert.match(domain.notes?.join() ?? "", /3 rows without a label left out/);
    });
  }

  test("labels in words of nothing are classes where they are named", async () => {
    const content = body(40, (i) => `t${i},${["-1", "0", "1"][i % 3]}`);
    assert.deepEqual((await read("stance.csv", content, { labels: ["-1", "0", "1"] })).labels, ["-1", "0", "1"]);
    const words = body(40, (i) => `t${i},${["none", "favour"][i % 2]}`);
    assert.deepEqual((await read("words.csv", words)).labels, ["favour", "none"]);
  });

  test("reads 1 and 1.0 as one label and says so; numbers by size", async () => {
    const domain = await read(
      "numbers.csv",
      body(60, (i) => `t${i},${["1", "1.0", "0", "0.0", "10", "2"][i % 6]}`),
    );
    assert.deepEqual(domain.labels, ["0", "1", "2", "10"]);
    assert.match(domain.notes?.join() ?? "", /are read as one label/);
  });

  test("an index into the labels counts only where the labels are no numbers", async () => {
    const content = body(40, (i) => `t${i},${i % 2}`);
    assert.deepEqual((await read("index.csv", content, { labels: ["no", "yes"] })).labels, ["no", "yes"]);
    await assert.rejects(read("index.csv", content, { labels: ["1", "2"] }), /has the label "0"; known are 1, 2\n/);
  });

  test("refuses measurements, labels that differ in case, whole numbers beyond reading, and lists", async () => {
    await assert.rejects(
      read(
        "m.csv",
        body(40, (i) => `t${i},${i / 8}`),
      ),
      /measurements such as 0\.125/,
    );
    await assert.rejects(
      read(
        "c.csv",
        body(40, (i) => `t${i},${i % 2 ? "Pos" : "pos"}`),
      ),
      /"Pos" .* differ in nothing but case/,
    );
    const big = body(4, (i) => `{"text":"t${i}","label":${9007199254740992n + BigInt(i)}}`, "{}").slice(3);
    await assert.rejects(read("big.jsonl", big), /too large to be read exactly/);
    await assert.rejects(read("inf.jsonl", '{"text":"a","label":1e400}\n'), /beyond every number/);
    await assert.rejects(read("list.jsonl", '{"text":"a","label":["x"]}\n'), /"label" is a list, not a label/);
  });

  test("an open quote that swallows rows up to the next quote is found", async () => {
    const content = body(40, (i) =>
      i === 5 ? `"open ${i},pos` : i === 8 ? `a",neg` : `t${i},${i % 2 ? "pos" : "neg"}`,
    );
    await assert.rejects(read("open.csv", content), /line 7: "text" holds what looks like 3 more rows/);
    const honest = body(40, (i) => (i === 5 ? `"Dear all,\nthanks",pos` : `t${i},${i % 2 ? "pos" : "neg"}`));
    assert.ok(textsOf(await read("honest.csv", honest)).includes("Dear all,\nthanks"));
  });

  test("columns and labels may bear the names of what objects inherit", async () => {
    const content = body(40, (i) => `t${i},${i % 2 ? "__proto__" : "constructor"},x`, "text,label,__proto__");
    assert.deepEqual((await read("proto.csv", content)).labels, ["__proto__", "constructor"]);
    await assert.rejects(read("no.csv", plain(4), { label: "constructor" }), /no column "constructor"/);
  });

  test("a hundred thousand columns do not slow it down", async () => {
    const many = Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(",");
    const content = body(40, (i) => `t${i},${i % 2}${",".repeat(100_000)}`, `text,label,${many}`);
    assert.equal(textsOf(await read("wide.csv", content)).length, 40);
  });

  test("deals dev out of train where a table says only train and test", async () => {
    const content = body(60, (i) => `t${i},${i % 2},${i < 40 ? "train" : "test"}`, "text,label,part");
    const domain = await read("parts.csv", content, { split: "part" });
    assert.deepEqual([domain.train.length, domain.dev.length, domain.test.length], [36, 4, 20]);
    assert.match(domain.notes?.join() ?? "", /no dev split; it was dealt out of train/);
  });

  test("refuses an unknown option with the nearest", async () => {
    const unknown = (options: object) => domainFromTable(file("o.csv", plain(40)), options);
    await assert.rejects(unknown({ pair: "b" }), /"pair" is no option of domainFromTable; the nearest is "textPair"/);
    await assert.rejects(unknown({ delimeter: ";" }), /nearest is "delimiter"/);
    await assert.rejects(unknown({ unlabelled: "keep" }), /unlabelled is "keep"; choose refuse or drop/);
  });
});
