import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { endWithParent, hasParentToWatch } from "../engine/parent-watch.js";
import { currentScratch, scratchToRemove } from "../files/temporary.js";
import { spellOutProperties } from "./short-properties.js";

/*
 * The program that Jupyter and the headless runner start as the kernel: tslab's own, with two mends: short properties,
 * and packages that change meanwhile. Its arguments are those of `tslab kernel`.
 */

if (hasParentToWatch()) endWithParent(scratchToRemove(currentScratch()));

const require = createRequire(import.meta.url);

interface Watcher {
  close(): void;
}

interface System {
  watchFile(file: string, ...rest: unknown[]): Watcher;
  watchDirectory(folder: string, ...rest: unknown[]): Watcher;
}

/*
 * tslab keeps one timer for TypeScript, and ends with "Unexpected pending rebuildTimer" where it asks for a second one:
 * for a changed source, and for packages to be looked up anew. So the second is never asked for.
 */
const { sys } = createRequire(require.resolve("tslab/dist/converter.js"))("@tslab/typescript-for-tslab") as {
  sys: System;
};
const unwatched: Watcher = { close() {} };
const { watchFile } = sys;
sys.watchDirectory = () => unwatched;
sys.watchFile = (file, ...rest) => (path.basename(file) === "package.json" ? unwatched : watchFile(file, ...rest));

interface Converter {
  convert(declarations: string, source: string): object;
}

const tslab = require("tslab/dist/converter.js") as { createConverter(options: object): Converter };
const { createConverter } = tslab;
tslab.createConverter = (options) => {
  const converter = createConverter(options);
  const { convert } = converter;
  converter.convert = (declarations, source) => convert(declarations, spellOutProperties(source));
  return converter;
};

// tslab's own main would start whatever tslab lies in a folder above the notebook, without the mend.
const { values } = parseArgs({ allowPositionals: true, options: { "config-path": { type: "string" } } });
const { startKernel } = require("tslab/dist/main.js") as { startKernel(options: object): void };
startKernel({ configPath: values["config-path"], enableFindLocal: false });
