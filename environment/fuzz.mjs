// npm run fuzz -- --mutations 100000 --seed 1: feeds both file readers with damaged files, as the tests do with a few.
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { buildTests, root } from "./build.mjs";
import { Problem, runMain } from "./problem.mjs";

runMain(async () => {
  const options = { mutations: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } };
  const { values } = parseArgs({ options });
  const mutations = Number(values.mutations);
  if (!(Number.isInteger(mutations) && mutations > 0)) throw new Problem("--mutations takes a whole number from 1.");
  await buildTests();
  const { fuzz } = await import(pathToFileURL(path.join(root, "dist-test", "files", "fuzz.js")));
  const fixture = (name) => new Uint8Array(readFileSync(path.join(root, "test", "files", "fixtures", name)));
  const seeds = {
    safetensors: [fixture("views.safetensors")],
    torch: [fixture("views.bin"), fixture("views-legacy.bin")],
  };
  for (const reader of ["safetensors", "torch"]) {
    const started = performance.now();
    const { accepted, messages, slowest } = fuzz(reader, mutations, values.seed, seeds[reader]);
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(
      `${reader}: ${mutations} damaged files in ${seconds} s: ${accepted} read, ${mutations - accepted} refused with ` +
        `${messages} different messages, slowest ${slowest.toFixed(1)} ms; no crash, hang or over-read`,
    );
  }
});
