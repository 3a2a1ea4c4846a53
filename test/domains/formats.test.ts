import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { tableFromArrays, tableToIPC } from "@uwdata/flechette";
import { parquetWriteBuffer } from "hyparquet-writer";
import { domainFromTable } from "#src/domains/from-table.js";
import { readTable } from "#src/domains/table.js";
import { encodeZip } from "#src/files/zip-writer.js";

const folder = mkdtempSync(join(tmpdir(), "signmix-formats-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const rowsOf = async (...given: Parameters<typeof readTable>) => (await readTable(...given)).rows;
const valuesOf = async (...given: Parameters<typeof readTable>) => (await rowsOf(...given)).map(({ values }) => values);

/** The table [one é, 0], [two, 1] as pyarrow 26 writes it, for codecs that nothing here can write. */
const PARQUET = {
  zstd: [
    "UEFSMRUAFS4VQCwVBBUAFQYVBhwAAAAotS/9IBe5AAACAAAABAEGAAAAb25lIMOpAwAAAHR3bxUAFSwVPiwVBBUAFQYVBhwAAAAo",
    "tS/9IBaxAAACAAAABAEAAAAAAAAAAAEAAAAAAAAAFQQZPDUAGAZzY2hlbWEVBAAVDCUCGAR0ZXh0JQBMHAAAABUEJQIYBWxhYmVs",
    "ABYEGRwZLCYAHBUMGSUGABkYBHRleHQVDBYEFlQWZiYISRwVABUAFQIAPBYSGQYZJgAEAAAAJgAcFQQZJQYAGRgFbGFiZWwVDBYE",
    "FlIWZCZuSRwVABUAFQIAPCkGGSYABAAAABamARYEJggWygEAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRksHAAA",
    "HAAAAMcAAABQQVIx",
  ].join(""),
  lz4: [
    "UEFSMRUAFS4VMiwVBBUAFQYVBhwAAADwCAIAAAAEAQYAAABvbmUgw6kDAAAAdHdvFQAVLBUmLBUEFQAVBhUGHAAAAHMCAAAABAEA",
    "AQCAAQAAAAAAAAAVBBk8NQAYBnNjaGVtYRUEABUMJQIYBHRleHQlAEwcAAAAFQQlAhgFbGFiZWwAFgQZHBksJgAcFQwZJQYAGRgE",
    "dGV4dBUOFgQWVBZYJghJHBUAFQAVAgA8FhIZBhkmAAQAAAAmABwVBBklBgAZGAVsYWJlbBUOFgQWUhZMJmBJHBUAFQAVAgA8KQYZ",
    "JgAEAAAAFqYBFgQmCBakAQAoIHBhcnF1ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4xGSwcAAAcAAAAxwAAAFBBUjE=",
  ].join(""),
  brotli: [
    "UEFSMRUAFS4VNiwVBBUAFQYVBhwAAAALC4ACAAAABAEGAAAAb25lIMOpAwAAAHR3bwMVABUsFSIsFQQVABUGFQYcAAAAGxUAAKQB",
    "AgQIliG1FDI9PAQVBBk8NQAYBnNjaGVtYRUEABUMJQIYBHRleHQlAEwcAAAAFQQlAhgFbGFiZWwAFgQZHBksJgAcFQwZJQYAGRgE",
    "dGV4dBUIFgQWVBZcJghJHBUAFQAVAgA8FhIZBhkmAAQAAAAmABwVBBklBgAZGAVsYWJlbBUIFgQWUhZIJmRJHBUAFQAVAgA8KQYZ",
    "JgAEAAAAFqYBFgQmCBakAQAoIHBhcnF1ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4xGSwcAAAcAAAAxwAAAFBBUjE=",
  ].join(""),
};

describe("Parquet", () => {
  for (const [codec, base64] of Object.entries(PARQUET)) {
    test(`reads ${codec}`, async () => {
      assert.deepEqual(await valuesOf(file(`${codec}.parquet`, Buffer.from(base64, "base64"))), [
        { text: "one é", label: 0n },
        { text: "two", label: 1n },
      ]);
    });
  }

  const columnData = [
    { name: "text", data: ["a", "b"], type: "STRING" as const },
    { name: "other", data: ["c", "d"], type: "STRING" as const },
  ];

  test("reads only the columns that are asked for, and tells of all", async () => {
    const table = await readTable(file("two.parquet", new Uint8Array(parquetWriteBuffer({ columnData }))), {}, [
      "text",
    ]);
    assert.deepEqual(table.columns, ["text", "other"]);
    assert.deepEqual(table.rows, [
      { line: 1, values: { text: "a" } },
      { line: 2, values: { text: "b" } },
    ]);
  });

  test("keeps the names of class numbers that the datasets library wrote into it", async () => {
    const features = {
      label: { names: ["neg", "pos"], _type: "ClassLabel" },
      text: { dtype: "string", _type: "Value" },
    };
    const kvMetadata = [{ key: "huggingface", value: JSON.stringify({ info: { features } }) }];
    const table = await readTable(file("hf.parquet", new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata }))));
    assert.deepEqual(table.labelNames, { label: ["neg", "pos"] });
  });

  test("refuses a file whose description is damaged, in words of our own", async () => {
    // the fuzzer found it: a row group that does not say its columns
    const found = [
      "UEFSMRUGFS4VMlwVBhUAFQYVABUEFQAAAAMHFVADAAAAb25lAwAAAHR3bwMAAAB0d28VBhUcFSBcFQYVABUGFQAVBBUAAAADBwwsAAAA",
      "AAEAAAABAAAAFQQZPEgEcm9vdBUEABUMJQIYBHRleHQlAAAVAiUCGAVsYWJlbAAWBhkcdHdvGANvbmUAGRwVBhUAFQIAAAAmZBwVAhkV",
      "ABkYBWxhYmVsFQIWBhZGFkomZDw2ACgEAQAAABgEAAAAAAAZHBUGFQAVAgAAABaeARYGNqYBACgJaHlwYXJxdWV0GSwcAAAcAAAAsAAA",
      "AFBBUjE=",
    ].join("");
    await assert.rejects(
      readTable(file("damaged.parquet", Buffer.from(found, "base64"))),
      /Cannot read .*damaged\.parquet as Parquet: it is damaged, or no Parquet file\.$/,
    );
  });

  test("refuses what is none, was cut off, or states a footer beyond its size", async () => {
    const whole = new Uint8Array(parquetWriteBuffer({ columnData }));
    const lying = Buffer.alloc(100);
    lying.write("PAR1", 0);
    lying.writeUInt32LE(0xffffffff, 92);
    lying.write("PAR1", 96);
    for (const content of ["not parquet at all", "", whole.subarray(0, whole.length - 20), lying]) {
      await assert.rejects(readTable(file("bad.parquet", content)), /Cannot read .*bad\.parquet as Parquet: \S/);
    }
  });
});

describe("JSON", () => {
  const expected = [
    { text: "a", label: 0 },
    { text: "b", label: 1 },
  ];
  const forms: Record<string, unknown> = {
    "a list of objects": expected,
    "a list under data": { data: expected, version: 1 },
    "lists by column": { text: ["a", "b"], label: [0, 1] },
    "pandas, split": {
      columns: ["text", "label"],
      index: [0, 1],
      data: [
        ["a", 0],
        ["b", 1],
      ],
    },
    "pandas, columns": { text: { 0: "a", 1: "b" }, label: { 0: 0, 1: 1 } },
    "pandas, index": { 0: { text: "a", label: 0 }, 1: { text: "b", label: 1 } },
  };
  for (const [form, value] of Object.entries(forms)) {
    test(`reads ${form}`, async () => {
      assert.deepEqual(await valuesOf(file("a.json", JSON.stringify(value))), expected);
    });
  }

  test("reads JSON lines under the ending .json, and says so", async () => {
    const table = await readTable(file("lines.json", expected.map((row) => JSON.stringify(row)).join("\n")));
    assert.deepEqual(
      table.rows.map(({ values }) => values),
      expected,
    );
    assert.match(table.notes[0], /as JSON lines/);
  });

  test("refuses what is no table or is cut off", async () => {
    await assert.rejects(readTable(file("b.json", '{"name": "x", "n": 1}')), /holds no table.*has the keys name, n/);
    await assert.rejects(readTable(file("c.json", '[{"text": "a"')), /c\.json is not JSON/);
  });

  test("names rows with NaN, with a key twice, and with no object", async () => {
    const lines = [
      '{"text":"a","label":NaN}',
      '{"text":"a","text":"b"}',
      "[1]",
      '{"t":{"text":1},"text":"\\"text\\":"}',
    ];
    const rows = await rowsOf(file("d.jsonl", lines.join("\n")));
    assert.match(rows[0].problem ?? "", /holds NaN/);
    assert.match(rows[1].problem ?? "", /has the key "text" twice/);
    assert.match(rows[2].problem ?? "", /not a JSON object/);
    assert.equal(rows[3].problem, undefined);
  });
});

describe("Arrow", () => {
  const bytes = (format: "stream" | "file") =>
    tableToIPC(tableFromArrays({ text: ["a", "b"], label: [0, 1] }), { format }) as Uint8Array;

  test("reads a file of either format", async () => {
    for (const format of ["stream", "file"] as const) {
      const rows = await valuesOf(file("a.arrow", bytes(format)));
      assert.deepEqual(rows, [
        { text: "a", label: 0 },
        { text: "b", label: 1 },
      ]);
    }
  });

  test("reads a folder of the datasets library: shards, splits and names of class numbers", async () => {
    const root = join(folder, "saved");
    const features = {
      text: { dtype: "string", _type: "Value" },
      label: { names: ["neg", "pos"], _type: "ClassLabel" },
    };
    for (const split of ["train", "test"]) {
      mkdirSync(join(root, split), { recursive: true });
      const shards = ["data-00000-of-00002.arrow", "data-00001-of-00002.arrow"];
      for (const shard of shards) writeFileSync(join(root, split, shard), bytes("stream"));
      const state = { _data_files: shards.map((filename) => ({ filename })), _split: split };
      writeFileSync(join(root, split, "state.json"), JSON.stringify(state));
      writeFileSync(join(root, split, "dataset_info.json"), JSON.stringify({ features }));
    }
    writeFileSync(join(root, "dataset_dict.json"), '{"splits": ["train", "test"]}');
    const table = await readTable(root);
    assert.deepEqual(
      table.rows.map(({ split, line, values }) => [split, line, values.text]),
      [
        ...[
          ["train", 1, "a"],
          ["train", 2, "b"],
          ["train", 3, "a"],
          ["train", 4, "b"],
        ],
        ...[
          ["test", 1, "a"],
          ["test", 2, "b"],
          ["test", 3, "a"],
          ["test", 4, "b"],
        ],
      ],
    );
    assert.deepEqual(table.labelNames, { label: ["neg", "pos"] });
  });

  test("refuses a damaged file and a folder that is none", async () => {
    await assert.rejects(
      readTable(file("cut.arrow", bytes("stream").subarray(0, 150))),
      /Cannot read .*cut\.arrow as Arrow/,
    );
    await assert.rejects(readTable(file("text.arrow", "hello, this is text")), /Cannot read .*text\.arrow as Arrow/);
    await assert.rejects(readTable(folder), /is a folder, but none that `save_to_disk`/);
  });
});

describe("Excel", () => {
  const part = (content: string) => new TextEncoder().encode(content);
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

  function workbook(
    sheet: string,
    options: { strings?: string; sheets?: string; extra?: [string, Uint8Array][] } = {},
  ): string {
    const sheets = options.sheets ?? '<sheet name="Data" sheetId="1" r:id="rId1"/>';
    const relation = (id: string, type: string, target: string) =>
      `<Relationship Id="${id}" Type="${types}/${type}" Target="${target}"/>`;
    const relations = [
      relation("rId1", "worksheet", "worksheets/sheet1.xml"),
      relation("rId2", "sharedStrings", "/xl/texts.xml"),
    ];
    const styles = '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs>';
    relations.push(relation("rId3", "styles", "styles.xml"));
    return file(
      "book.xlsx",
      encodeZip([
        ["_rels/.rels", part(`<Relationships>${relation("r", "officeDocument", "xl/workbook.xml")}</Relationships>`)],
        ["xl/workbook.xml", part(`<workbook xmlns="${main}" xmlns:r="${types}"><sheets>${sheets}</sheets></workbook>`)],
        ["xl/_rels/workbook.xml.rels", part(`<Relationships>${relations.join("")}</Relationships>`)],
        [
          "xl/texts.xml",
          part(options.strings ?? `<sst xmlns="${main}"><si><t>text</t></si><si><t>label</t></si></sst>`),
        ],
        [
          "xl/styles.xml",
          part(
            `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0&quot;d&quot;"/></numFmts>${styles}</styleSheet>`,
          ),
        ],
        ["xl/worksheets/sheet1.xml", part(sheet)],
        ...(options.extra ?? []),
      ]),
    );
  }
  const sheetOf = (rows: string) => `<x:worksheet xmlns:x="${main}"><x:sheetData>${rows}</x:sheetData></x:worksheet>`;
  const header = '<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="B1" t="s"><x:v>1</x:v></x:c></x:row>';

  test("reads texts, numbers, truth values, dates, errors and empty cells, in their lines", async () => {
    const rows = [
      '<x:row r="3"><x:c r="A3" t="inlineStr"><x:is><x:t>a &amp; b_x000A_c</x:t></x:is></x:c><x:c r="B3"><x:v>2</x:v></x:c></x:row>',
      '<x:row r="4"><x:c r="A4" t="str"><x:f>A3</x:f><x:v>formula</x:v></x:c><x:c r="B4" t="b"><x:v>1</x:v></x:c></x:row>',
      '<x:row r="5"><x:c r="A5" t="inlineStr"><x:is><x:r><x:t>ri</x:t></x:r><x:r><x:t>ch</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh></x:is></x:c><x:c r="B5" t="e"><x:v>#N/A</x:v></x:c></x:row>',
      '<x:row r="6"><x:c r="B6" s="1"><x:v>45292</x:v></x:c></x:row>',
      '<x:row r="7"><x:c r="A7" t="inlineStr"><x:is><x:t>alone</x:t></x:is></x:c></x:row>',
      '<x:row r="8"><x:c r="A8" t="str"><x:v>x</x:v></x:c><x:c r="B8" s="2"><x:v>3</x:v></x:c></x:row>',
    ].join("");
    const read = await rowsOf(workbook(sheetOf(header + rows)));
    assert.deepEqual(read, [
      { line: 3, values: { text: "a & b\nc", label: 2 } },
      { line: 4, values: { text: "formula", label: true } },
      { line: 5, values: { text: "rich", label: null } },
      { line: 6, values: { text: undefined, label: "2024-01-01" } },
      { line: 7, values: { text: "alone", label: undefined } },
      { line: 8, values: { text: "x", label: 3 } },
    ]);
  });

  test("takes the first sheet that is shown, says what others there are, and takes one by name", async () => {
    const sheets =
      '<sheet name="Hidden" sheetId="3" state="hidden" r:id="rId9"/><sheet name="Data" sheetId="1" r:id="rId1"/><sheet name="More" sheetId="2" r:id="rId1"/>';
    const path = workbook(sheetOf(`${header}<x:row r="2"><x:c r="A2" t="str"><x:v>a</x:v></x:c></x:row>`), { sheets });
    assert.match((await readTable(path)).notes[0], /the sheet "Data" is read; others are More/);
    assert.deepEqual((await readTable(path, { sheet: "More" })).notes, []);
    await assert.rejects(readTable(path, { sheet: "Dta" }), /has no sheet Dta; its sheets are Hidden, Data, More/);
  });

  test("cells that have a format and no value are no fields, beside the header or beyond it", async () => {
    const bare = (line: number) => `<x:c r="C${line}" s="2"/><x:c r="HM${line}" s="2"></x:c>`;
    const rows = `<x:row r="2"><x:c r="A2" t="str"><x:v>x</x:v></x:c><x:c r="B2" s="2"/>${bare(2)}</x:row>`;
    assert.deepEqual(await rowsOf(workbook(sheetOf(header.replace("</x:row>", `${bare(1)}</x:row>`) + rows))), [
      { line: 2, values: { text: "x", label: undefined } },
    ]);
  });

  test("a row without a text is refused by the columns that it does fill", async () => {
    const rows = '<x:row r="2"><x:c r="B2" t="str"><x:v>good</x:v></x:c></x:row>';
    await assert.rejects(
      domainFromTable(workbook(sheetOf(header + rows))),
      /no text in column "text"; it has values in label\n/,
    );
  });

  test("a cell far out costs nothing", async () => {
    const far = '<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>';
    const [row] = await rowsOf(workbook(sheetOf(header + far)));
    assert.equal(row.line, 1048576);
    assert.match(row.problem ?? "", /has 16384 fields where the table has 2 columns/);
    const beyond = `<x:row r="2"><x:c r="XFD2"><x:v>1</x:v></x:c><x:c><x:v>1</x:v></x:c></x:row>`;
    await assert.rejects(readTable(workbook(sheetOf(header + beyond))), /a cell beyond column 16384, in its line 2\.$/);
  });

  test("refuses entities, broken XML, missing parts, and what is no workbook", async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${sheetOf(header)}`;
    await assert.rejects(readTable(workbook(bomb)), /book\.xlsx as an Excel workbook: .*declares a document type/);
    await assert.rejects(readTable(workbook("<x:worksheet><x:row>")), /is no whole XML/);
    const strings = "<sst></sst>";
    await assert.rejects(readTable(workbook(sheetOf(header), { strings })), /points to text 0 of 0/);
    await assert.rejects(
      readTable(file("zip.xlsx", encodeZip([["a.txt", part("a")]]))),
      /part "xl\/workbook\.xml" is missing/,
    );
    await assert.rejects(readTable(file("old.xlsx", Buffer.from("d0cf11e0a1b11ae1", "hex"))), /old Excel file/);
  });
});

describe("tables of the Orange toolkit", () => {
  const rows = ["Author\tScore\tContent", "discrete\tcontinuous\tstring", "class\t\tmeta include=True"];

  test("lines of types and flags are no rows, and it says so", async () => {
    const path = file("orange.tab", `${[...rows, "ann\t1.5\tone", "bob\t2\ttwo"].join("\n")}\n`);
    const { rows: read, notes, columns } = await readTable(path);
    assert.deepEqual(columns, ["Author", "Score", "Content"]);
    assert.deepEqual(
      read.map(({ line, values }) => [line, values.Author]),
      [
        [4, "ann"],
        [5, "bob"],
      ],
    );
    assert.ok(notes.some((note) => /lines 2 and 3 are Orange's types and flags/.test(note)));
  });

  test("rows that only look a little like it stay rows", async () => {
    for (const [name, second, third] of [
      ["letters", "d\ts", "class\tx y"],
      ["no flags", "d\ts", "\t"],
      ["words", "one two\tstring", "class\tmeta"],
    ]) {
      const path = file(`${name}.tab`, `label\ttext\n${second}\n${third}\nd\tmore\n`);
      assert.equal((await readTable(path)).rows.length, 3, name);
    }
  });
});
