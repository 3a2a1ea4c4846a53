import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { staleKernelWarning } from "#src/display/kernel.js";
import { domainFromTable } from "#src/domains/from-table.js";
import { projectPath } from "#src/files/project.js";
import { textOf } from "./documents.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-messages-"));
after(() => rmSync(folder, { recursive: true, force: true }));

interface SetUp {
  checkNode(version: string): void;
  explainInstall(output: string): string;
}
const setUp: SetUp = await import(pathToFileURL(projectPath("environment", "setup.mjs")).href);

/** First column of the table of failures. */
const listed = [...textOf("environment/TROUBLE.md").matchAll(/^\| `(.+?)` \| [A-Z`]/gm)]
  .map(([, message]) => message)
  .filter((message) => message.includes(" "));

async function failureOf(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("this was to fail");
}

function signmix(...args: string[]): string {
  const main = projectPath("dist", "cli", "main.js");
  return spawnSync(process.execPath, [main, ...args], { encoding: "utf8" }).stderr;
}

/** The messages as the program gives them; of those that no test can provoke, the text in the source. */
async function messages(): Promise<string[]> {
  const table = path.join(folder, "remarks.csv");
  writeFileSync(table, "remark,verdict\nfine,yes\nbad\n");
  for (const [name, encoder] of [
    ["one", "tiny-bert"],
    ["two", "other-bert"],
  ]) {
    cpSync(projectPath("test", "fixtures", "reference", "peft", "lora_a"), path.join(folder, name), {
      recursive: true,
    });
    const file = path.join(folder, name, "adapter_config.json");
    writeFileSync(file, readFileSync(file, "utf8").replace("tiny-bert", encoder));
  }
  const source = (...place: string[]) => readFileSync(projectPath(...place), "utf8");
  return [
    await failureOf(() => setUp.checkNode("18.20.4")),
    setUp.explainInstall("npm error code ENOTFOUND"),
    staleKernelWarning,
    await failureOf(() => domainFromTable(table, { text: "remark", label: "verdict" })),
    signmix("info", folder),
    signmix("fsd", path.join(folder, "one"), path.join(folder, "two")),
    source("environment", "lab.mjs"),
    source("src", "engine", "tensorflow.ts"),
  ];
}

/** Messages of other programs or of a network that is away: seen, and not provoked here. */
const seen = [/^Cannot find module '\.\.\/dist\/index\.js'/, /^Cannot get "mnli" from the hub/];

test("the failures that the page lists have the messages that the program gives", async () => {
  assert.equal(listed.length, 10);
  const given = await messages();
  for (const message of listed) {
    if (seen.some((pattern) => pattern.test(message))) continue;
    assert.ok(
      given.some((text) => text.includes(message)),
      message,
    );
  }
});
