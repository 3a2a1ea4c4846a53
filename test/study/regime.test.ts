import assert from "node:assert/strict";
import { test } from "node:test";
import { domainCard } from "#src/domains/card.js";
import { domainNames } from "#src/domains/domain.js";
import { readPaper } from "#src/study/paper.js";
import {
  controlledRegime,
  describeRegime,
  lengths,
  ownEpochs,
  paperRegime,
  startSeed,
  stepsByEpochs,
  stepsOf,
} from "#src/study/regime.js";

test("shared starts are one, separate ones thirteen, starts by classes the blocks of the paper's matrix", () => {
  const domains = domainNames.map((name) => ({ name, classes: domainCard(name).labels.length }));
  const groups = (start: "shared" | "byClasses" | "separate") => {
    const bySeed = new Map<string | number, string[]>();
    for (const domain of domains) {
      const seed = startSeed(start, 7, domain);
      bySeed.set(seed, [...(bySeed.get(seed) ?? []), domain.name]);
    }
    return [...bySeed.values()];
  };
  assert.equal(groups("shared").length, 1);
  assert.equal(groups("separate").length, 13);
  assert.deepEqual(
    groups("byClasses").map((group) => group.length),
    [2, 8, 2, 1],
  );
  assert.equal(startSeed("shared", 7, domains[0]), 7, "the seed of the run itself");
  assert.notEqual(startSeed("byClasses", 7, domains[0]), startSeed("byClasses", 8, domains[0]));
  assert.throws(() => startSeed("own" as "shared", 1, domains[0]), /"own" is no start/);
});

test("steps by epochs: the paper's thirteen numbers", () => {
  const steps = stepsByEpochs(readPaper().training.rows);
  assert.deepEqual(steps, {
    ...{ mnli: 800, qnli: 400, rte: 100, mrpc: 100, qqp: 800, sst2: 400, rct: 800, ag_news: 400 },
    ...{ authorship: 100, financial: 100, imdb: 200, tweets: 200, toxic: 400 },
  });
});

test("steps by epochs by hand: ends, the nearest on the log scale, own tables, and beyond the ends", () => {
  const reference = [
    { domain: "least", epochs: 1, trainRows: 100 },
    { domain: "most", epochs: 10, trainRows: 80 * 100 },
  ];
  // exposure 100 to 80,000 on lengths 100 to 800: the middle of both log scales is √(100·80,000) = 2,828 → 283, between
  // 200 and 400 on their own log scale at √(200·400) = 282.8
  const own = (trainRows: number) => ({ domain: "own", epochs: ownEpochs, trainRows });
  const steps = (trainRows: number) => stepsByEpochs([own(trainRows)], { reference }).own;
  assert.deepEqual(
    [steps(1), steps(20), steps(560), steps(570), steps(16_000), steps(1e6)],
    [100, 100, 200, 400, 800, 800],
  );
  assert.deepEqual(stepsByEpochs(reference), { least: 100, most: 800 });
  assert.deepEqual(stepsByEpochs(reference, { lengths: [50] }), { least: 50, most: 50 });
  assert.throws(() => stepsByEpochs([own(0)]), /own needs epochs and rows above 0/);
  assert.deepEqual(lengths, [100, 200, 400, 800]);
});

test("a regime's schedule gives every domain its steps, and says itself in words", () => {
  const rows = readPaper().training.rows;
  assert.ok(Object.values(stepsOf("equal", rows, { steps: 300 })).every((steps) => steps === 300));
  assert.deepEqual(stepsOf("byEpochs", rows, { steps: 300 }), stepsByEpochs(rows));
  assert.equal(describeRegime(paperRegime), "a start for each number of classes, steps by epochs");
  assert.equal(describeRegime(controlledRegime), "one start for all, equal steps");
  assert.throws(() => stepsOf("long" as "equal", rows, { steps: 1 }), /"long" is no schedule/);
});
