import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { stringify } from "csv-stringify/sync";
import { importAdapter } from "#src/adapters/folder.js";
import { readLossLines } from "#src/chapters/conflict/foretold-loss.js";
import { asFlags } from "#src/cli/own-domain.js";
import { classroomDomain } from "#src/domains/classroom/generate.js";
import { projectPath } from "#src/files/project.js";

const main = projectPath("dist", "cli", "main.js");
const folder = mkdtempSync(path.join(tmpdir(), "signmix-own-commands-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => path.join(folder, ...names);

function signmix(...args: string[]) {
  const env = { ...process.env, SIGNMIX_CACHE: at("cache"), HF_HUB_OFFLINE: "1", HF_HUB_CACHE: at("none") };
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: "utf8", env });
  return { status, stdout, stderr };
}

function json(...args: string[]) {
  const { status, stdout, stderr } = signmix(...args, "--json");
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

/** A semicolon table with columns of other names than usual. */
function table(name: string, like: string): string {
  const { train, labels } = classroomDomain(like, { train: 240, dev: 0, test: 0 });
  const rows = train.map(({ text, label }) => [text, labels[label]]);
  const file = at(`${name}.csv`);
  writeFileSync(file, stringify([["remark", "verdict"], ...rows], { delimiter: ";" }));
  return file;
}

const columns = ["--text", "remark", "--label", "verdict"];

test("each help fits a screen of 30 lines and 100 columns, and names the options of tables", () => {
  for (const name of ["new-domain", "train", "evaluate", "advise"]) {
    const { status, stdout } = signmix(name, "--help");
    assert.equal(status, 0);
    const lines = stdout.split("\n");
    assert.ok(lines.length <= 30, `${name} has ${lines.length} lines`);
    for (const line of lines) assert.ok(line.length <= 100, `${name}: ${line}`);
    for (const option of ["--encoder", "--json", "--delimiter", "--unlabelled"]) assert.ok(stdout.includes(option));
  }
});

test("misuse ends with 2, failure with 1, and the nearest name is said", () => {
  const film = table("misused", "sst2");
  const cases: [number, RegExp, string[]][] = [
    [2, /Say where to write the adapter: --out FOLDER/, ["train", film]],
    [2, /Name one table or domain/, ["train", "--out", at("x")]],
    [2, /Unknown option '--stesp'\. Did you mean --steps\?/, ["train", film, "--out", at("x"), "--stesp", "3"]],
    [
      2,
      /--method is one of .*, not "pfeifer"; the nearest is "pfeiffer"/,
      ["train", film, "--out", at("x"), "--method", "pfeifer"],
    ],
    [2, /--rank belongs to lora/, ["train", film, "--out", at("x"), "--rank", "4"]],
    [2, /PEFT has no pfeiffer adapters: --method lora/, ["train", film, "--out", at("x"), "--format", "peft"]],
    [
      2,
      /--steps takes a whole number, 1 or more, not "0"/,
      ["train", film, ...columns, "--out", at("x"), "--steps", "0"],
    ],
    [1, /the nearest domain is "sst2"/, ["train", "sst22", "--out", at("x")]],
    [1, /has no column "text"; its columns are remark, verdict/, ["train", film, "--out", at("x")]],
    [2, /--header is one of yes, no, not "maybe"/, ["new-domain", film, "--out", at("x"), "--header", "maybe"]],
    [2, /Name an adapter's folder, and one table/, ["evaluate", at("x")]],
    [2, /ends in \.csv or \.jsonl/, ["evaluate", at("x"), film, "--predictions", "p.txt"]],
    [2, /--rows is one of .*, not "tset"; the nearest is "test"/, ["evaluate", at("x"), film, "--rows", "tset"]],
    [1, /There is no folder/, ["advise", at("x"), at("y")]],
    [2, /--margin takes points above 0/, ["advise", at("x"), at("y"), "--margin", "0"]],
  ];
  for (const [status, message, args] of cases) {
    const result = signmix(...args);
    assert.match(result.stderr, message, args.join(" "));
    assert.equal(result.status, status, args.join(" "));
  }
  assert.ok(!existsSync(at("x")));
});

test("messages of the library speak of the command's options", () => {
  const said = asFlags(
    'Pass malformedRows: "report", unlabelled: "drop", encoding: "…", header: true, columns: ["text", "label"].',
  );
  assert.equal(
    said,
    "Pass --malformed report, --unlabelled drop, --encoding NAME, --header yes, --columns text,label.",
  );
});

describe("from two tables to a verdict", () => {
  const tables: Record<string, string> = {};
  before(() => {
    for (const [name, like] of Object.entries({ film: "sst2", chat: "tweets" })) tables[name] = table(name, like);
  });

  test("train says which encoder it takes, what the floors are, and writes an adapter with a card", () => {
    const { status, stdout, stderr } = signmix("train", tables.film, ...columns, "--steps", "6", "--out", at("film"));
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^Encoder: signmix-mini \(4 layers of width 192\), the best at hand\./);
    assert.match(stdout, /separated by semicolons/);
    assert.match(stdout, /the most frequent label .* bag of words/);
    assert.match(stderr, /step 6 of 6/);
    const { adapter, head } = importAdapter(at("film"));
    assert.equal(adapter.seed, 1);
    assert.equal(adapter.base.encoder, "signmix-mini");
    assert.deepEqual(head?.labels, ["negative", "positive"]);
    const card = readFileSync(at("film", "README.md"), "utf8");
    assert.match(card, /^base_model: "signmix-mini"$/m);
    assert.match(card, /film\.csv/);
    assert.ok(!card.includes(folder), "a card names no folder of this machine");
  });

  test("the same training is read, and JSON has the numbers", () => {
    const first = json("train", tables.chat, ...columns, "--steps", "6", "--out", at("chat"));
    assert.equal(first.kept, false);
    assert.equal(first.curve.length, 6);
    assert.equal(typeof first.beatsBagOfWords, "boolean");
    const again = json("train", tables.chat, ...columns, "--steps", "6", "--out", at("chat-again"));
    assert.equal(again.kept, true);
    assert.deepEqual(importAdapter(at("chat-again")).adapter.tensors, importAdapter(at("chat")).adapter.tensors);
  });

  test("evaluate tests on the rows that training kept back, and writes the predictions", () => {
    const file = at("predictions.jsonl");
    const result = json("evaluate", at("film"), tables.film, ...columns, "--predictions", file);
    const rows = readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(result.rows, rows.length);
    assert.equal(result.rows, 49);
    const right = rows.filter((row) => row.right).length;
    assert.ok(Math.abs(result.accuracy.effect - right / rows.length) < 1e-12);
    assert.equal(
      result.confusion.flat().reduce((sum: number, count: number) => sum + count),
      rows.length,
    );
    const all = json("evaluate", at("film"), tables.film, ...columns, "--rows", "all");
    assert.equal(all.rows, 240);
    const other = signmix("evaluate", at("film"), tables.chat, ...columns);
    assert.equal(other.status, 1);
    assert.match(other.stderr, /has the label "hate"; known are negative, positive/);
    const renamed = json("evaluate", at("film"), tables.chat, ...columns, "--labels", "hate,not-hate");
    assert.ok(renamed.rows >= 48 && renamed.rows <= 49);
  });

  test("advise prices, tests, and writes the set where it may be mixed", () => {
    const data = ["--data", `chat=${tables.chat}`, "--data", `film=${tables.film}`, ...columns];
    const both = [at("film"), at("chat")];
    const priced = json("advise", ...both, ...data, "--dry-run");
    assert.equal(priced.price.texts, 48 * 3);
    const wide = json("advise", ...both, ...data, "--margin", "95", "--out", at("mixed"));
    assert.equal(wide.pairs[0].verdict, "mix");
    assert.equal(wide.out, at("mixed"));
    assert.equal(importAdapter(at("mixed")).adapter.name, "mixed");
    const tested = json("evaluate", at("mixed"), tables.film, ...columns, "--head", at("film"));
    assert.equal(tested.rows, 49);
    const narrow = signmix("advise", ...both, ...data, "--margin", "0.1", "--out", at("none"));
    assert.equal(narrow.status, 0, narrow.stderr);
    assert.match(narrow.stdout, /points lost/);
    assert.match(narrow.stderr, /texts at/);
    const wrong = signmix("advise", ...both, "--data", `flim=${tables.film}`);
    assert.match(wrong.stderr, /No adapter is called "flim"; the nearest is "film"/);
    assert.match(
      signmix("advise", ...both, "--data", tables.film).stderr,
      /2 adapters and 1 tables: give one for each/,
    );
  });

  test("advise without rows gives no verdict, and needs no encoder", () => {
    const { status, stdout } = signmix("advise", at("film"), at("chat"));
    assert.equal(status, 0);
    assert.doesNotMatch(stdout, /^Encoder/);
    assert.match(stdout, /No verdict: nothing was tested/);
    const error = readLossLines().lines[0].error.toFixed(1);
    const told = stdout.replace(/\s+/g, " ");
    assert.ok(told.includes("Foretold by FSD weighted by size, not tested: each loses "));
    assert.ok(told.includes(`it errs by ${error} points on average`));
    const [pair] = json("advise", at("film"), at("chat")).pairs;
    assert.equal(pair.signs.foretold.by, "FSD weighted by size");
    assert.equal(pair.signs.foretold.error, readLossLines().lines[0].error);
    const [points] = pair.signs.foretold.points;
    assert.ok(told.includes(points.toFixed(1)));
  });

  test("new-domain writes a folder that takes the table's place, with the same rows", () => {
    const made = json("new-domain", tables.film, ...columns, "--out", at("domains", "film"), "--license", "mit");
    assert.equal(made.splits.length, 3);
    const card = JSON.parse(readFileSync(at("domains", "film", "card.json"), "utf8"));
    assert.equal(card.license, "mit");
    const fromFolder = json("evaluate", at("film"), at("domains", "film"));
    const fromTable = json("evaluate", at("film"), tables.film, ...columns);
    assert.deepEqual(fromFolder.confusion, fromTable.confusion);
  });
});
