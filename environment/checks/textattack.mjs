// node environment/checks/textattack.mjs: TextFooler as signmix makes it beside TextAttack's, on the same victim and texts.
// The victim is exported as AdapterHub writes adapters and read by its library; success, changed words and queries stand side
// by side, for TextAttack's recipe as it is and with one rule of signmix after the other. Writes textattack.json and .md here.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Problem, runMain } from "../problem.mjs";
import { setUp } from "../setup.mjs";
import { loadTools, openAttack, steps } from "./textattack-job.mjs";
import { comparisonTable } from "./textattack-table.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));

const help = `node environment/checks/textattack.mjs --python PATH [options]

  --python PATH     a Python with textattack, adapters, transformers and torch (or SIGNMIX_TORCH_PYTHON)
  --encoder FOLDER  a BERT in the Hugging Face layout (default data/signmix-mini)
  --data FOLDER     real texts; by default the generated ones
  --domains NAMES   default sst2,mnli,imdb
  --texts N         test texts of each domain (default 40)
  --steps N         training steps of each victim (default 150)
  --synonyms FILE   neighbours or word vectors (default wordnet's, without their parts of speech)
  --cosine C        least cosine, for word vectors (default 0.5)
  --threshold T     least angular similarity (default 0.840845, the recipe's)
  --time            examples per second too; nothing else should run meanwhile
  --out FOLDER      where the results are written (default beside this file)

It needs npm run setup:use. Everything runs on one thread.`;

const options = {
  python: { type: "string", default: process.env.SIGNMIX_TORCH_PYTHON },
  encoder: { type: "string", default: "data/signmix-mini" },
  data: { type: "string" },
  domains: { type: "string", default: "sst2,mnli,imdb" },
  texts: { type: "string", default: "40" },
  steps: { type: "string", default: "150" },
  synonyms: { type: "string", default: "wordnet" },
  cosine: { type: "string", default: "0.5" },
  threshold: { type: "string" },
  time: { type: "boolean", default: false },
  out: { type: "string", default: here },
  help: { type: "boolean", short: "h", default: false },
};

async function compareOn(name, tools, encoder, options) {
  const attack = await openAttack(tools, encoder, name, options);
  attack.own(); // compiles
  const { results: own, seconds } = attack.own();
  attack.dispose();
  const { synonyms, similarity, threshold, part } = attack;
  return { ...{ name, synonyms, similarity, threshold, part, seconds, own }, ...attack.peer(steps) };
}

runMain(async () => {
  const { values } = parseArgs({ options });
  if (values.help) return void console.log(help);
  if (!values.python)
    throw new Problem("Name a Python that has textattack: --python PATH (npm run setup:peers makes one).");
  await setUp();
  const { writeFileAtomic, writeJsonAtomic } = await import("../../dist/files/atomic.js");
  const tools = await loadTools();
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-textattack-"));
  try {
    const encoder = await tools.sm.loadEncoder(values.encoder);
    const options = {
      ...{ folder, encoderFolder: values.encoder, python: values.python, data: values.data, synonyms: values.synonyms },
      ...{ texts: Number(values.texts), steps: Number(values.steps), cosine: Number(values.cosine) },
      ...(values.threshold !== undefined && { threshold: Number(values.threshold) }),
    };
    const compared = [];
    for (const name of values.domains.split(",")) {
      console.error(`${name} …`);
      compared.push(await compareOn(name, tools, encoder, options));
    }
    const { json, markdown } = comparisonTable(compared, {
      ...{ encoder: encoder.name, generated: !values.data, timed: values.time },
    });
    writeJsonAtomic(path.join(values.out, "textattack.json"), json);
    writeFileAtomic(path.join(values.out, "textattack.md"), markdown);
    console.log(markdown);
    if (process.env.SIGNMIX_DEBUG) writeJsonAtomic(path.join(values.out, "textattack-debug.json"), compared);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
