import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { saveFigure, saveTable } from "#src/study/save-figure.js";
import { figures } from "../figures/figures.js";

const made = {
  profile: "smoke",
  seeds: [1, 2],
  encoder: "signmix-mini",
  data: "/home/somebody/texts",
  backend: "cpu",
  moduleHash: "abc",
};

test("figure, table and manifest are written whole, to equal bytes, without a path of this machine", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-figures-"));
  try {
    const write = async () => {
      await saveFigure(figures.line, "02-by-number", made, folder);
      saveTable([{ a: 'x,"y"', b: 0.5 }], "02-a-table", "A table", made, folder);
      const place = path.join(folder, "smoke");
      return readdirSync(place).map((name) => [name, readFileSync(path.join(place, name), "utf8")]);
    };
    const first = await write();
    assert.deepEqual(await write(), first);
    const files = new Map(first as [string, string][]);
    assert.deepEqual([...files.keys()], ["02-a-table.csv", "02-by-number.json", "02-by-number.svg", "manifest.json"]);
    assert.deepEqual(JSON.parse(files.get("02-by-number.json") ?? ""), JSON.parse(JSON.stringify(figures.line)));
    assert.equal(files.get("02-a-table.csv"), 'a,b\n"x,""y""",0.5\n');
    const manifest = JSON.parse(files.get("manifest.json") ?? "");
    assert.deepEqual(Object.keys(manifest), ["02-a-table", "02-by-number"]);
    assert.equal(manifest["02-by-number"].data, "texts");
    assert.deepEqual(manifest["02-by-number"].seeds, [1, 2]);
    assert.match(manifest["02-by-number"].title, /A title/);
    assert.ok(!(files.get("manifest.json") ?? "").includes("/home"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("an id that is no file name is refused", async () => {
  await assert.rejects(saveFigure(figures.line, "../x", made, tmpdir()), /figure id "\.\.\/x" becomes a file name/);
});
