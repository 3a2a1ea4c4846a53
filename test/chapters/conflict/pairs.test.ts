import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { measureSpecifications } from "#src/chapters/conflict/measured-specifications.js";
import {
  allPairs,
  describeReliability,
  flipSets,
  meanPairs,
  measureFlips,
  measurePairs,
} from "#src/chapters/conflict/pairs.js";
import { pairwiseFsd } from "#src/chapters/conflict/pairwise.js";
import { measureSimilarity } from "#src/chapters/conflict/similarity.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import { inRegime, regimes } from "#src/study/in-regime.js";
import { tinyStudy } from "../../study/tiny-study.js";

const study = inRegime(await tinyStudy(), "paper");
const singles = await trainSingles(study, { methods: ["pfeiffer"], seeds: [1, 2] });
const pairs = await measurePairs(study, singles);
const { domains } = study.settings;

test("every ordered pair has a row for each seed; FSD is that of the adapters, and the two flip shares add up to it", () => {
  assert.equal(pairs.length, 2 * 4 * 3);
  const fsd = pairwiseFsd(study, singles.slice(0, 4));
  for (const row of pairs.filter(({ seed }) => seed === 1)) {
    assert.equal(row.fsd, fsd[domains.indexOf(row.target)][domains.indexOf(row.partner)]);
    const back = pairs.find(
      (other) => other.seed === 1 && other.target === row.partner && other.partner === row.target,
    );
    assert.ok(back && Math.abs(row.flipShare + back.flipShare - row.fsd) < 1e-3, "ties of float32 aside");
    assert.deepEqual([...row.members].sort(), [row.target, row.partner].sort());
  }
});

test("starts follow the number of labels: one start is near nothing moved, two starts are at chance", () => {
  const labels = { sst2: 2, ag_news: 4, financial: 3, tweets: 2 } as Record<string, number>;
  for (const { target, partner, sameStart, fsd, expectedFsd } of pairs) {
    assert.equal(sameStart, labels[target] === labels[partner]);
    assert.ok(sameStart ? fsd < 0.3 : Math.abs(fsd - 0.5) < 0.05, `${target} ${partner} ${fsd}`);
    assert.ok(Math.abs(fsd - expectedFsd) < 0.06, `${target} ${partner} ${fsd} ${expectedFsd}`);
  }
});

test("means over seeds keep one row a pair, and reliability is said only of several seeds", () => {
  const means = meanPairs(pairs);
  assert.equal(means.length, 12);
  const own = pairs.filter(({ target, partner }) => target === "sst2" && partner === "tweets");
  const [mean] = means.filter(({ target, partner }) => target === "sst2" && partner === "tweets");
  assert.ok(Math.abs(mean.fsd - (own[0].fsd + own[1].fsd) / 2) < 1e-12);
  assert.match(describeReliability(pairs.filter(({ seed }) => seed === 1)), /With one seed/);
  const shifted = pairs.map((row, i) => ({ ...row, change: i % 12, fsd: (i % 12) / 20 }));
  assert.match(describeReliability(shifted), /FSD 1\.00, accuracy change 1\.00\. No correlation beyond ±1\.00/);
});

test("signs are counted in all pairs and in as many larger sets as there are, 26 of a size at most", () => {
  const sizes = flipSets(study).map(({ length }) => length);
  assert.deepEqual(
    [2, 3, 4].map((size) => sizes.filter((length) => length === size).length),
    [6, 4, 1],
  );
  const of = (domains: string[]) => flipSets({ ...study, settings: { ...study.settings, domains } });
  assert.deepEqual(of(["a", "b"]), [[0, 1]]);
  const thirteen = of(Array.from({ length: 13 }, (_, i) => `domain ${i}`));
  assert.equal(thirteen.length, 78 + 9 * 26 + 13 + 1); // pairs, sizes 3 to 11, twelve, all
});

test("flips of pairs are those of the pairs, a set that is listed twice counts once, and more members flip more", async () => {
  const flips = await measureFlips(study, singles, [...allPairs(study), [0, 1], [0, 1, 2, 3], [2]]);
  assert.equal(flips.length, 2 * (12 + 4));
  for (const row of flips.filter(({ size }) => size === 2)) {
    const pair = pairs.find(
      ({ target, seed, members }) =>
        target === row.target && seed === row.seed && members.join() === row.members.join(),
    );
    assert.equal(row.flipShare, pair?.flipShare);
  }
  const mean = (size: number) => {
    const own = flips.filter((row) => row.size === size);
    return own.reduce((sum, { flipShare }) => sum + flipShare, 0) / own.length;
  };
  assert.ok(mean(4) > mean(2));
  for (const { flipShare, byArithmetic } of flips) assert.ok(Math.abs(flipShare - byArithmetic) < 0.08);
});

test("where signs are stored, pairs, flips and likeness are the same again without any adapter", async () => {
  const storing = { ...study, lazy: true, settings: { ...study.settings, storeSigns: true } };
  const measure = async (of: typeof study) => ({
    pairs: await measurePairs(of, singles),
    flips: await measureFlips(of, singles, flipSets(study)),
    alike: await measureSimilarity(of, singles),
    fsd: (["raw", "change"] as const).map((weights) => pairwiseFsd(of, singles.slice(0, 4), { weights })),
    specifications: await measureSpecifications(of, [regimes.paper]),
  });
  const expected = await measure(study);
  assert.deepEqual(await measure(storing), expected);
  assert.ok(study.store.count("flips") > 2, "a row for each seed and list of sets");
  rmSync(join(study.store.folder, "adapters"), { recursive: true });
  rmSync(join(study.store.cache, "adapters"), { recursive: true, force: true });
  assert.deepEqual(await measure(storing), expected);
});
