import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, "src");
const layers: string[] = JSON.parse(readFileSync(path.join(root, "environment", "layers.json"), "utf8"));

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replaceAll("\\", "/"))
  .sort();

/** The files below src/ that a file imports, re-exports or loads lazily; `types` counts its type imports too. */
function importsOf(file: string, types: boolean): string[] {
  const text = readFileSync(path.join(source, file), "utf8");
  const code = types ? text : text.replace(/^(import|export) type [^;]*;/gm, "");
  const found = code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]*)"/g);
  return [...found].map((match) => path.posix.normalize(path.posix.join(path.posix.dirname(file), match[1])));
}

function layerOf(file: string): number {
  return layers.indexOf(file.split("/")[0]);
}

test("every folder of src/ has its place in environment/layers.json", () => {
  const folders = new Set(files.filter((file) => file.includes("/")).map((file) => file.split("/")[0]));
  assert.deepEqual(
    [...folders].filter((folder) => !layers.includes(folder)),
    [],
  );
});

test("a folder imports only from itself and from folders above it", () => {
  const wrong: string[] = [];
  for (const file of files.filter((name) => name.includes("/"))) {
    for (const imported of importsOf(file, true)) {
      if (layerOf(imported) > layerOf(file) || layerOf(imported) < 0) wrong.push(`${file} imports ${imported}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("no file imports itself through others (types, which leave no trace, aside)", () => {
  const graph = new Map(
    files.map((file) => [file, importsOf(file, false).map((name) => name.replace(/\.js$/, ".ts"))]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  function visit(file: string, trail: string[]): void {
    if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
    if (done.has(file) || trail.includes(file)) return;
    for (const imported of graph.get(file) ?? []) visit(imported, [...trail, file]);
    done.add(file);
  }
  for (const file of files) visit(file, []);
  assert.deepEqual(cycles, []);
});

test("a file of src/ or test/ stays under 400 lines", () => {
  const tests = path.join(root, "test");
  const testFiles = readdirSync(tests, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const all = [...files.map((file) => path.join(source, file)), ...testFiles.map((file) => path.join(tests, file))];
  const long = all
    .map((file) => ({ file, lines: readFileSync(file, "utf8").split("\n").length - 1 }))
    .filter(({ lines }) => lines >= 400)
    .map(({ file, lines }) => `${path.relative(root, file)} has ${lines} lines`);
  assert.deepEqual(long, []);
});
