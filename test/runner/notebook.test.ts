import assert from "node:assert/strict";
import { test } from "node:test";
import { request } from "#src/kernel/wire.js";
import { type Cell, type Notebook, notebookText, parseNotebook } from "#src/runner/notebook.js";
import { createOutputKeeper } from "#src/runner/outputs.js";
import { declaredParameters, injectParameters, parseParameter } from "#src/runner/parameters.js";

function code(source: string, tags: string[] = []): Cell {
  return { id: source.slice(0, 4), type: "code", source, metadata: { tags }, outputs: [], executionCount: null };
}

const parameterCell = `const profile = "smoke"; // one of four
let data: string | undefined = undefined;
const fresh = false;
const seed = 3;
const domains: string[] = ["sst2"];
function helper() {}`;

const notebook: Notebook = { cells: [code(parameterCell, ["parameters"]), code("profile")], metadata: {} };

test("a notebook is written as Jupyter writes it, and read back equal", () => {
  const cell = code("const a = 1;\nconsole.log(a);");
  cell.outputs = [
    { output_type: "stream", name: "stdout", text: "1\nlast" },
    {
      output_type: "display_data",
      metadata: {},
      data: { "text/html": "<b>\nx", "application/vnd.plotly.v1+json": { data: [] } },
    },
    { output_type: "error", ename: "E", evalue: "v", traceback: [] },
  ];
  const text = notebookText({ cells: [{ ...code("# Title"), type: "markdown" }, cell], metadata: { kernelspec: {} } });
  const stored = JSON.parse(text);
  assert.equal(stored.nbformat_minor, 5);
  assert.deepEqual(stored.cells[1].source, ["const a = 1;\n", "console.log(a);"]);
  assert.deepEqual(stored.cells[1].outputs[0].text, ["1\n", "last"]);
  assert.deepEqual(stored.cells[1].outputs[1].data["text/html"], ["<b>\n", "x"]);
  assert.deepEqual(stored.cells[1].outputs[1].data["application/vnd.plotly.v1+json"], { data: [] });
  assert.ok(!("outputs" in stored.cells[0]) && text.endsWith("\n}\n") && text.startsWith('{\n "cells"'));
  assert.equal(notebookText(parseNotebook(text, "x.ipynb")), text);
});

test("what is no notebook is refused by name", () => {
  assert.throws(() => parseNotebook("{", "half.ipynb"), /half\.ipynb is not JSON/);
  assert.throws(
    () => parseNotebook('{"nbformat": 3, "worksheets": []}', "old.ipynb"),
    /old\.ipynb is not a notebook of nbformat 4/,
  );
});

test("parameters are read with their kinds", () => {
  const kinds = declaredParameters(notebook).map(({ name, kind }) => [name, kind]);
  assert.deepEqual(kinds, [
    ["profile", "string"],
    ["data", "string"],
    ["fresh", "boolean"],
    ["seed", "number"],
    ["domains", "list"],
  ]);
  const [profile, , fresh, seed, domains] = declaredParameters(notebook);
  assert.equal(profile.default, '"smoke"');
  assert.equal(parseParameter(seed, "4"), 4);
  assert.equal(parseParameter(fresh, "true"), true);
  assert.deepEqual(parseParameter(domains, "sst2, rte"), ["sst2", "rte"]);
  assert.deepEqual(parseParameter(domains, "1,2"), [1, 2]);
  assert.throws(() => parseParameter(seed, "many"), /Parameter seed is a number, not "many"/);
  assert.throws(() => parseParameter(fresh, "1"), /fresh is true or false/);
});

test("values are injected after the parameters cell, once", () => {
  const once = injectParameters(notebook, { profile: 'a"b', seed: 4 });
  assert.equal(once.cells[1].source, '// Parameters\nconst profile = "a\\"b";\nconst seed = 4;');
  assert.deepEqual(once.cells[1].metadata.tags, ["injected-parameters"]);
  assert.equal(injectParameters(once, { seed: 5 }).cells.length, 3);
  assert.deepEqual(injectParameters(once, {}).cells, notebook.cells);
  assert.throws(() => injectParameters(notebook, { sead: 1 }), /no parameter sead: choose among profile, data, fresh/);
});

test("outputs are kept as front ends do: streams join, displays are replaced, carriage returns overwrite", () => {
  const keeper = createOutputKeeper();
  const first: Cell["outputs"] = [];
  const second: Cell["outputs"] = [];
  const send = (type: string, content: Record<string, unknown>, outputs = first) =>
    keeper.receive({ ...request(type, content, "s") }, outputs);
  const display = (text: string) => ({ data: { "text/plain": text }, metadata: {}, transient: { display_id: "d" } });
  send("stream", { name: "stdout", text: "a" });
  send("stream", { name: "stdout", text: "b\n10%\r20%\n" });
  send("display_data", display("1 of 2"));
  send("stream", { name: "stderr", text: "!" });
  send("update_display_data", display("2 of 2"), second);
  assert.deepEqual(first, [
    { output_type: "stream", name: "stdout", text: "ab\n20%\n" },
    { output_type: "display_data", data: { "text/plain": "2 of 2" }, metadata: {} },
    { output_type: "stream", name: "stderr", text: "!" },
  ]);
  assert.deepEqual(second, []);
  send("clear_output", { wait: true });
  send("stream", { name: "stdout", text: "new" });
  assert.deepEqual(first, [{ output_type: "stream", name: "stdout", text: "new" }]);
});
