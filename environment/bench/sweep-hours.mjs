// How long a whole sweep takes: the batches that its texts make, times what a batch of each length was measured to take.

import { sampleMixtures } from "../../dist/chapters/mix/mixtures.js";
import { loadDomain } from "../../dist/domains/load.js";
import { loadProfile } from "../../dist/study/profile.js";
import { batchesByLength, paddedLengths } from "../../dist/text/batching.js";
import { createEvaluator } from "../../dist/training/evaluate.js";
import { encodeExamples } from "../../dist/training/examples.js";

const repeats = 9;

/** Seconds of a full batch of each padded length on this process's thread: the median of some runs. */
function secondsByLength(encoder, { adapter, head }, { batchSize, maxLength }) {
  const plan = { adapter: adapter.config, head: head.config };
  return Object.fromEntries(
    paddedLengths(maxLength).map((length) => {
      const example = { text: "the ".repeat(length - 2), label: 0 }; // and two special tokens
      const examples = Array.from({ length: batchSize }, () => example);
      const evaluator = createEvaluator(encoder, examples, plan, { batchSize, maxLength });
      const times = Array.from({ length: repeats }, () => {
        const start = performance.now();
        evaluator.run(adapter, head);
        return (performance.now() - start) / 1000;
      });
      return [length, times.sort((a, b) => a - b)[repeats >> 1]];
    }),
  );
}

/** Batches of each padded length that the dev and test texts of a domain make; without its texts, all of the longest. */
async function batchesOf(encoder, name, settings, data) {
  const { batchSize, maxLength, devRows, testRows, source } = settings;
  const counts = {};
  if (source === "real" && !data) return { [maxLength]: Math.ceil((devRows + testRows) / batchSize) };
  const limits = { maxTrain: settings.trainRows, maxDev: devRows, maxTest: testRows };
  const domain = await loadDomain(name, { data: source === "real" ? data : "classroom", ...limits });
  const encodings = encodeExamples(encoder, [...domain.dev, ...domain.test], maxLength);
  const options = { batchSize, maxLength, padTokenId: encoder.config.padTokenId };
  for (const { batch } of batchesByLength(encodings, options)) {
    const length = batch.inputIds.shape[1];
    counts[length] = (counts[length] ?? 0) + 1;
  }
  return counts;
}

/** Tests (mixture × domain) of every size of sweep; a diluted single adapter is a test too. */
export function sweepSizes(settings) {
  const { domains, methods, seeds, mixtureSizes, poolSize, poolMethods } = settings;
  const sampled = sampleMixtures({ settings }).reduce((sum, members) => sum + members.length, 0);
  const diluted = domains.length * (1 + mixtureSizes.length);
  const subsetTests = (n) => n * 2 ** (n - 1);
  return [
    { sweep: "sampled, with dilution", tests: sampled + diluted, adapters: methods.length * seeds.length },
    {
      sweep: `all ${2 ** poolSize - 1} subsets of a pool of ${poolSize}`,
      tests: subsetTests(poolSize),
      adapters: poolMethods.length * seeds.length,
    },
    {
      sweep: `all ${2 ** domains.length - 1} subsets of ${domains.length}`,
      tests: subsetTests(domains.length),
      adapters: 1,
    },
  ];
}

/**
 * Hours of every size of sweep at a profile's settings, on one core and on all.
 * @param gain rate on all cores ÷ rate on one, as measured
 */
export async function projectHours(profile, encoder, trained, { gain, data }) {
  const { settings } = loadProfile(profile);
  const seconds = secondsByLength(encoder, trained, settings);
  let perTest = 0; // mean over the domains, each of which a sweep tests equally often
  for (const name of settings.domains) {
    const batches = await batchesOf(encoder, name, settings, data);
    const own = Object.entries(batches).reduce((sum, [length, count]) => sum + count * seconds[length], 0);
    perTest += own / settings.domains.length;
  }
  const texts = settings.source !== "real" ? "generated" : data ? "from a folder" : "none at hand: all of full length";
  return sweepSizes(settings).map(({ sweep, tests, adapters }) => {
    const oneCore = (tests * adapters * perTest) / 3600;
    return { profile, texts, sweep, tests, adapters, secondsPerTest: perTest, oneCore, allCores: oneCore / gain };
  });
}
