// The benchmark against TextAttack: TextFooler on the same victims and texts, by the processor's seconds on one thread. Vectors of
// sentences are left out for both. Parts of speech are signmix's for both, and counted for both.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadTools, openAttack } from "../checks/textattack-job.mjs";
import { quartiles, spread } from "./quartiles.mjs";
import { titleOf } from "./sweep-work.mjs";

export const name = "textattack";
export const about = "TextFooler beside TextAttack's on the same victims; windows of the sentence encoder a second";

const domains = ["sst2", "mnli", "imdb"];
const texts = 24;
const shipped = "data/signmix-mini";
/** Each starts a Python, which takes longer than the attacks. */
const mostTurns = 5;
/** The first run warms; TextAttack with all of signmix's rules does the same work, its recipe is what its users run. */
const peerSteps = ["short", "short", "recipe"];
/** Words of a window, as the recipe has them, and windows of one measurement. */
const [windowSize, windows] = [15, 200];

/** Windows a second that the Universal Sentence Encoder reads, as in use many at once, none twice. */
function windowsPerSecond(sm, sentences, turn) {
  const similarity = sm.attacks.universalSentenceSimilarity();
  const words = sentences.join(" ").split(/\s+/);
  const window = (i) =>
    `${turn}${i} ${words
      .slice((7 * i) % words.length)
      .slice(0, windowSize - 1)
      .join(" ")}`;
  const all = Array.from({ length: windows }, (_, i) => window(i));
  similarity.similarity(["warm"], ["up"]);
  const begun = process.cpuUsage();
  similarity.similarity(all.slice(0, windows / 2), all.slice(windows / 2));
  const { user, system } = process.cpuUsage(begun);
  similarity.dispose();
  return windows / ((user + system) / 1e6);
}

/** One domain's victim attacked by turns; its row, the versions of the peer's libraries, and windows a second. */
async function measure(tools, encoder, domain, { turns, ...options }, log) {
  const attack = await openAttack(tools, encoder, domain, options);
  const { results } = attack.own(); // compiles
  const seconds = { own: [], equal: [], recipe: [] };
  const rates = [];
  let same;
  let versions;
  for (let turn = 0; turn < turns; turn++) {
    seconds.own.push(attack.own().seconds);
    const peer = attack.peer(peerSteps);
    versions = peer.versions;
    const [, equal, recipe] = peer.runs;
    same = equal.results.filter(({ verdict }, i) => verdict === results[i].verdict).length;
    seconds.equal.push(equal.seconds);
    seconds.recipe.push(recipe.seconds);
    const sentences = equal.results.map(({ text }) => text);
    rates.push(windowsPerSecond(tools.sm, sentences, `${domain} ${turn} `));
    const told = Object.entries(seconds).map(([way, all]) => `${way} ${all[turn].toFixed(2)} s`);
    log(`${domain} ${turn + 1}/${turns}: ${told}`);
  }
  attack.dispose();
  const ratio = (way) => quartiles(seconds[way].map((value, i) => value / seconds.own[i]));
  const row = {
    ...{ domain, texts: results.length, same },
    examplesPerSecond: quartiles(seconds.own.map((value) => results.length / value)),
    ...{ equal: ratio("equal"), recipe: ratio("recipe") },
  };
  return { row, versions, rates };
}

/** Measures by turns on each encoder: `mini` or a checkpoint's folder. */
export async function run({ pairs, python, encoders }, log) {
  if (!python)
    return void log("left out: name a Python that has textattack by --python (npm run setup:peers makes one)");
  const turns = Math.min(pairs, mostTurns);
  const tools = await loadTools();
  const rows = [];
  const rates = [];
  let versions;
  for (const name of encoders) {
    const encoderFolder = name === "mini" ? shipped : name;
    const encoder = await tools.sm.loadEncoder(encoderFolder);
    const folder = mkdtempSync(path.join(tmpdir(), "signmix-textattack-"));
    const called = titleOf(name, encoder.config);
    const options = { turns, folder, encoderFolder, python, texts, steps: 150, synonyms: "wordnet", cosine: 0.5 };
    try {
      for (const domain of domains) {
        const found = await measure(tools, encoder, domain, options, (text) => log(`${called}, ${text}`));
        versions = found.versions;
        rows.push({ encoder: called, ...found.row });
        rates.push(...found.rates);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
      encoder.dispose();
    }
  }
  return { versions, rows, windowsPerSecond: quartiles(rates) };
}

/** The results as a table in Markdown. */
export function table({ versions, rows, windowsPerSecond }) {
  const named = Object.entries(versions).map(([library, version]) => `${library} ${version}`);
  return [
    `Pfeiffer adapters, generated texts, WordNet's synonyms, Universal Sentence Encoder lite; ${named.join(", ")}. Seconds of the processor on one thread, vectors of sentences left out for both; both have signmix's parts of speech, and their time.`,
    "",
    "| encoder | domain | texts | same verdict | signmix, examples per second: median (quartiles) | TextAttack by signmix's rules takes so many times as long | its recipe |",
    "|---|---|---|---|---|---|---|",
    ...rows.map(
      ({ encoder, domain, texts, same, examplesPerSecond, equal, recipe }) =>
        `| ${encoder} | ${domain} | ${texts} | ${same} | ${spread(examplesPerSecond, 1)} | ${spread(equal, 2)} | ${spread(recipe, 2)} |`,
    ),
    "",
    `The sentence encoder reads ${spread(windowsPerSecond, 0)} windows of ${windowSize} words a second.`,
  ].join("\n");
}
