import assert from "node:assert/strict";
import { test } from "node:test";
import { formatColumn } from "#src/display/number-format.js";
import { describe, isTable, table, tableContent } from "#src/display/table.js";
import { htmlTable, textTable } from "#src/display/table-print.js";

const rows = [
  { domain: "sst2", accuracy: 0.9, k: 1 },
  { domain: "<b>rte</b>", accuracy: 0.6, k: 2 },
];

test("table makes an arquero table whose verbs work", () => {
  const content = tableContent(table(rows).orderby("accuracy"));
  assert.deepEqual(content.columns, ["domain", "accuracy", "k"]);
  assert.deepEqual(content.cells[0], ["<b>rte</b>", 0.6, 2]);
  assert.throws(() => table([]), /no row/);
});

test("describe gives danfojs' statistics of the numeric columns, named by its index", () => {
  const content = tableContent(describe(rows));
  assert.deepEqual(content.columns, ["", "accuracy", "k"]);
  const statistics = new Map(content.cells.map(([name, accuracy, k]) => [name, [accuracy, k]]));
  assert.deepEqual(statistics.get("count"), [2, 2]);
  assert.deepEqual(statistics.get("mean"), [0.75, 1.5]);
  assert.deepEqual(statistics.get("max"), [0.9, 2]);
  assert.throws(() => describe([{ name: "a" }]), /no column holds numbers alone/);
});

test("columns that the first row lacks are kept, and what is missing does not count", () => {
  const uneven = [
    { name: "a", accuracy: 0.5 },
    { name: "b", accuracy: null, fsd: 0.1 },
    { name: "c", accuracy: 0.7, fsd: Number.NaN },
    { name: "d", accuracy: 0.9, fsd: 0.3, mixed: "x" },
  ];
  assert.deepEqual(tableContent(table(uneven)).columns, ["name", "accuracy", "fsd", "mixed"]);
  const content = tableContent(describe(uneven));
  assert.deepEqual(content.columns, ["", "accuracy", "fsd"]);
  const statistics = new Map(content.cells.map(([name, ...values]) => [name, values as number[]]));
  assert.deepEqual(statistics.get("count"), [3, 2]);
  assert.ok(Math.abs((statistics.get("mean") as number[])[0] - 0.7) < 1e-12);
  assert.deepEqual(statistics.get("median"), [0.7, 0.2]);
});

test("loading danfojs leaves the TensorFlow.js engine and its backend alone", async () => {
  const tf = await import("@tensorflow/tfjs");
  await tf.setBackend("cpu");
  const engine = tf.engine();
  describe(rows);
  assert.equal(tf.getBackend(), "cpu");
  assert.equal(tf.engine(), engine);
  assert.equal(tf.memory().numTensors, 0);
});

test("HTML cells and names are escaped, numbers stand at the right", () => {
  const html = htmlTable({ columns: ["a<b", "n"], cells: [["<script>\"&'", 1.5]] }, 10, "<i>");
  assert.match(html, /a&lt;b/);
  assert.match(html, /<td style="text-align:left">&lt;script&gt;&quot;&amp;&#39;<\/td>/);
  assert.match(html, /<td style="text-align:right">1\.500<\/td>/);
  assert.match(html, /<caption[^>]*>&lt;i&gt;<\/caption>/);
});

test("the text twin is aligned and says how many rows it leaves out", () => {
  const text = textTable(tableContent(rows.concat(rows)), 2);
  assert.equal(
    text,
    [
      "domain      accuracy  k", //
      "----------  --------  -",
      "sst2           0.900  1",
      "<b>rte</b>     0.600  2",
      "… and 2 more rows",
    ].join("\n"),
  );
});

test("a column's numbers get equally many digits, missing ones a dash", () => {
  assert.deepEqual(formatColumn([1, 20]), ["1", "20"]);
  assert.deepEqual(formatColumn([0.5, Number.NaN, null]), ["0.500", "–", ""]);
  assert.deepEqual(formatColumn([0.00123, 0.000045]), ["0.00123", "0.0000450"]);
  assert.deepEqual(formatColumn([1234.5, 2]), ["1234.5", "2.0"]);
});

test("isTable tells tables from figures", () => {
  assert.ok(isTable(rows) && isTable(table(rows)) && isTable(describe(rows)));
  assert.ok(!isTable({ data: [], layout: {} }) && !isTable("text") && !isTable([1, 2]));
});
