import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { madeFrom, noteResult } from "#src/results/origin.js";
import { recordOf, textIsGenerated } from "#src/study/figure-record.js";
import { figuresFolder, saveFigure, saveTable } from "#src/study/save-figure.js";
import { openStudy, type StudyOptions } from "#src/study/study.js";
import { figures } from "../figures/figures.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-figures-"));
after(() => rmSync(folder, { recursive: true }));

const study = {
  label: "smoke",
  settings: { source: "classroom" as const, start: "shared" as const, schedule: "equal" as const },
  data: "/home/somebody/texts",
  encoder: { name: "/home/somebody/encoders/mine" },
};

/** A made-up stored row of a kind. */
function stored(kind: string, key: string, seed?: number) {
  const settings: Record<string, number> = seed === undefined ? {} : { seed };
  return noteResult({ key, unit: { kind, settings, code: `code of ${kind}` }, row: { ran: "cpu", accuracy: 1 } }).row;
}

const place = path.join(folder, "smoke");
const read = (name: string) => readFileSync(path.join(place, name), "utf8");
const manifest = () => JSON.parse(read("manifest.json"));

test("figure, table and manifest are written whole, to equal bytes, without a path of this machine", async () => {
  const rows = [stored("train", "b", 2), stored("train", "a", 1), stored("evaluate", "c")];
  const write = async () => {
    await saveFigure(study, "02-by-number", madeFrom({ ...figures.line }, rows), { folder });
    saveTable(study, "02-a-table", [{ a: 'x,"y"', b: 0.5 }], "A table", { folder, from: rows.slice(0, 2) });
    return readdirSync(place, { recursive: true, encoding: "utf8" })
      .filter((name) => /\./.test(name))
      .sort()
      .map((name) => [name, read(name)]);
  };
  const first = await write();
  assert.deepEqual(await write(), first);
  assert.equal(read("02-a-table.csv"), 'a,b\n"x,""y""",0.5\n');
  const { "02-by-number": figure, "02-a-table": table, ...others } = manifest();
  assert.deepEqual(others, {});
  assert.deepEqual(figure.seeds, [1, 2]);
  assert.deepEqual([figure.data, figure.encoder, figure.ran], ["real", "mine", ["cpu"]]);
  assert.deepEqual(figure.regime, { start: "shared", schedule: "equal" });
  assert.deepEqual(Object.keys(figure.units), ["evaluate", "train"]);
  assert.equal(figure.units.train.count, 2);
  assert.deepEqual(figure.units.train.code, ["code of train"]);
  assert.equal(read(`units/${figure.units.train.keys}.txt`), "a\nb\n");
  assert.deepEqual(Object.keys(table.units), ["train"], "two things of one study record each its own units");
  assert.ok(!read("manifest.json").includes("/home"));
  assert.match(
    JSON.parse(read("02-by-number.json")).layout.title.text,
    /profile smoke; one start for all.*seeds 1, 2/s,
  );
});

test("a figure of several regimes says so in its subtitle and in the manifest", async () => {
  const drawn = madeFrom({ ...figures.line }, [stored("train", "a", 1)]);
  await saveFigure(study, "05-curve", drawn, { folder, regime: "both regimes" });
  assert.equal(manifest()["05-curve"].regime, "both regimes");
  assert.match(JSON.parse(read("05-curve.json")).layout.title.text, /profile smoke; both regimes; encoder mine/);
});

test("rows that several things share, and what is made of what was made, lead to the same units", async () => {
  const [one, two] = [stored("train", "p", 1), stored("train", "q", 1)];
  const derived = madeFrom({ drop: 1 }, one);
  const shared = madeFrom([{ mean: 1 }, { mean: 2 }], [derived, two]);
  const kept = shared.filter(({ mean }) => mean > 1); // a reader's own list of noted rows
  saveTable(study, "03-first", madeFrom([{ x: 1 }], derived), "First", { folder });
  saveTable(study, "03-second", kept, "Second", { folder });
  assert.equal(read(`units/${manifest()["03-first"].units.train.keys}.txt`), "p\n");
  assert.equal(read(`units/${manifest()["03-second"].units.train.keys}.txt`), "p\nq\n");
});

test("lists of keys that no entry names any more go", () => {
  const table = (key: string) => madeFrom([{ x: 1 }], stored("prune", key));
  saveTable(study, "04-t", table("old"), "T", { folder });
  const { keys } = manifest()["04-t"].units.prune;
  saveTable(study, "04-t", table("new"), "T", { folder });
  assert.ok(!readdirSync(path.join(place, "units")).includes(`${keys}.txt`));
});

test("a saved figure and table show themselves; an id that is no file name, or no known rows, is refused", async () => {
  const method = Symbol.for("Jupyter.display");
  const from = [stored("train", "z", 1)];
  const figure = await saveFigure(study, "05-f", figures.line, { folder, from });
  const bundle = await (figure as unknown as Record<symbol, () => Promise<object>>)[method]();
  assert.deepEqual(Object.keys(bundle), ["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"]);
  const table = saveTable(study, "05-t", [{ a: 1 }], "T", { folder, from });
  assert.match(
    String((table as unknown as Record<symbol, () => Record<string, string>>)[method]()["text/html"]),
    /<td/,
  );
  await assert.rejects(
    saveFigure(study, "../x", figures.line, { folder, from }),
    /figure id "\.\.\/x" becomes a file name/,
  );
  await assert.rejects(saveFigure(study, "05-g", { ...figures.line }, { folder }), /not known from which rows "05-g"/);
});

test("the text of tables that a reader gave is called so, and is not taken for generated", () => {
  const own = { ...study, data: undefined, settings: { ...study.settings, source: "classroom" as const } };
  assert.equal(recordOf(own, []).record.data, "generated");
  assert.equal(recordOf({ ...own, readsOwn: true }, []).record.data, "given");
  assert.ok(textIsGenerated(own));
  assert.ok(!textIsGenerated({ ...own, readsOwn: true }));
});

test("figures of the other regime, and of changed settings, take the place of none that is committed", async () => {
  const open = (options: StudyOptions) => openStudy({ profile: "smoke", quiet: true, ...options });
  const folderOf = async (options: StudyOptions) => (await open(options)).figures;
  assert.equal(await folderOf({ regime: "paper" }), undefined);
  assert.equal(await folderOf({ regime: "controlled" }), path.join(figuresFolder, "controlled"));
  assert.equal(await folderOf({ regime: "paper", set: { seeds: [2] } }), path.join(figuresFolder, "changed"));
});
