// node environment/checks/textattack.mjs: TextFooler as signmix makes it beside TextAttack's, on the same victim and texts.
// The victim is exported as AdapterHub writes adapters and read by its library; success, changed words and queries stand side
// by side, for TextAttack's recipe as it is and with one rule of signmix after the other. Writes textattack.json and .md here.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Problem, runMain } from "../problem.mjs";
import { setUp } from "../setup.mjs";
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

/** TextAttack's rules, each step with one more of ours. */
const steps = ["recipe", "words", "tags", "articles", "short"];
const maxLength = 128;

async function makeVictim(sm, encoder, name, values) {
  const { data, texts } = values;
  const domain = await sm.loadDomain(name, { data, maxTrain: 2000, maxDev: 8, maxTest: Number(texts) });
  const training = { method: "pfeiffer", seed: 1, steps: Number(values.steps), learningRate: 2e-3, batchSize: 16 };
  const { adapter, head } = await sm.trainAdapter(encoder, domain, { ...training, maxLength });
  return { domain, adapter: { ...adapter, name: "victim" }, head: { ...head, name: "victim" } };
}

/** What TextAttack needs to know of an example: which words signmix may exchange, and how its tagger reads them. */
function taskOf({ targetWord, wordsOf, textOf, attackedPart }, example, synonyms, neighbours) {
  const text = textOf(example, attackedPart(example));
  const words = wordsOf(text);
  const plain = words.map((word) => word.text);
  const targets = words.flatMap((_, i) => targetWord(text, words, i, synonyms) ?? []);
  for (const word of plain) neighbours[word.toLowerCase()] ??= synonyms.candidates(word.toLowerCase());
  return {
    ...example,
    words: plain,
    targets: targets
      .filter(({ candidates }) => candidates.length > 0)
      .map(({ word }) => [word, words[word].start, plain[word]]),
    lower: targets.flatMap(({ word, read }) => (read[word] === plain[word] ? [] : [word])),
  };
}

/** Seconds of the processor that this process has had: other programs do not count. */
function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** A similarity that counts the seconds it takes. */
function counting(similarity) {
  return {
    ...similarity,
    seconds: 0,
    similarity(a, b) {
      const begun = processorSeconds();
      const found = similarity.similarity(a, b);
      this.seconds += processorSeconds() - begun;
      return found;
    },
  };
}

/** Synonyms that do not depend on where a word stands, as TextAttack's do not. */
const anywhere = (source) => ({ name: source.name, candidates: (word) => source.candidates(word) });

async function compareOn(name, values, { sm, tools, encoder, folder }) {
  const victim = await makeVictim(sm, encoder, name, values);
  const synonyms = anywhere(sm.openSynonyms(values.synonyms, { leastCosine: Number(values.cosine) }));
  const threshold = values.threshold === undefined ? sm.recipeThreshold : Number(values.threshold);
  const adapter = path.join(folder, `${name}-adapter`);
  sm.exportAdapter(victim.adapter, adapter, "adapterhub", { head: victim.head });
  const { test } = victim.domain;
  const similarity = counting(sm.universalSentenceSimilarity({ threshold }));
  const fooler = sm.createTextFooler(
    encoder,
    { adapter: victim.adapter.config, head: victim.head.config },
    { synonyms, similarity, maxLength },
  );
  const attackAll = () => test.map((example, i) => fooler.attack(victim, example, i));
  attackAll(); // compiles
  similarity.seconds = 0;
  const begun = processorSeconds();
  const own = attackAll();
  const seconds = processorSeconds() - begun - similarity.seconds;
  fooler.dispose();
  similarity.dispose();
  const neighbours = {};
  const job = {
    ...{ encoder: path.resolve(values.encoder), adapter, maxLength, threshold, steps, threads: 1 },
    oracle: [process.execPath, path.join(here, "textattack-oracle.mjs")],
    examples: test.map((example) => taskOf(tools, example, synonyms, neighbours)),
    neighbours,
  };
  const output = execFileSync(values.python, [path.join(here, "textattack-peer.py")], {
    input: JSON.stringify(job),
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: "pipe",
  });
  const { versions, runs } = JSON.parse(output.trim().split("\n").at(-1));
  const part = tools.attackedPart(test[0]);
  return { name, synonyms: synonyms.name, similarity: similarity.name, threshold, seconds, own, versions, runs, part };
}

runMain(async () => {
  const { values } = parseArgs({ options });
  if (values.help) return void console.log(help);
  if (!values.python)
    throw new Problem("Name a Python that has textattack: --python PATH (npm run setup:peers makes one).");
  await setUp();
  const sm = await import("../../dist/index.js");
  const { writeFileAtomic, writeJsonAtomic } = await import("../../dist/files/atomic.js");
  const { attackedPart, textOf } = await import("../../dist/attacks/substitutions.js");
  const { targetWord } = await import("../../dist/attacks/target-word.js");
  const { wordsOf } = await import("../../dist/attacks/words.js");
  const { setThreads } = await import("../../dist/engine/threads.js");
  await sm.selectBackend("onnx", { quiet: true });
  setThreads(1);
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-textattack-"));
  try {
    const encoder = await sm.loadEncoder(values.encoder);
    const tools = { attackedPart, textOf, targetWord, wordsOf };
    const compared = [];
    for (const name of values.domains.split(",")) {
      console.error(`${name} …`);
      compared.push(await compareOn(name, values, { sm, tools, encoder, folder }));
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
