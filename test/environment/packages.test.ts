import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

interface LockedPackage {
  optionalDependencies?: Record<string, string>;
  resolved?: string;
}

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
const read = (name: string) => JSON.parse(readFileSync(path.join(root, name), "utf8"));
const locked: Record<string, LockedPackage> = read("package-lock.json").packages;

test("the lockfile holds every platform's optional packages, so that npm ci works on all of them", () => {
  const names = new Set(Object.keys(locked).map((place) => place.slice(place.lastIndexOf("node_modules/") + 13)));
  const missing = Object.entries(locked).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).flatMap((name) => (names.has(name) ? [] : [`${place} wants ${name}`])),
  );
  assert.deepEqual(missing, []);
});

test("every direct dependency is pinned to one version and explained in DEPENDENCIES.md", () => {
  const { dependencies, optionalDependencies, devDependencies } = read("package.json");
  const direct: Record<string, string> = { ...dependencies, ...optionalDependencies, ...devDependencies };
  const explained = readFileSync(path.join(root, "environment", "DEPENDENCIES.md"), "utf8");
  for (const [name, version] of Object.entries(direct)) {
    assert.match(version, /^\d+\.\d+\.\d+$/, `${name} is pinned`);
    assert.ok(explained.includes(`\`${name}\` | ${version} |`), `${name} ${version} has a line in DEPENDENCIES.md`);
  }
});
