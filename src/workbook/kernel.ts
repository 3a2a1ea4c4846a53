import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { spellOutProperties } from "./short-properties.js";

/*
 * The program that Jupyter and the headless runner start as the kernel: tslab's own, with one mend (short properties).
 * Its arguments are those of `tslab kernel`.
 */

const require = createRequire(import.meta.url);

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
