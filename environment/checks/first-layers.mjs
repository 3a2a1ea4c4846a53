// node environment/checks/first-layers.mjs: an encoder of the first layers of another one, for the study on a second encoder.
import { copyFileSync, existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { Problem, runMain } from "../problem.mjs";
import { setUp } from "../setup.mjs";

const help = `node environment/checks/first-layers.mjs --encoder FOLDER --layers N --out FOLDER

Writes an encoder that ends after the first N layers of another, with its tokenizer, and without its pooler and heads.
Both are folders in the Hugging Face layout; the one that is written is new or empty.`;

const options = {
  encoder: { type: "string" },
  layers: { type: "string" },
  out: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
};

runMain(async () => {
  const { values } = parseArgs({ options });
  if (values.help) return void console.log(help);
  const { encoder: from, layers, out } = values;
  if (!from || !layers || !out) throw new Problem(`Give --encoder, --layers and --out.\n\n${help}`);
  if (existsSync(out) && readdirSync(out).length > 0) throw new Problem(`"${out}" is not empty: name a new folder.`);
  await setUp();
  const { loadEncoder, saveEncoder } = await import("../../dist/index.js");
  const { encoderShapes } = await import("../../dist/encoder/config.js");
  const { encoderOf } = await import("../../dist/encoder/encoder.js");
  const whole = await loadEncoder(from);
  const count = Number(layers);
  if (!(Number.isInteger(count) && count >= 1 && count <= whole.config.layers))
    throw new Problem(`--layers takes a whole number from 1 to ${whole.config.layers}, the layers of "${from}".`);
  const config = { ...whole.config, layers: count };
  const weights = Object.fromEntries(Object.keys(encoderShapes(config)).map((name) => [name, whole.weights[name]]));
  saveEncoder(encoderOf({ name: path.basename(out), config, weights, heads: {} }), out);
  const texts = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt", "vocab.json"];
  for (const file of [...texts, "merges.txt"])
    if (existsSync(path.join(from, file))) copyFileSync(path.join(from, file), path.join(out, file));
  console.log(`${out}: ${count} of the ${whole.config.layers} layers of ${whole.name}`);
});
