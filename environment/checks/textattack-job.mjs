// Victims and jobs of the comparison with TextAttack: what textattack-peer.py is asked, and signmix's own attack on the same.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

/** TextAttack's rules, each step with one more of ours. */
export const steps = ["recipe", "words", "tags", "articles", "short"];
const maxLength = 128;

/** What both sides need of signmix. */
export async function loadTools() {
  const sm = await import("../../dist/index.js");
  const { attackedPart, textOf } = await import("../../dist/attacks/substitutions.js");
  const { targetWord } = await import("../../dist/attacks/target-word.js");
  const { wordsOf } = await import("../../dist/attacks/words.js");
  const { setThreads } = await import("../../dist/engine/threads.js");
  await sm.selectBackend("onnx", { quiet: true });
  setThreads(1);
  return { sm, attackedPart, textOf, targetWord, wordsOf };
}

async function makeVictim(sm, encoder, name, { data, texts, steps }) {
  const domain = await sm.loadDomain(name, { data, maxTrain: 2000, maxDev: 8, maxTest: texts });
  const training = { method: "pfeiffer", seed: 1, steps, learningRate: 2e-3, batchSize: 16 };
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

/**
 * A victim on a domain, with both attacks on its texts.
 * @param options.encoderFolder of the encoder, for the library
 * @param options.folder in which the victim is written
 * @returns `own()`, which attacks every text and says what it found in how many of the processor's seconds, vectors of sentences
 *   left out; and `peer(steps)`, which has TextAttack do it
 */
export async function openAttack(tools, encoder, name, options) {
  const { sm } = tools;
  const { python, encoderFolder, folder, threshold = sm.attacks.recipeThreshold } = options;
  const victim = await makeVictim(sm, encoder, name, options);
  const synonyms = anywhere(sm.attacks.openSynonyms(options.synonyms, { leastCosine: options.cosine }));
  const adapter = path.join(folder, `${name}-adapter`);
  sm.exportAdapter(victim.adapter, adapter, "adapterhub", { head: victim.head });
  const { test } = victim.domain;
  const similarity = counting(sm.attacks.universalSentenceSimilarity({ threshold }));
  const plan = { adapter: victim.adapter.config, head: victim.head.config };
  const fooler = sm.createTextFooler(encoder, plan, { synonyms, similarity, maxLength });
  const neighbours = {};
  const job = {
    ...{ encoder: path.resolve(encoderFolder), adapter, maxLength, threshold, threads: 1 },
    oracle: [process.execPath, path.join(here, "textattack-oracle.mjs")],
    examples: test.map((example) => taskOf(tools, example, synonyms, neighbours)),
    neighbours,
  };
  return {
    ...{ name, synonyms: synonyms.name, similarity: similarity.name, threshold, part: tools.attackedPart(test[0]) },
    texts: test.length,
    own() {
      similarity.seconds = 0;
      const begun = processorSeconds();
      const results = test.map((example, i) => fooler.attack(victim, example, i));
      return { results, seconds: processorSeconds() - begun - similarity.seconds };
    },
    peer(steps) {
      const output = execFileSync(python, [path.join(here, "textattack-peer.py")], {
        input: JSON.stringify({ ...job, steps }),
        ...{ encoding: "utf8", maxBuffer: 1 << 30, stdio: "pipe" },
      });
      return JSON.parse(output.trim().split("\n").at(-1));
    },
    dispose() {
      fooler.dispose();
      similarity.dispose();
    },
  };
}
