import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { domainNames } from "#src/domains/domain.js";
import { describeSource, readPaper } from "#src/study/paper.js";
import { sharedFolder } from "../reference/vectors.js";

const paper = readPaper();

test("the paper's numbers are whole: thirteen domains, 144 pairs, sizes 1 to 13, and what could not be read", () => {
  assert.deepEqual(
    paper.dropAtThirteen.rows.map(({ domain }) => domain),
    [...domainNames],
  );
  assert.deepEqual(paper.fsd.domains, [...domainNames]);
  paper.fsd.matrix.forEach((row, i) => {
    row.forEach((value, j) => {
      assert.equal(value, paper.fsd.matrix[j][i]);
      assert.ok(i === j ? value === 0 : value > 0 && value <= 50);
    });
  });
  assert.equal(paper.pairs.rows.length, 12 * 12);
  assert.equal(paper.bySize.rows.length, 12 * 12);
  assert.deepEqual(
    paper.choices.rows.map(({ size }) => size),
    Array.from({ length: 13 }, (_, i) => i + 1),
  );
  for (const { max, leastFsd, mean, mostFsd, min } of paper.choices.rows) {
    assert.ok(max >= leastFsd && leastFsd >= mean && mean >= mostFsd && mostFsd >= min);
  }
  assert.ok(paper.notRead.length >= 4 && paper.notRead.every(({ what, why }) => what && why));
  assert.equal(
    describeSource(paper, paper.fsd),
    "paper's figure 4, read off within about 0.2 (manuscript of February 2024)",
  );
  assert.match(describeSource(paper, paper.dropAtThirteen), /table 1, as printed/);
});

test("mean drops at thirteen are those that the paper states", () => {
  const mean = (key: "clean" | "textfooler" | "fgsm") =>
    paper.dropAtThirteen.rows.reduce((sum, row) => sum + row[key], 0) / 13;
  assert.deepEqual(
    [mean("clean").toFixed(2), mean("textfooler").toFixed(2), mean("fgsm").toFixed(2)],
    ["11.91", "12.03", "10.30"],
  );
});

const { folder, skip } = sharedFolder("paper");
test("they are those read off the figures, none lost", { skip }, () => {
  const read = JSON.parse(readFileSync(join(folder, "figures.json"), "utf8"));
  paper.fsd.domains.forEach((a, i) => {
    paper.fsd.domains.forEach((b, j) => {
      if (i !== j) assert.equal(paper.fsd.matrix[i][j], read.fsdPercent[a][b]);
    });
  });
  assert.deepEqual(
    paper.pairs.rows.map(({ target, partner, flipShare, accuracy }) => ({
      ...{ target, partner, changedDirection: flipShare, accuracy },
    })),
    read.pairs,
  );
  assert.deepEqual(
    paper.bySize.rows.map(({ target, size, flipShare, accuracy }) => ({
      ...{ target, size, changedDirection: flipShare, accuracy },
    })),
    read.bySize,
  );
  assert.deepEqual(
    paper.pruning.rows.map(({ sparsity, accuracy }) => ({ pruned: sparsity, accuracy })),
    read.pruning,
  );
  assert.deepEqual(
    paper.sparseMixtures.rows.map(({ sparse90 }) => sparse90),
    read.sparseMixtures.sparse90,
  );
  for (const { domain, clean, fgsm } of paper.dropAtThirteen.rows) {
    const i = read.dropAllThirteen.domains.indexOf(domain);
    assert.deepEqual([clean, fgsm], [read.dropAllThirteen.clean[i], read.dropAllThirteen.fgsm[i]]);
  }
});
