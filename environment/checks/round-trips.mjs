// node environment/checks/round-trips.mjs: adapters that PEFT and AdapterHub's library make and save, read and written by signmix, and loaded
// by the libraries again: how far logits are apart, for every method, format and storage. Writes round-trips.json and .md here.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { peersFolder, programOf } from "../peers/find.mjs";
import { Problem, runMain } from "../problem.mjs";
import { askLibraries, inputs } from "../reference/round-trip.mjs";
import { setUp } from "../setup.mjs";
import { roundTripTable } from "./round-trips-table.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));

const help = `node environment/checks/round-trips.mjs [options]

  --python PATH   a Python with torch, transformers, peft and adapters; by default that of npm run setup:peers
  --out FOLDER    where the results are written (default beside this file)`;

const options = {
  python: { type: "string", default: process.env.SIGNMIX_TORCH_PYTHON || programOf(peersFolder(), "python") },
  out: { type: "string", default: here },
  help: { type: "boolean", short: "h", default: false },
};

const storages = [
  ["safetensors", "float32"],
  ["safetensors", "float16"],
  ["safetensors", "bfloat16"],
  ["bin", "float32"],
  ["bin", "float16"],
  ["bin", "bfloat16"],
];

const versionsOf = (python) =>
  JSON.parse(
    execFileSync(python, [
      "-c",
      "import json, importlib.metadata as m; print(json.dumps({n: m.version(n) for n in ('peft', 'adapters', 'transformers', 'torch')}))",
    ]),
  );

/** The logits of an output, or hidden states where it has none. */
const numbersOf = ({ hidden, logits }) => (logits ?? hidden).flat(3);

/** Largest difference of two outputs. */
function apart(a, b) {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  if (left.length !== right.length) throw new Problem(`${left.length} numbers against ${right.length}.`);
  return left.reduce((worst, value, i) => Math.max(worst, Math.abs(value - right[i])), 0);
}

runMain(async () => {
  const { values } = parseArgs({ options });
  if (values.help) return void console.log(help);
  await setUp();
  const { exportAdapter, importAdapter } = await import("../../dist/adapters/folder.js");
  const { writeFileAtomic, writeJsonAtomic } = await import("../../dist/files/atomic.js");
  const versions = versionsOf(values.python);
  const scratch = mkdtempSync(path.join(tmpdir(), "signmix-round-trips-"));
  try {
    const { cases } = askLibraries(values.python, { do: "make", folder: path.join(scratch, "made"), inputs, storages });
    console.error(`${cases.length} adapters made; read and written …`);
    const back = cases.map((made, i) => {
      const read = importAdapter(made.adapter);
      const own = path.join(scratch, "own", String(i));
      exportAdapter(read.adapter, own, "signmix", { head: read.head }); // by way of signmix's own format
      const { adapter, head } = importAdapter(own);
      const folder = path.join(scratch, "back", String(i));
      exportAdapter(adapter, folder, made.library, { head, storage: made.storage });
      return { library: made.library, encoder: made.encoder, adapter: folder, kind: made.kind };
    });
    const { results } = askLibraries(values.python, { do: "run", cases: back, inputs });
    const found = cases.map((made, i) => {
      const { name, library, method, storage, dtype, logits } = made;
      const of = logits ? "logits" : "states";
      return { name, library, method, storage, dtype, of, apart: apart(made, results[i]) };
    });
    const { markdown, failures } = roundTripTable({ versions, found });
    writeJsonAtomic(path.join(values.out, "round-trips.json"), { versions, found });
    writeFileAtomic(path.join(values.out, "round-trips.md"), markdown);
    console.log(markdown);
    if (failures.length > 0) throw new Problem(failures.join("\n"));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
