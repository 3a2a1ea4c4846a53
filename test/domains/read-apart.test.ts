import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { dateDay, int64, tableFromArrays, tableToIPC } from "@uwdata/flechette";
import { readTable } from "#src/domains/table.js";

const folder = mkdtempSync(join(tmpdir(), "signmix-apart-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Two files of the fuzzer's: a run of values without an end, and a list of 50 million columns in 650 bytes. */
const FOUND = {
  parquet: [
    "UEFQMRUGFS4VMlwVBhUAgAYVABUEFQAAAAMHFVADAAAAb25lA30AAHR3bwMAAAB0d28VBhUcFSBcFQYVABUGFQAVBBUAACBieSAAAwcM",
    "LAAAAAABAAAAAQAAABUEGTxIBHJvb3QVBAAVDCUCGAR0ZXh0JQAAFQIlAhgFbGFiZWwAFgYZHBksJggcFQwZFQAZGAR0ZXh0FQIWBhZY",
    "FlwmCDw2ACgDdHdvGANvbmUAGRwVBhUAFQIAAAAmZBwVAhkVABkYBWxhYmVsFQIWBhZGFkomZDw2ACgEAQAAABgEAAAAAAAZHBUGFQAV",
    "AgAAABaeARYGNqYBACgJaHlwYXJxdWV0GSwcAAEcAAAAsAAAAFBBUjE=",
  ].join(""),
  arrow: [
    "/////9AAAAAQAAAAAAAKAAwACgAJAAQACgAAABAAAAAAAQQACAAIAAAABAAIAAAABAAAAAIAXQAAVAAAABAAAAAMABAADAALAAoABAAM",
    "AAAAIAAAAAAAAgEEAAAABQAAAGxhYmVsAAAACAAOAAgABwAIAAAAAAAAAAEIAAAAAAAOABQAEAAPAA4ACAAEAA4AAAAsAAAAHAAAAAAA",
    "BQEEAAAABAAAAHRleHQAAAAABAAEAAQAAAAIABwAAAAEAAgAAAAMAAAACAAMAAgABwAIAAAAAAAAASAAAAD/////qAAAABQAAAAAAAAA",
    "DAAUABIAEQAMAAQADAAAABgAAAAAAAAAEAAAAAACBAAIAAoAAAAEAAgAAAAQAAAAAAAKABgADAAIAGwAAAAIAA4ACAAHAAgABAAKAAAA",
    "FAAAAEgAAAACAAAAAAAAAAAAQAADAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAAAAAgAAAAAAAAAAAAAAAEA",
    "AAACAAAAAAAAAAAAAAAAAAAAAAAAAAEAAAACAAAAAAAAAGFiAAAAAAAA/////7gAAAAUAAAAAAAAAAwAFgAUcyAAEwAMAAQADAAAABAA",
    "AAAAAAAAFAAAAAAAAAMEAAoAGAAMAAgABAAKAAAAFAAAAFgAAAACAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "CAAAAAAAAAAIAAAAAAAAAAAAAAAAAAAACAAAAAAAAAAIAAAAAAAAAAAAAAACAAAAAgAAAAAAAAAAAAAAAAAAAAIAAAAAAAAAAAAAAAAA",
    "ACAAAAAAAQAAAAABAAAAAAAA/////wAAAAA=",
  ].join(""),
} as const;

/** Processes of this one that read tables. */
function readers(): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").filter((pid) => {
    try {
      const parent = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
      return Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("library-reader");
    } catch {
      return false; // it has ended
    }
  });
}

test("a library that a damaged file would keep is ended, and the file is refused", async () => {
  const refused = Object.entries(FOUND).map(async ([format, base64]) => {
    const file = join(folder, `a.${format}`);
    writeFileSync(file, Buffer.from(base64, "base64"));
    await assert.rejects(
      readTable(file),
      /Cannot read .* as (Parquet|Arrow): reading it takes more than \d+ (s|MB), which none of its size needs: it is damaged\.$/,
    );
  });
  await Promise.all(refused);
  assert.deepEqual(readers(), []);
});

test("values stay what they are: dates, whole numbers of 64 bits, bytes", async () => {
  const columns = { day: [new Date(0), new Date(86_400_000)], count: [2n ** 60n, -1n], text: ["a", "b"] };
  const types = { day: dateDay(), count: int64() };
  const file = join(folder, "values.arrow");
  writeFileSync(file, tableToIPC(tableFromArrays(columns, { types }), { format: "file" }) ?? new Uint8Array());
  assert.deepEqual(
    (await readTable(file)).rows.map(({ values }) => values),
    columns.text.map((text, i) => ({ day: columns.day[i], count: columns.count[i], text })),
  );
});
