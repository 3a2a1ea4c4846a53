import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { columnFromArray, list, tableFromColumns, tableToIPC, utf8 } from "@uwdata/flechette";
import { parquetWriteBuffer } from "hyparquet-writer";
import { MOST_CELLS, MOST_FIELDS, MOST_ROWS } from "#src/domains/table-size.js";
import { projectPath } from "#src/files/project.js";
import { encodeZip } from "#src/files/zip-writer.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-table-size-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Bytes with those of a place replaced, which must be there once. */
function patched(bytes: Uint8Array, from: number[], to: number[]): Buffer {
  const data = Buffer.from(bytes);
  const at = data.indexOf(Buffer.from(from));
  assert.ok(at >= 0 && data.indexOf(Buffer.from(from), at + 1) < 0, "the place is not there once");
  data.set(to, at);
  return data;
}

/** An Arrow stream whose column of two lists states that the second ends at a member that is not there. */
function arrowLists(): Buffer {
  const text = columnFromArray([["one"], ["two"]], list(utf8()));
  const bytes = tableToIPC(tableFromColumns({ text, label: columnFromArray([0, 1]) }), { format: "stream" });
  assert.ok(bytes, "nothing was written");
  const offsets = (end: number) => [...new Uint8Array(Int32Array.of(0, 1, end, 0).buffer)];
  return patched(bytes, offsets(2), offsets(2 ** 31 - 1));
}

/** A Parquet file of 1,000 rows, whose one page states 8,191. */
function parquetPage(): Buffer {
  const data = Array.from({ length: 1000 }, () => "a");
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "text", data, type: "STRING" }] }));
  // the first field of the header's field 8
  return patched(bytes, [0x5c, 0x15, 0xd0, 0x0f], [0x5c, 0x15, 0xfe, 0x7f]);
}

/** A Parquet file whose end is one whole number of 2.1 million bits. */
function longNumber(): Buffer {
  const footer = Buffer.alloc(300_000, 0xff);
  footer[0] = 0x16;
  const tail = Buffer.from("____PAR1");
  tail.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from("PAR1"), footer, tail]);
}

const program = `
  import { readTable } from ${JSON.stringify(pathToFileURL(projectPath("dist", "domains", "table.js")).href)};
  const before = process.resourceUsage().maxRSS;
  let message = "it was read";
  const { user } = process.cpuUsage();
  try { await readTable(process.argv[1]); } catch (error) { message = error.message; }
  console.log(JSON.stringify({ message, seconds: (process.cpuUsage().user - user) / 1e6, kilobytes: process.resourceUsage().maxRSS - before }));`;

/** A workbook whose one sheet has so many rows, each with a cell in the last column. */
function workbook(rows: number): Uint8Array {
  const part = (content: string) => new TextEncoder().encode(content);
  const types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const relation = (type: string, target: string) =>
    `<Relationships><Relationship Id="r" Type="${types}/${type}" Target="${target}"/></Relationships>`;
  return encodeZip([
    ["_rels/.rels", part(relation("officeDocument", "xl/w.xml"))],
    ["xl/w.xml", part('<workbook xmlns:r="x"><sheets><sheet name="a" r:id="r"/></sheets></workbook>')],
    ["xl/_rels/w.xml.rels", part(relation("worksheet", "s.xml"))],
    ["xl/s.xml", part(`<w>${"<row><c r='XFD1'><v>1</v></c></row>".repeat(rows)}</w>`)],
  ]);
}

/** Tables of few bytes that ask for much, or of many that hold nothing, and what is said of each. */
const hostile: Record<string, [name: string, make: (file: string) => void, expected: RegExp]> = {
  "20 MB of empty lines": [
    "lines.csv",
    (file) => writeFileSync(file, Buffer.alloc(2e7, "\n")),
    new RegExp(`has more than ${MOST_ROWS} lines`),
  ],
  "20 MB of separators": [
    "separators.tsv",
    (file) => writeFileSync(file, Buffer.alloc(2e7, "\t")),
    new RegExp(`line 1 has more than ${MOST_FIELDS} fields`),
  ],
  "40 MB of empty lists": [
    "lists.json",
    (file) => writeFileSync(file, `[${"[],".repeat(1.3e7)}[]]`),
    /lists and objects/,
  ],
  "40 MB of empty objects": [
    "objects.jsonl",
    (file) => writeFileSync(file, Buffer.alloc(4e7, "{}\n")),
    /more than \d+ (lines|lists)/,
  ],
  "a text of 20 GB": [
    "sparse.csv",
    (file) => {
      writeFileSync(file, "text,label\n");
      truncateSync(file, 20e9);
    },
    /the file would take 19 GB/,
  ],
  "a sheet of 2,000 rows that reach to the last column": [
    "wide.xlsx",
    (file) => writeFileSync(file, workbook(2000)),
    new RegExp(`above the limit of ${MOST_CELLS} cells`),
  ],
  "Parquet of 6,000,000 equal rows in a few kilobytes": [
    "equal.parquet",
    (file) => {
      const data = Array.from({ length: 6e6 }, () => "a");
      const bytes = parquetWriteBuffer({ columnData: [{ name: "text", data, type: "STRING" }], rowGroupSize: 6e6 });
      writeFileSync(file, Buffer.from(bytes));
    },
    new RegExp(`has 6000000 rows, above the limit of ${MOST_ROWS}`),
  ],
  "Arrow lists that reach beyond their members": [
    "beyond.arrow",
    (file) => writeFileSync(file, arrowLists()),
    /a list reaches to member 2147483647 of 2;/,
  ],
  "Parquet with a whole number of 300 kB": [
    "number.parquet",
    (file) => writeFileSync(file, longNumber()),
    /what it says of its columns is damaged/,
  ],
  "a Parquet page of more values than its column": [
    "page.parquet",
    (file) => writeFileSync(file, parquetPage()),
    /a page of its column "text" states 8191 values, more than the column has/,
  ],
};

for (const [what, [name, make, expected]] of Object.entries(hostile)) {
  test(`${what}: refused by a stated limit, below 500 MB`, () => {
    const file = path.join(folder, name);
    make(file);
    const child = spawnSync(process.execPath, ["--input-type=module", "-e", program, file], { encoding: "utf8" });
    rmSync(file);
    assert.equal(child.status, 0, child.stderr || `${child.signal}`);
    const { message, seconds, kilobytes } = JSON.parse(child.stdout);
    assert.match(message, expected);
    assert.ok(message.includes(file) && message.length < 300, message);
    assert.ok(seconds < 10, `${seconds} s`);
    assert.ok(kilobytes < 500_000, `${kilobytes} kB`);
  });
}
