import assert from "node:assert/strict";
import { test } from "node:test";
import {
  paperAssociation,
  paperByTarget,
  paperPairs,
  paperRegression,
} from "#src/chapters/conflict/paper-association.js";
import {
  allDistances,
  betweenBlocks,
  fitDistances,
  flipGrowth,
  signBlocks,
} from "#src/chapters/conflict/paper-starts.js";
import { domainCard } from "#src/domains/card.js";
import { readPaper } from "#src/study/paper.js";

const paper = readPaper();

test("the paper's FSD matrix is a block matrix, and the blocks are the numbers of labels", () => {
  const blocks = signBlocks(paper);
  assert.deepEqual(
    blocks.map(({ domains }) => domains.length),
    [8, 2, 2, 1],
  );
  for (const { domains } of blocks) {
    assert.equal(new Set(domains.map((domain) => domainCard(domain).labels.length)).size, 1, domains.join());
  }
  assert.deepEqual([blocks[0].pairs, blocks[0].least, blocks[0].most], [28, 8.6, 36.3]);
  assert.deepEqual(betweenBlocks(paper), { pairs: 48, least: 49.8, most: 50 });
});

test("one distance for each adapter gives the FSD of the 28 two-class pairs: R² 0.9997, error 0.17 points", () => {
  const { pairs, rSquared, error, rows, withExposure } = fitDistances(paper);
  assert.equal(pairs, 28);
  assert.equal(rSquared.toFixed(4), "0.9997");
  assert.equal(error.toFixed(2), "0.17");
  const longest = [...rows].sort((a, b) => b.moved - a.moved).map(({ domain }) => domain);
  assert.deepEqual(longest.slice(0, 3), ["qqp", "qnli", "sst2"]);
  assert.ok(withExposure > 0.8, String(withExposure));
  assert.ok(allDistances(paper).every(({ moved }) => moved > 0.15 && moved < 1.8));
});

test("accuracy falls with flip share on every target, by -0.85 on average, and partners of the same start do better", () => {
  const found = paperAssociation(paper);
  assert.equal(found.meanWithinTargets.toFixed(2), "-0.85");
  assert.deepEqual([found.negative, found.targets], [12, 12]);
  assert.ok(found.flipShare.high < -0.6 && found.flipShare.low > -0.96);
  assert.ok(found.fsd.high < 0 && found.fsd.effect > found.flipShare.effect);
  const { least, most, targets } = found.sameStartGain;
  assert.deepEqual([least.toFixed(1), most.toFixed(1), targets], ["1.0", "2.9", 11]);
  const spreads = paperByTarget(paper).map(({ fsdSpread }) => fsdSpread);
  assert.equal((spreads.reduce((sum, value) => sum + value, 0) / spreads.length).toFixed(1), "11.5");
});

test("same start and distance explain 87 to 89% of accuracy within targets; flip share keeps part of its correlation", () => {
  const { explained, givenBoth } = paperAssociation(paper);
  assert.deepEqual([explained.plain.toFixed(2), explained.log.toFixed(2)], ["0.87", "0.89"]);
  for (const left of [givenBoth.log, givenBoth.plain]) assert.ok(left < -0.55 && left > -0.8, String(left));
  const { terms, pairs } = paperRegression(paper, { permutations: 400 });
  assert.equal(pairs, 144);
  const [sameStart, distance, fsd] = terms;
  assert.ok(sameStart.coefficient > 0.5 && distance.coefficient < -0.5 && fsd.coefficient < 0);
  assert.ok(sameStart.p < 0.08 && distance.p < 0.02, `${sameStart.p}, ${distance.p}`);
});

test("the growth of flip share to thirteen is what arithmetic gives of starts and distances, within a point on average", () => {
  const rows = flipGrowth(paper);
  const mean = rows.reduce((sum, { beyond }) => sum + beyond, 0) / rows.length;
  assert.ok(Math.abs(mean) < 1, String(mean));
  for (const row of rows) assert.ok(Math.abs(row.thirteen - row.thirteenByArithmetic) < 6, row.target);
  // what figure 15 shows at two is one pair's value, the least for most targets, and no mean
  for (const { target, asShownAtTwo, two } of rows) {
    const shares = paperPairs(paper)
      .filter((row) => row.target === target)
      .map(({ flipShare }) => flipShare);
    assert.ok(
      shares.some((share) => Math.abs(share - asShownAtTwo) < 0.25),
      target,
    );
    assert.ok(Math.abs(two - asShownAtTwo) > 1, target);
  }
});
