import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { projectPath } from "#src/files/project.js";

interface Trim {
  rules: { name: string; places: RegExp }[];
  unread(folder: string, system?: string): { place: string; rule: string }[];
  trim(folder: string, log: (text: string) => void, system?: string): void;
  isTrimmedElsewhere(folder: string): boolean;
}
const { rules, unread, trim, isTrimmedElsewhere }: Trim = await import(
  pathToFileURL(projectPath("environment", "trim.mjs")).href
);

const folder = mkdtempSync(path.join(tmpdir(), "signmix-trim-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const stay = [
  "onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1",
  "zeromq/build/linux/x64/node/glibc-115-Release/addon.node",
  "zeromq/build/manifest.json",
  "@photostructure/sqlite/prebuilds/linux-x64/a.musl.node",
  "@tensorflow/tfjs/dist/tf.node.js",
  "@tensorflow/tfjs/dist/index.d.ts",
  "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm",
  "source-map/lib/source-map.js",
];
const otherSystems = [
  "onnxruntime-node/bin/napi-v6/linux/arm64/libonnxruntime.so.1",
  "onnxruntime-node/bin/napi-v6/win32/x64/onnxruntime.dll",
  "zeromq/build/darwin/arm64/node/115/addon.node",
  "@photostructure/sqlite/prebuilds/win32-arm64/a.glibc.node",
];
const neverRead = [
  "@tensorflow/tfjs/dist/tf.es2017.js",
  "@tensorflow/tfjs-core/dist/tf-core.fesm.min.js",
  "@tensorflow/tfjs-data/dist/miniprogram/index.js",
  "a/node_modules/b/index.d.ts.map",
  "a/index.js.map",
];

function made(name: string): string {
  const packages = path.join(folder, name);
  for (const place of [...stay, ...otherSystems, ...neverRead]) {
    mkdirSync(path.dirname(path.join(packages, place)), { recursive: true });
    writeFileSync(path.join(packages, place), "x".repeat(100_000));
  }
  return packages;
}

const filesIn = (packages: string) =>
  readdirSync(packages, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(packages, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();

test("source maps, other systems' programs and bundles for browsers go, once; all else stays", () => {
  const packages = made("linux");
  const said: string[] = [];
  trim(packages, (text) => said.push(text), "linux-x64");
  assert.deepEqual(filesIn(packages), [...stay, ".signmix-trimmed"].sort());
  assert.match(
    said.join("\n"),
    /^1 MB of packages .*source maps, programs for other systems.*npm ci brings them back\.$/,
  );
  trim(packages, (text) => said.push(text), "linux-x64");
  assert.equal(said.length, 1);
});

test("packages trimmed on another system are installed anew; those for all systems serve", () => {
  const packages = made("shared");
  assert.equal(isTrimmedElsewhere(packages), false);
  trim(packages, () => {}, "sunos-sparc");
  assert.equal(isTrimmedElsewhere(packages), true);
  const all = made("all");
  trim(all, () => {}, "all");
  assert.deepEqual(filesIn(all), [...stay, ...otherSystems, ".signmix-trimmed"].sort());
  assert.equal(isTrimmedElsewhere(all), false);
});

test("nothing that a package leads to by its description is removed", () => {
  const packages = projectPath("node_modules");
  const lock = JSON.parse(readFileSync(projectPath("package-lock.json"), "utf8")) as { packages: object };
  const texts = (value: unknown): string[] => {
    if (typeof value === "string") return [value];
    return value && typeof value === "object" ? Object.values(value).flatMap(texts) : [];
  };
  let looked = 0;
  for (const where of Object.keys(lock.packages)) {
    const file = projectPath(where, "package.json");
    if (where === "" || !existsSync(file)) continue;
    const { main, types, typings, bin, exports } = JSON.parse(readFileSync(file, "utf8"));
    // maps may be named too, and are loaded by no program
    for (const target of texts([main, types, typings, bin, exports]).filter((one) => !one.endsWith(".map"))) {
      const place = path.posix.join(path.relative(packages, path.dirname(file)).split(path.sep).join("/"), target);
      assert.ok(!rules.some(({ places }) => places.test(place)), place);
      looked++;
    }
  }
  assert.ok(looked > 300, `${looked} places`);
});

test("this system's programs are there, and every rule's packages are still installed", () => {
  const packages = projectPath("node_modules");
  const own = [process.platform, process.arch];
  const intelMac = own.join() === "darwin,x64"; // ONNX Runtime has no library for it
  for (const place of [
    ...(intelMac ? [] : [["onnxruntime-node", "bin", "napi-v6", ...own]]),
    ["zeromq", "build", ...own],
    ["@photostructure", "sqlite", "prebuilds", own.join("-")],
  ]) {
    assert.ok(existsSync(path.join(packages, ...place)), place.join("/"));
  }
  for (const name of ["tfjs", "tfjs-core", "tfjs-layers"])
    assert.ok(existsSync(path.join(packages, "@tensorflow", name, "dist", "index.d.ts")), name);
  assert.ok(!existsSync(path.join(packages, ".signmix-trimmed")) || unread(packages).length === 0);
});
