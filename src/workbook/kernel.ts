import { createRequire } from "node:module";
import { spellOutProperties } from "./short-properties.js";

/*
 * The program that Jupyter and the headless runner start as the kernel: tslab's own, with one mend (short properties).
 * Its arguments are those of the command `tslab`.
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

(require("tslab/dist/main.js") as { main(): void }).main();
