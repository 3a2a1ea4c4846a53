import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import type { Command } from "#src/cli/command.js";
import { commands } from "#src/cli/commands.js";
import { reproduceOptions } from "#src/cli/reproduce-options.js";
import { projectPath } from "#src/files/project.js";
import { accidentIn } from "../documents/accidents.js";

/*
 * Each command with wrong files in each place, and each of its options with wrong values: whatever is refused is refused
 * in words of our own. What is accepted may run.
 */

const folder = mkdtempSync(path.join(tmpdir(), "signmix-cli-messages-"));
const home = process.cwd();
before(() => process.chdir(folder));
after(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});
const at = (...parts: string[]) => path.join(folder, ...parts);
const lora = (name: string) => projectPath("test", "fixtures", "reference", "peft", name);

/** Files and folders that are not what a command takes them for. */
function writeHostile(): string[] {
  cpSync(lora("lora_a"), at("a"), { recursive: true });
  cpSync(lora("lora_b"), at("b"), { recursive: true });
  const rows = Array.from({ length: 40 }, (_, i) => `text ${i} is ${i % 2 ? "good" : "bad"},${i % 2 ? "pos" : "neg"}`);
  writeFileSync(at("t.csv"), `text,label\n${rows.join("\n")}\n`);
  mkdirSync(at("folder"));
  symlinkSync("nothing", at("dangling.csv"));
  const files: Record<string, string | Uint8Array> = {
    "empty.csv": "",
    "null.json": "null",
    "page.csv": "<!doctype html><html></html>",
    "bytes.csv": Uint8Array.of(0, 1, 2, 255, 254),
    "deep.json": "[".repeat(1e5),
    "torn.parquet": "PAR1aaaaaaaaaaaaPAR1",
    "torn.xlsx": "PK\x03\x04aaa",
    "torn.arrow": "ARROW1\0\0aaaaaaa",
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(at(name), content);
  const configs: Record<string, string> = {
    null: "null",
    list: "[]",
    page: "<html>",
    types:
      '{"peft_type":"LORA","r":"x","lora_alpha":null,"target_modules":5,"task_type":[],"base_model_name_or_path":7}',
    hub: '{"config":{"mh_adapter":1},"model_type":3,"hidden_size":"x"}',
  };
  for (const [name, config] of Object.entries(configs)) {
    cpSync(lora("lora_a"), at(`config-${name}`), { recursive: true });
    writeFileSync(at(`config-${name}`, "adapter_config.json"), config);
  }
  for (const [name, card, row] of [
    ["domain-null", "null", "null"],
    ["domain-types", '{"labels":7,"name":null}', '{"text":5,"label":null}'],
  ]) {
    mkdirSync(at(name));
    writeFileSync(at(name, "card.json"), card);
    for (const split of ["train", "dev", "test"]) writeFileSync(at(name, `${split}.jsonl`), `${row}\n`);
  }
  return ["nowhere/x.csv", ...readdirSync(folder).filter((name) => !["a", "b", "t.csv"].includes(name))];
}

/** A sound command line of each command, without the option that is tried. */
const sound: Record<string, string[]> = {
  "new-domain": ["t.csv", "--out", "new"],
  train: ["t.csv", "--out", "trained"],
  evaluate: ["a", "t.csv"],
  advise: ["a", "b", "--data", "t.csv", "--data", "t.csv"],
  info: ["a"],
  fsd: ["a", "b"],
  mix: ["a", "b", "--out", "mixed"],
  prune: ["a", "--sparsity", "0.5", "--out", "pruned"],
  results: ["check", "--profile", "smoke"],
  study: ["plan", "--profile", "smoke"],
  submit: ["slurm"],
};

const wrongValues = ["", "abc", "NaN", "-1", "1e12", "99999999999999999999", "null", "nowhere/x", "a,b,,"];

async function commandsOf(): Promise<(Command & { name: string })[]> {
  return Promise.all(commands.map(async ({ name, load }) => ({ ...(await load()), name })));
}

/** What a command says when it fails; "" where it does not. */
async function failureOf(command: Command, args: string[]): Promise<string> {
  for (const name of ["new", "trained", "mixed", "pruned"]) rmSync(at(name), { recursive: true, force: true });
  let said = "";
  const err = (text: string) => {
    said += text;
  };
  const output = { out: () => {}, err, progress: () => {}, width: 100 };
  try {
    return (await command.run(args, output)) ? said : "";
  } catch (error) {
    return `${(error as Error).constructor.name}: ${(error as Error).message}`;
  }
}

test("no command answers a wrong file or value in words of JavaScript or of a library", async () => {
  const hostile = writeHostile();
  const found: string[] = [];
  let [tried, refused] = [0, 0];
  for (const command of await commandsOf()) {
    const base = sound[command.name];
    if (base === undefined) continue;
    const places = base.flatMap((word, i) => (["a", "b", "t.csv"].includes(word) ? [i] : []));
    const lines = places.flatMap((place) => hostile.map((file) => base.map((word, i) => (i === place ? file : word))));
    const options = new Set([...command.help.matchAll(/--([a-z][a-z-]*)/g)].map(([, name]) => name));
    // training and testing take a second each where a value is sound after all
    const costly = ["train", "advise", "evaluate"].includes(command.name);
    const values = costly ? wrongValues.slice(0, 6) : wrongValues;
    for (const option of options) {
      if (["help", "json", "force", "hub", ...(costly ? ["name", "seed", "language"] : [])].includes(option)) continue;
      for (const value of values) lines.push([...base, `--${option}`, value]);
    }
    for (const line of lines) {
      const failure = await failureOf(command, line);
      tried++;
      if (failure !== "") refused++;
      const accident = accidentIn(failure);
      if (accident !== undefined) found.push(`${command.name} ${line.join(" ")}: ${failure.slice(0, 200)}`);
    }
  }
  assert.deepEqual(found, []);
  assert.ok(tried > 500 && refused > 300, `${refused} of ${tried} were refused`);
});

test("numbers beyond every machine are refused by a stated limit", () => {
  const options =
    (...args: string[]) =>
    () =>
      reproduceOptions(args);
  assert.throws(options("--workers", "1000000000"), /--workers takes a whole number, 1 or more and at most 1024/);
  assert.throws(options("--memory", "1e9"), /--memory takes a whole number/);
  // a timer of that length would end at once
  assert.throws(options("--time-limit", "1e9"), /--time-limit takes a number of minutes above 0, at most 35000/);
  assert.equal(reproduceOptions(["--time-limit", "35000"])?.secondsPerCell, 35_000 * 60);
});
