import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { projectPath } from "#src/files/project.js";

const file = (name: string) => projectPath("environment", "checks", name);
const textOf = (name: string) => readFileSync(file(name), "utf8");
const load = async <T>(name: string) => (await import(pathToFileURL(file(name)).href)) as T;

interface RoundTrips {
  versions: Record<"peft" | "adapters", string>;
  found: {
    library: string;
    method: string;
    storage: string;
    dtype: string;
    of: string;
    apart: number;
  }[];
}

test("recorded round trips are of every method, format and storage, and their page says no other", async () => {
  const { roundTripTable } = await load<{
    roundTripTable(recorded: RoundTrips): { markdown: string; failures: string[] };
  }>("round-trips-table.mjs");
  const recorded = JSON.parse(textOf("round-trips.json")) as RoundTrips;
  assert.match(recorded.versions.peft, /^0\.21\./);
  assert.match(recorded.versions.adapters, /^1\.3\./);
  for (const kind of ["peft/lora", "adapterhub/lora", "adapterhub/pfeiffer", "adapterhub/houlsby"]) {
    const own = recorded.found.filter(({ library, method }) => `${library}/${method}` === kind);
    const stored = new Set(own.map(({ storage, dtype }) => `${storage}/${dtype}`));
    assert.equal(stored.size, 6, kind);
    assert.ok(own.some(({ of }) => of === "logits"));
  }
  const { markdown, failures } = roundTripTable(recorded);
  assert.deepEqual(failures, []);
  assert.equal(textOf("round-trips.md"), markdown);
  const [first, ...others] = recorded.found;
  const broken = { ...recorded, found: [{ ...first, apart: 1 }, ...others] };
  assert.equal(roundTripTable(broken).failures.length, 1);
});
