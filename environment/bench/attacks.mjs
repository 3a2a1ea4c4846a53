// The attack benchmark: how fast TextFooler and FGSM go on one core, and what asking many candidates at once is worth.
import { encoderSimilarity } from "../../dist/attacks/similarity.js";
import { loadDomain } from "../../dist/domains/load.js";
import { selectBackend } from "../../dist/engine/backend.js";
import { createFgsm, createTextFooler, trainAdapter } from "../../dist/index.js";
import { Problem } from "../problem.mjs";
import { quartiles, spread } from "./quartiles.mjs";
import { openEncoder, settings } from "./sweep-work.mjs";
import { timed } from "./timed.mjs";

export const name = "attacks";
export const about = "TextFooler and FGSM on one core: examples and queries per second";

/** Short texts, pairs and long texts. */
const domains = ["sst2", "mnli", "imdb"];
const texts = 32;
/** Steps of each adapter, so that it predicts better than chance. */
const steps = 100;
const threshold = 0.87;
/** Texts in one run of the model: as in use, and one candidate after the other. */
const ways = { "many at once": settings.batchSize, "one by one": 1 };

async function makeVictims(encoder, log) {
  const victims = [];
  for (const domain of domains) {
    const loaded = await loadDomain(domain, { maxTrain: settings.trainRows, maxDev: 8, maxTest: texts });
    const { learningRate, batchSize, maxLength } = settings;
    const options = { method: "houlsby", seed: 1, steps, learningRate, batchSize, maxLength };
    const { adapter, head } = await trainAdapter(encoder, loaded, options);
    victims.push({ victim: { adapter, head }, examples: loaded.test });
    log(`${domain}: victim trained`);
  }
  return victims;
}

const planOf = ({ victim: { adapter, head } }) => ({ adapter: adapter.config, head: head.config });

function foolersOf(encoder, victims, batchSize) {
  const { maxLength } = settings;
  const similarity = encoderSimilarity(encoder, { threshold, batchSize, maxLength });
  return victims.map((victim) => createTextFooler(encoder, planOf(victim), { similarity, batchSize, maxLength }));
}

/** One attack on every text. */
function fool(foolers, victims) {
  return victims.flatMap(({ victim, examples }, v) => examples.map((text, i) => foolers[v].attack(victim, text, i)));
}

const summaryOf = (attacked) => JSON.stringify(attacked.map(({ verdict, substitutions }) => [verdict, substitutions]));

/** Measures both attacks; nothing is returned if a way finds other attacks than the first. */
export async function run({ pairs }, log) {
  await selectBackend("onnx", { quiet: true });
  const encoder = await openEncoder();
  const victims = await makeVictims(encoder, log);
  const foolers = Object.fromEntries(
    Object.entries(ways).map(([way, batchSize]) => [way, foolersOf(encoder, victims, batchSize)]),
  );
  const names = Object.keys(ways);
  const seconds = Object.fromEntries(names.map((way) => [way, []]));
  const first = fool(foolers[names[0]], victims);
  for (const way of names) {
    if (summaryOf(fool(foolers[way], victims)) !== summaryOf(first))
      throw new Problem(`"${way}" finds other attacks than "${names[0]}"; nothing is reported.`);
  }
  const { epsilons, batchSize, maxLength } = settings;
  const fgsm = victims.map((victim) =>
    createFgsm(encoder, victim.examples, planOf(victim), { epsilon: epsilons, batchSize, maxLength }),
  );
  const step = () => victims.map(({ victim }, v) => fgsm[v].run(victim));
  step();
  seconds.fgsm = [];
  for (let pair = 0; pair < pairs; pair++) {
    for (const way of names.map((_, i) => names[(i + pair) % names.length]))
      seconds[way].push(timed(() => fool(foolers[way], victims)).seconds);
    seconds.fgsm.push(timed(step).seconds);
    log(`${pair + 1}/${pairs}: ${Object.entries(seconds).map(([way, all]) => `${way} ${all[pair].toFixed(2)} s`)}`);
  }
  const attacked = first.filter(({ verdict }) => verdict !== "skipped");
  const queries = first.reduce((sum, each) => sum + each.queries, 0);
  const rate = (way, count) => quartiles(seconds[way].map((value) => count / value));
  return {
    examples: first.length,
    attacked: attacked.length,
    queries,
    strengths: epsilons.length,
    textFooler: names.map((way) => ({
      way,
      examplesPerSecond: rate(way, first.length),
      queriesPerSecond: rate(way, queries),
      timesAsLong: quartiles(seconds[way].map((value, i) => value / seconds[names[0]][i])),
    })),
    fgsm: { examplesPerSecond: rate("fgsm", first.length) },
  };
}

/** The results as a table in Markdown. */
export function table({ examples, attacked, queries, strengths, textFooler, fgsm }) {
  return [
    `${examples} test texts of ${domains.join(", ")}, ${attacked} of them answered rightly and so attacked, with ${queries} queries; signmix-mini, Houlsby adapters, one core.`,
    "",
    "| attack | candidates | examples per second: median (quartiles) | queries per second | times as long |",
    "|---|---|---|---|---|",
    ...textFooler.map(
      ({ way, examplesPerSecond, queriesPerSecond, timesAsLong }, i) =>
        `| TextFooler | ${way} | ${spread(examplesPerSecond, 1)} | ${spread(queriesPerSecond, 0)} | ${i === 0 ? "1" : spread(timesAsLong, 2)} |`,
    ),
    `| FGSM, ${strengths} strengths | | ${spread(fgsm.examplesPerSecond, 1)} | | |`,
  ].join("\n");
}
