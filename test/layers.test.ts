import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, "src");

/**
 * Folders from the ground up, floor by floor; and of each chapter, the chapters that it may use. A folder imports from
 * floors below its own, and on its own floor from the folders before it.
 */
const layers: { floors: string[][]; chapters: Record<string, string[]> } = JSON.parse(
  readFileSync(path.join(root, "environment", "layers.json"), "utf8"),
);
const folders = layers.floors.flat();

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.replaceAll("\\", "/"))
  .sort();

/** The files below src/ that a file imports, re-exports or loads lazily, types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(source, file), "utf8");
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]*)"/g);
  return [...found].map((match) =>
    path.posix.normalize(path.posix.join(path.posix.dirname(file), match[1])).replace(/\.js$/, ".ts"),
  );
}

const folderOf = (file: string) => (file.includes("/") ? file.split("/")[0] : "");

/** The chapter of a file; undefined for files of other folders, and for those that stand over all chapters. */
function chapterOf(file: string): string | undefined {
  const [folder, chapter, name] = file.split("/");
  return folder === "chapters" && name !== undefined ? chapter : undefined;
}

/** Why a file must not import another, if it must not. */
function wrongImport(file: string, imported: string): string | undefined {
  const [from, to] = [folderOf(file), folderOf(imported)];
  if (from === "") return undefined; // the face looks at everything
  if (to === "") return "nothing imports the face";
  if (folders.indexOf(to) > folders.indexOf(from)) return `${to} stands above ${from}`;
  if (from === "kernel" && to !== "kernel" && !layers.floors[0].includes(to)) return "the kernel knows of no study";
  const [chapter, used] = [chapterOf(file), chapterOf(imported)];
  if (chapter === undefined || to !== "chapters" || chapter === used) return undefined;
  if (used === undefined) return "a chapter does not know the list of all chapters";
  return layers.chapters[chapter]?.includes(used) ? undefined : `no arrow leads from ${chapter} to ${used}`;
}

test("every folder of src/, and every chapter, has its place in environment/layers.json", () => {
  const found = new Set(files.map(folderOf).filter((folder) => folder !== ""));
  assert.deepEqual(
    [...found].filter((folder) => !folders.includes(folder)),
    [],
  );
  const chapters = new Set(files.map(chapterOf).filter((chapter) => chapter !== undefined));
  assert.deepEqual(
    [...chapters].filter((chapter) => !(chapter in layers.chapters)),
    [],
  );
});

test("a folder imports only from itself and from folders above it, a chapter along the arrows", () => {
  const wrong = files.flatMap((file) =>
    importsOf(file).flatMap((imported) => {
      const why = wrongImport(file, imported);
      return why ? [`${file} imports ${imported}: ${why}`] : [];
    }),
  );
  assert.deepEqual(wrong, []);
});

test("the test would see an import against the order", () => {
  assert.match(wrongImport("statistics/jackknife.ts", "study/study.ts") ?? "", /study stands above statistics/);
  assert.match(
    wrongImport("chapters/prune/tables.ts", "chapters/mix/pool.ts") ?? "",
    /no arrow leads from prune to mix/,
  );
  assert.match(wrongImport("chapters/prune/tables.ts", "chapters/units.ts") ?? "", /list of all chapters/);
  assert.match(wrongImport("runner/notebook.ts", "cli/command.ts") ?? "", /cli stands above runner/);
  assert.match(wrongImport("study/run.ts", "index.ts") ?? "", /nothing imports the face/);
  assert.equal(wrongImport("chapters/sparse/tables.ts", "chapters/prune/pruning-curves.ts"), undefined);
});

test("the arrows between chapters make no circle", () => {
  const reached = (chapter: string, trail: string[]): string[][] =>
    trail.includes(chapter)
      ? [[...trail, chapter]]
      : (layers.chapters[chapter] ?? []).flatMap((next) => reached(next, [...trail, chapter]));
  assert.deepEqual(
    Object.keys(layers.chapters).flatMap((chapter) => reached(chapter, [])),
    [],
  );
});

test("no file imports itself through others, by types neither", () => {
  const graph = new Map(files.map((file) => [file, importsOf(file)]));
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
