import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { estimateLine, hasStored, reproduce, targetOf } from "#src/cli/reproduce.js";
import { planNotebooks, reproduceOptions } from "#src/cli/reproduce-options.js";
import { projectPath } from "#src/files/project.js";
import { readFailure } from "#src/runner/cell-failure.js";
import { readNotebook, writeNotebook } from "#src/runner/notebook.js";

const fixtures = projectPath("test", "fixtures", "notebooks");
const folder = mkdtempSync(path.join(tmpdir(), "signmix-plan-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const small = readNotebook(path.join(fixtures, "small.ipynb"));
for (const name of ["00-tour", "01-train"]) {
  const minutes = name === "00-tour" ? { smoke: 1, classroom: 2.4 } : { smoke: 2 };
  writeNotebook(path.join(folder, `${name}.ipynb`), { ...small, metadata: { signmix: { minutes } } });
}

function plan(...args: string[]) {
  const options = reproduceOptions(args);
  assert.ok(options);
  return { options, planned: planNotebooks(folder, options) };
}

test("flags choose notebooks and give parameters their kinds", () => {
  const { planned } = plan("--profile", "classroom", "--only", "00", "-p", "points=5", "--fresh", "--backend", "wasm");
  assert.deepEqual(
    planned.map((one) => one.name),
    ["00-tour.ipynb"],
  );
  // The notebook has no parameter `backend`, so that flag passes it by.
  assert.deepEqual(planned[0].parameters, { profile: "classroom", points: 5, fresh: true });
});

test("the encoder goes to the notebooks, the hub is named as data, and a dry run prices the stages", async () => {
  const options = reproduceOptions(["--profile", "compact", "--encoder", "org/some-encoder", "--data", "hub"]);
  assert.equal(options?.flags.encoder, "org/some-encoder");
  assert.equal(options?.flags.data, "hub");
  const lines: string[] = [];
  assert.equal(await reproduce(["--profile", "compact", "--dry-run"], (line) => lines.push(line), folder), 0);
  const text = lines.join("\n");
  assert.match(text, /stage +computes +adapters +steps +tests +texts read +core hours\n/);
  assert.match(text, /\ngrid +every domain from every start for every length +113 +42800 /);
  assert.match(text, /\nall .* \d+\.\d\n\nRates of one core: [\d.]+ s a step, [\d.]+ s a text/);
});

test("a value equal to its default is not injected", () => {
  const { planned } = plan("--profile", "smoke", "-p", "points=3");
  assert.deepEqual(
    planned.map((one) => one.parameters),
    [{}, {}],
  );
});

test("mistakes on the command line are one clear sentence", () => {
  assert.throws(
    () => plan("--profile", "huge"),
    /There is no profile "huge"; there are classroom, compact, compact-three-layers, paper, smoke \(--profile NAME\)/,
  );
  assert.throws(() => plan("--backend", "gpu"), /There is no backend "gpu"; the nearest is "cpu" \(of onnx, /);
  assert.throws(
    () => plan("--only", "77"),
    /No notebook's name holds "77": the notebooks are 00-tour\.ipynb, 01-train\.ipynb/,
  );
  assert.throws(
    () => plan("-p", "sead=1"),
    /No notebook has a parameter sead; .*a profile of your own: see environment\/CHANGE-ONE-THING\.md#a-setting/,
  );
  assert.throws(() => plan("-p", "points"), /-p takes NAME=VALUE/);
  assert.throws(() => plan("-p", "points=many"), /Parameter points is a number/);
  assert.throws(() => plan("--data", path.join(folder, "nowhere")), /There is no folder .*nowhere/);
  assert.throws(() => plan("--time-limit", "0"), /--time-limit takes a number of minutes/);
  assert.throws(() => reproduceOptions(["--frsh"]), /Unknown option '--frsh'/);
  assert.equal(reproduceOptions(["--help"]), undefined);
});

test("a shard takes the place of the notebooks, and what only notebooks have is refused beside it", () => {
  assert.deepEqual(reproduceOptions(["--shard", "2/4"])?.shard, { index: 2, of: 4 });
  assert.throws(() => reproduceOptions(["--shard", "5/4"]), /--shard takes a part/);
  assert.throws(() => reproduceOptions(["--shard", "1/4", "--fresh"]), /--fresh has no meaning beside it/);
  assert.throws(() => reproduceOptions(["--shard", "1/4", "-p", "seed=3"]), /-p has no meaning beside it/);
});

test("the first line tells the minutes, as far as the notebooks say them", () => {
  assert.equal(
    estimateLine(plan("--profile", "smoke").planned, "smoke"),
    "2 notebooks at profile smoke: about 3 minutes on two cores",
  );
  assert.match(estimateLine(plan().planned, "classroom"), /about 2 minutes on two cores \(1 without an estimate\)/);
  assert.match(
    estimateLine(plan().planned, "classroom", true),
    /: up to 3 minutes, since results are stored; about 2 minutes on two cores from nothing/,
  );
  assert.match(estimateLine(plan("--profile", "paper").planned, "paper"), /time unknown \(no estimate\)/);
});

test("results are said to be stored only where what is asked for is theirs", () => {
  assert.equal(hasStored(plan().options), true);
  for (const flags of [["--fresh"], ["--domains", "sst2,rte"], ["--encoder", folder], ["--data", folder]]) {
    assert.equal(hasStored(plan(...flags).options), false, flags.join(" "));
  }
  assert.equal(hasStored(plan("--profile", "paper").options), false);
});

test("a committed notebook is overwritten only by a whole run at its own settings", () => {
  const { options, planned } = plan("--profile", "classroom");
  const asWritten = { ...planned[0], parameters: {} };
  assert.equal(targetOf(asWritten, options, true), asWritten.file);
  assert.match(targetOf(asWritten, options, false), /\.cache.notebooks.classroom.00-tour\.ipynb$/);
  assert.match(targetOf({ ...asWritten, parameters: { fresh: true } }, options, true), /\.cache/);
  const smoke = plan("--profile", "smoke");
  assert.match(targetOf(smoke.planned[0], smoke.options, true), /\.cache.notebooks.smoke/);
});

test("an error's traceback is read: reason, causes, and the line of the cell that failed", () => {
  const error = { ename: "Error", evalue: "outer\nof two lines" };
  const traceback = [
    "Error: outer",
    "of two lines",
    "  cell 3:5:15 in f",
    "    5 |   throw new Error(",
    "  cell 7:2:1",
    "    2 | f()",
    "caused by TypeError: inner",
    "  cell 3:1:1",
  ];
  const reason = "Error: outer of two lines (because: TypeError: inner)";
  assert.deepEqual(readFailure({ ...error, traceback }, 7), { reason, line: 2 });
  assert.deepEqual(readFailure({ ...error, traceback }, 8), { reason });
  assert.deepEqual(readFailure({ ename: "Thrown", evalue: "", traceback: [] }, 1), { reason: "Thrown" });
});
