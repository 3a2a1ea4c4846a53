import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { projectPath } from "#src/files/project.js";

interface Name {
  name: string;
  about: string;
}

interface Face {
  groups: Map<string, Name[]>;
  about: Map<string, string>;
  /** Types that a public signature names and the face does not export, by file and name. */
  hidden: Map<string, string[]>;
}

const tool = (await import(pathToFileURL(projectPath("environment", "face.mjs")).href)) as {
  face(): Face;
  facePage(face: Face): string;
};
const face = tool.face();

test("at most 160 names stand flat, namespaces counted", () => {
  const flat = face.groups.get("")?.length ?? 0;
  const count = flat + face.groups.size - 1;
  assert.ok(flat > 50 && count <= 160, `${flat} names and ${face.groups.size - 1} namespaces`);
});

test("every name and namespace has a sentence in its source", () => {
  const without = [...face.groups].flatMap(([group, names]) =>
    names.filter(({ about }) => about === "").map(({ name }) => `${group}.${name}`),
  );
  assert.deepEqual(without, []);
  assert.deepEqual(
    [...face.about].filter(([, about]) => about === "").map(([group]) => group),
    [],
  );
});

test("every type of a public signature is exported", () => {
  assert.deepEqual([...face.hidden], []);
});

test("no name stands both flat and in a namespace, or in two namespaces with different meanings", () => {
  const flat = new Set((face.groups.get("") ?? []).map(({ name }) => name));
  const twice = [...face.groups].flatMap(([group, names]) =>
    group === "" ? [] : names.filter(({ name }) => flat.has(name)).map(({ name }) => `${group}.${name}`),
  );
  assert.deepEqual(
    twice.filter((name) => !allowed.has(name)),
    [],
  );
});

/** A figure's type is the study's word, too. */
const allowed = new Set(["figures.Figure"]);

test("src/README.md has a line on each name, as the sources say it", () => {
  assert.equal(readFileSync(projectPath("src", "README.md"), "utf8"), tool.facePage(face));
});
