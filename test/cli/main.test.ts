import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { adapterHash } from "#src/adapters/adapter.js";
import { createAdapter } from "#src/adapters/create.js";
import { exportAdapter, importAdapter } from "#src/adapters/folder.js";
import { createHead } from "#src/adapters/head.js";
import { createEncoder } from "#src/encoder/encoder.js";
import { mixAdapters } from "#src/mixing/mix.js";
import { pruneAdapter } from "#src/pruning/prune.js";
import { loadSparseAdapter } from "#src/pruning/sparse-file.js";
import { ResultStore } from "#src/results/store.js";
import { fractionOfSignDifference } from "#src/signs/sign-difference.js";
import { sharedFolder } from "../reference/vectors.js";
import { trainedAdapter } from "../signs/small-adapters.js";

const project = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const main = path.join(project, "dist", "cli", "main.js");
const folder = mkdtempSync(path.join(tmpdir(), "signmix-command-"));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);

const adapters = ["one", "two", "three"].map((name) => trainedAdapter("lora", name));
for (const adapter of adapters) exportAdapter(adapter, at(adapter.name), "signmix");
exportAdapter(trainedAdapter("houlsby", "other"), at("other"), "signmix");

const encoder = createEncoder(
  {
    family: "bert",
    vocabSize: 10,
    hiddenSize: 128,
    layers: 4,
    heads: 2,
    intermediateSize: 16,
    maxPositions: 8,
    typeVocabSize: 2,
    layerNormEpsilon: 1e-12,
    padTokenId: 0,
    activation: "gelu",
  },
  { seed: 1 },
);

function signmix(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

test("help goes to standard output, and names every command", () => {
  const { status, stdout, stderr } = signmix("--help");
  assert.equal(status, 0);
  assert.equal(stderr, "");
  for (const command of ["info", "fsd", "mix", "prune"]) {
    assert.match(stdout, new RegExp(`^ {2}${command} `, "m"));
    const own = signmix(command, "--help");
    assert.equal(own.status, 0);
    assert.match(own.stdout, new RegExp(`^signmix ${command} FOLDER`));
  }
  assert.match(stdout, /^ {2}results /m);
  assert.match(signmix("results", "--help").stdout, /^signmix results plan/);
});

test("results: check tells the state of a folder, merge takes rows in, and both say what is wrong", async () => {
  const options = (name: string) => ({ folder: at(name), cache: at(`${name}-cache`) });
  const add = (name: string, value: number) => {
    const store = new ResultStore("smoke", options(name));
    store.add({ kind: "evaluate", settings: { value: 1 }, code: "old" }, { value, ran: "onnx" });
    store.settle("evaluate");
  };
  add("here", 1);
  add("there", 1);
  add("other", 2);
  const place = ["--profile", "smoke", "--results", at("here"), "--cache", at("here-cache")];
  const state = signmix("results", "check", ...place);
  assert.equal(state.status, 0, state.stderr);
  assert.match(state.stdout, /^evaluate +1 +1 +0/m);
  assert.match(state.stderr, /signmix results adopt/);
  assert.match(signmix("results", "times", ...place).stdout, /^Nothing of smoke was computed on this machine\./);
  const store = new ResultStore("smoke", options("here"));
  store.addTime({ kind: "evaluate", settings: { value: 1 }, code: "old" }, 90);
  assert.match(signmix("results", "times", ...place).stdout, /^evaluate +1 +1 +90\.00 +1\.5$/m);
  const merged = signmix("results", "merge", at("there"), ...place);
  assert.equal(merged.status, 0, merged.stderr);
  assert.match(merged.stdout, /^evaluate +0/m);
  const refused = signmix("results", "merge", at("other"), ...place);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /Nothing was merged:\n +evaluate \([0-9a-f]{8}\) has one row in/);
});

test("what npx starts sets up first and ends with the same exit code", () => {
  const entry = path.join(project, JSON.parse(readFileSync(path.join(project, "package.json"), "utf8")).bin.signmix);
  const result = spawnSync(process.execPath, [entry, "blend"], { encoding: "utf8" });
  assert.equal(result.status, 2);
  assert.match(result.stderr, /no command "blend"/);
});

test("misuse ends with 2, failure with 1, and both say why on standard error", () => {
  const cases: [number, RegExp, string[]][] = [
    [2, /Usage: signmix COMMAND/, []],
    [2, /no command "blend"/, ["blend"]],
    [2, /Name an adapter's folder/, ["info"]],
    [2, /Unknown option '--fast'\.\nTry: /, ["info", "--fast"]],
    [2, /Unknown option '--sparsty'\. Did you mean --sparsity\?/, ["prune", at("one"), "--sparsty", "0.5"]],
    [2, /no command "prnue"; the nearest is "prune"/, ["prnue"]],
    [2, /at least 2 adapter folders/, ["fsd", at("one")]],
    [2, /--zeros is one of never, ownSign, bothNonZero, not "some"/, ["fsd", at("one"), at("two"), "--zeros", "some"]],
    [2, /--out FOLDER/, ["mix", at("one"), at("two")]],
    [
      2,
      /2 adapters need 2 coefficients, not 1/,
      ["mix", at("one"), at("two"), "--coefficients", "1", "--out", at("x")],
    ],
    [2, /--sparsity from 0 to 1/, ["prune", at("one"), "--out", at("x")]],
    [2, /--density has no effect on average/, ["mix", at("one"), at("two"), "--density", "0.5", "--out", at("x")]],
    [2, /--rank has no effect without/, ["mix", at("one"), at("two"), "--rank", "2", "--out", at("x")]],
    [2, /sum to zero; --raw-coefficients/, ["mix", at("one"), at("two"), "--coefficients", "1,-1", "--out", at("x")]],
    [2, /check, verify, times, diff, adopt, merge or export, not "burn"/, ["results", "burn"]],
    [2, /--sample takes a whole number/, ["results", "adopt", "--sample", "0"]],
    [2, /Name the folders to merge/, ["results", "merge"]],
    [1, /There is no profile "tiny"/, ["results", "adopt", "--profile", "tiny"]],
    [1, /There are no results at/, ["results", "check", "--results", at("nowhere"), "--cache", at("nowhere")]],
    [1, /holds no rows of the profile "smoke"/, ["results", "merge", at("one"), "--profile", "smoke"]],
    [1, /something at ".*two" already/, ["mix", at("one"), at("two"), "--out", at("two")]],
    [1, /something at ".*one" already/, ["prune", at("one"), "--sparsity", "0.5", "--out", at("one")]],
    [
      1,
      /negative coefficient on both factors/,
      ["mix", at("one"), at("two"), "--coefficients", "-1,2", "--out", at("x")],
    ],
    [1, /holds no adapter/, ["info", folder]],
    [1, /differ in method: "lora" against "houlsby"/, ["fsd", at("one"), at("other")]],
    [1, /differ in method: "lora" against "houlsby"/, ["mix", at("one"), at("other"), "--out", at("x")]],
  ];
  for (const [status, message, args] of cases) {
    const result = signmix(...args);
    assert.equal(result.status, status, `${args.join(" ")}: ${result.stderr}`);
    assert.match(result.stderr, message);
    assert.equal(result.stdout, "");
  }
});

test("info describes adapters, as text and as JSON", () => {
  const text = signmix("info", at("one"), at("other"));
  assert.equal(text.status, 0);
  assert.match(text.stdout, /lora, rank 4, alpha 8, on query, value/);
  assert.match(text.stdout, /houlsby, reduction 4 \(width 4\), swish/);
  assert.match(text.stdout, /^one +lora +\S+ +\d+ +\d/m);
  assert.match(text.stderr, /reading 2 of 2/);
  const [json] = JSON.parse(signmix("info", at("one"), "--json").stdout).adapters;
  assert.equal(json.hash, adapterHash(adapters[0]));
  assert.equal(json.seed, "start");
});

test("fsd gives every pair's numbers, by layer and module, with chance beside them", () => {
  const folders = adapters.map(({ name }) => at(name));
  const { pairs, set } = JSON.parse(signmix("fsd", ...folders, "--json", "--weights", "change").stdout);
  assert.equal(pairs.length, 3);
  const [one, two] = adapters;
  assert.deepEqual(
    pairs[0].difference,
    JSON.parse(JSON.stringify(fractionOfSignDifference(one, two, { weights: "change" }))),
  );
  assert.equal(set.chance, 0.75);
  const { stdout } = signmix("fsd", ...folders, "--space", "product");
  assert.match(stdout, /^pair +FSD +chance +query +value$/m);
  assert.match(stdout, /^1–2 +0\.\d{3} +0\.500 +0\.\d{3} +0\.\d{3}$/m);
  assert.match(stdout, /^layer +1–2 +1–3 +2–3$/m);
  assert.match(stdout, /^FSD +1 +2 +3$/m);
  assert.match(stdout, /^Least opposed +0\.\d{3} +\w+ and \w+$/m);
});

test("fsd compares what can be compared and says why the rest cannot", () => {
  const { status, stdout } = signmix("fsd", at("one"), at("two"), at("other"));
  assert.equal(status, 0);
  assert.match(
    stdout.replaceAll("\n", " "),
    /Not compared: "one" and "other" differ in method: .* So does one pair more/,
  );
  const { notCompared } = JSON.parse(signmix("fsd", at("one"), at("two"), at("other"), "--json").stdout);
  assert.deepEqual(
    notCompared.map(({ a, b }: { a: string; b: string }) => [a, b]),
    [
      ["one", "other"],
      ["two", "other"],
    ],
  );
});

test("folders that cannot be read are named, the others are told of, and the exit code is 1", () => {
  for (const command of ["info", "fsd"]) {
    const { status, stdout } = signmix(command, at("one"), at("nowhere"), at("two"));
    assert.equal(status, 1);
    assert.match(stdout, /There is no folder/);
    assert.match(stdout, /lora, rank 4/);
  }
  const mix = signmix("mix", at("one"), at("nowhere"), "--out", at("x"));
  assert.equal(mix.status, 1);
  assert.match(mix.stderr, /There is no folder ".*nowhere"/);
  assert.ok(!existsSync(at("x")), "a mixture is of all or of none");
});

test("adapters trained apart read about 0.5: the text says what that means, and what was left out", () => {
  for (const seed of [1, 2]) {
    const { seed: _, ...apart } = createAdapter(encoder, { method: "pfeiffer", seed });
    const head = createHead(encoder, ["no", "yes"], { seed });
    exportAdapter({ ...apart, name: `apart${seed}` }, at(`apart${seed}`), "adapterhub", { head });
  }
  const { status, stdout } = signmix("fsd", at("apart1"), at("apart2"), "--matrices-only");
  assert.equal(status, 0);
  assert.match(stdout, /^1–2 +0\.(49|50)\d +0\.500/m);
  const text = stdout.replace(/\s+/g, " ");
  assert.match(text, /The pair lies within 0\.02 of chance\. .* such a value tells of their starts, not of a conflict/);
  assert.match(
    text,
    /Heads are left out \(apart1, 2 classes; apart2, 2 classes\)\. - Biases are left out \(544 numbers/,
  );
  assert.match(text, /Raw weights are compared: it is not known what these adapters started from/);
  assert.ok(stdout.split("\n").every((line) => line.length <= 100));
});

test("mix writes what mixAdapters gives, in any format", () => {
  const [one, two] = adapters;
  for (const format of ["signmix", "adapterhub", "peft"] as const) {
    const out = at(`mixed-${format}`);
    const result = signmix("mix", at("one"), at("two"), "--coefficients", "3,1", "--out", out, "--format", format);
    assert.equal(result.status, 0, result.stderr);
    const expected = mixAdapters([one, two], { coefficients: [3, 1] });
    assert.deepEqual(importAdapter(out).adapter.tensors, expected.tensors);
  }
});

const strategies = ["average", "negate_b", "cat", "ties", "dare", "dare_ties", "magnitude_prune"] as const;

test("every strategy of mix gives what mixAdapters gives", () => {
  strategies.forEach((strategy, i) => {
    const format = (["peft", "adapterhub", "signmix"] as const)[i % 3];
    const args = ["--strategy", strategy, "--out", at(strategy), "--format", format, "--json"];
    const result = signmix("mix", at("one"), at("two"), ...args);
    assert.equal(result.status, 0, result.stderr);
    assert.equal(JSON.parse(result.stdout).strategy, strategy);
    const expected = mixAdapters(adapters.slice(0, 2), { strategy });
    assert.deepEqual(importAdapter(at(strategy)).adapter.tensors, expected.tensors);
  });
});

test("mixtures of every strategy go into every format and come back", () => {
  for (const method of ["houlsby", "pfeiffer", "lora"] as const) {
    const members = ["one", "two"].map((name) => trainedAdapter(method, name));
    for (const strategy of strategies.filter((name) => method === "lora" || !["negate_b", "cat"].includes(name))) {
      const mixture = mixAdapters(members, { strategy });
      for (const format of ["signmix", "adapterhub", "peft"] as const) {
        if (format === "peft" && method !== "lora") continue;
        const out = at(`every/${method}-${strategy}-${format}`);
        exportAdapter(mixture, out, format);
        assert.deepEqual(importAdapter(out).adapter.tensors, mixture.tensors);
      }
    }
  }
});

test("prune writes what pruneAdapter gives, and a compact file", () => {
  const compact = at("compact.safetensors");
  const args = ["prune", at("one"), "--sparsity", "0.8", "--out", at("pruned"), "--compact", compact];
  const result = signmix(...args, "--weights", "change");
  assert.equal(result.status, 0, result.stderr);
  assert.match(result.stdout, /Pruned \d+ of \d+ weights of one/);
  const expected = pruneAdapter(adapters[0], { sparsity: 0.8, weights: "change" }).adapter;
  assert.deepEqual(importAdapter(at("pruned")).adapter.tensors, expected.tensors);
  assert.deepEqual(loadSparseAdapter(compact).tensors, expected.tensors);
});

const reference = sharedFolder("reference/03_adapterhub/bert");
describe("folders that the libraries wrote", { skip: reference.skip }, () => {
  test("heads are named as left out; adapters trained apart read as chance", () => {
    const folders = ["a", "b"].map((seed) => path.join(reference.folder, `lora_r8_${seed}`));
    const { status, stdout } = signmix("fsd", ...folders);
    assert.equal(status, 0);
    const text = stdout.replaceAll("\n", " ");
    assert.match(text, /Heads are left out \(lora_r8_a, 3 classes; lora_r8_b, 3 classes\)/);
    assert.match(text, /such a value tells of their starts/);
    assert.ok(stdout.split("\n").every((line) => line.length <= 100));
  });
});
