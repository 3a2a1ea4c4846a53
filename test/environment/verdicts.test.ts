import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { projectPath } from "#src/files/project.js";

const file = (name: string) => projectPath("environment", "checks", name);
const textOf = (name: string) => readFileSync(file(name), "utf8");
const load = async <T>(name: string) => (await import(pathToFileURL(file(name)).href)) as T;

interface Lost {
  effect: number;
  low: number;
  high: number;
}

test("verdicts are counted by what the worse off member loses in the full test", async () => {
  const { countVerdicts, pairsByRace, verdictTable } = await load<{
    countVerdicts(pairs: { verdict: string; lost: Lost[] }[], margin: number): Record<string, number | null>;
    pairsByRace(found: unknown): { rows: number; margin: number; pairs: { verdict: string; lost: Lost[] }[] }[];
    verdictTable(recorded: unknown): string;
  }>("verdicts-table.mjs");
  const around = (effect: number, half: number): Lost => ({ effect, low: effect - half, high: effect + half });
  const pair = (verdict: string, ...effects: number[]) => ({
    verdict,
    lost: effects.map((effect) => around(effect, 2)),
  });
  const pairs = [
    pair("mix", 0, 2), // right
    pair("mix", 0, 4), // wrong, though the full test is not sure
    pair("mix", 0, 8), // surely wrong
    pair("do not mix", 0, 4), // right
    pair("do not mix", 0, 2), // wrong, though the full test is not sure
    pair("do not mix", 0, 0.5), // surely wrong
    pair("too close to call", 1, 5),
  ];
  assert.deepEqual(countVerdicts(pairs, 3), {
    ...{ mix: 3, mixWrong: 2, not: 3, notWrong: 2, surelyWrong: 2, open: 1, openBy: 2 },
  });
  const recorded = JSON.parse(textOf("verdicts.json"));
  assert.equal(textOf("verdicts.md"), verdictTable(recorded));
  const races = pairsByRace(recorded.found);
  assert.ok(races.length > 1 && races.every((race) => race.pairs.length > 20));
  const counts = races.map(({ pairs: own, margin }) => countVerdicts(own, margin));
  const sum = (name: string) => counts.reduce((all, one) => all + (one[name] as number), 0);
  // each verdict is wrong with a chance of 5% at most
  assert.ok(sum("surelyWrong") <= 0.05 * (sum("mix") + sum("not")));
});
