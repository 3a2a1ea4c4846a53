import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

interface SetUp {
  checkNode(version: string): void;
  missingPackages(lock: object, installed?: object): string[];
  explainInstall(output: string): string;
}

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const setUp: SetUp = await import(pathToFileURL(path.join(root, "environment", "setup.mjs")).href);

test("an old Node.js is refused in one sentence that says what to install", () => {
  for (const old of ["18.20.8", "20.18.3", "21.7.0", "22.11.0"]) {
    assert.throws(() => setUp.checkNode(old), new RegExp(`^Problem|Error: Node.js ${old} is too old.*20\\.19`));
  }
  for (const good of ["20.19.0", "22.12.0", "23.0.0", "24.21.0"]) setUp.checkNode(good);
});

test("packages are installed again only when one is absent or at another version", () => {
  const lock = {
    packages: {
      "": { version: "0.1.0" },
      "node_modules/a": { version: "1.0.0" },
      "node_modules/b": { version: "2.0.0", optional: true },
    },
  };
  const installed = (a: string) => ({ packages: { "node_modules/a": { version: a } } });
  assert.deepEqual(setUp.missingPackages(lock, installed("1.0.0")), []); // b is optional: made for another system
  assert.deepEqual(setUp.missingPackages(lock, installed("0.9.0")), ["node_modules/a"]);
  assert.deepEqual(setUp.missingPackages(lock, undefined), ["node_modules/a"]);
});

test("npm's failures are told in one sentence with the remedy", () => {
  const offline = setUp.explainInstall("npm error code ENOTFOUND\nnpm error network request to registry failed");
  assert.match(offline, /does not reach its registry.*run the same command again/);
  assert.match(setUp.explainInstall("npm error code ENOSPC"), /disk is full/);
  assert.match(setUp.explainInstall("npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device"), /disk is full/);
  assert.match(setUp.explainInstall("npm error code EUSAGE\nmore"), /EUSAGE.*npm ci/);
});
