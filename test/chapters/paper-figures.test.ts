import assert from "node:assert/strict";
import { test } from "node:test";
import {
  describeFlipGrowth,
  describePairsBesidePaper,
  flipBySizeFigure,
  pairPanelsFigure,
  paperFlipSizes,
  similarityFigure,
} from "#src/chapters/conflict/paper-figures.js";
import {
  describeFsdByDistance,
  describeSignBlocks,
  fsdByDistanceFigure,
  paperMatrix,
  startsHeatmap,
} from "#src/chapters/conflict/sign-matrix.js";
import { choicesFigure, describeChoices } from "#src/chapters/greedy/paper-figures.js";
import { describeDropAtAll, dropAtAll, dropBySizeFigure } from "#src/chapters/mix/paper-figures.js";
import { describeSparsity, paperSparsities, sparsityFigure } from "#src/chapters/prune/paper-figures.js";
import { describeSparseSizes, paperSparseSizes, sparseBySizeFigure } from "#src/chapters/sparse/paper-figures.js";
import type { Figure, Trace } from "#src/figures/figure.js";
import { readPaper } from "#src/study/paper.js";
import { choiceRows, dropRows, flipRows, pairRows, similarityRows, sparseRows, sparsityRows } from "./paper-rows.js";

const paper = readPaper();

const named = (figure: Figure, name: string) => figure.data.filter((trace) => trace.name === name);
const numbers = (trace: Trace, axis: "x" | "y") => trace[axis] as (number | null)[];

/** Thirteen panels in four rows of 900 pixels, one entry of the legend to each name, and where the paper's come from. */
function checkPanels(figure: Figure): void {
  assert.equal(figure.layout.width, 900);
  const axes = Object.keys(figure.layout).filter((key) => key.startsWith("xaxis"));
  assert.equal(axes.length, 13);
  const shown = figure.data.filter(({ showlegend }) => showlegend === true).map(({ name }) => name);
  assert.equal(new Set(shown).size, shown.length);
  assert.match(JSON.stringify(figure.layout.title), /manuscript of February 2024/);
  assert.ok((figure.layout.legend as { x: number }).x > 0.2, "the legend is in the free cells");
}

test("points lost by size: means and best of each condition, the paper's curve and its three drops at thirteen", () => {
  const figure = dropBySizeFigure(dropRows, paper);
  checkPanels(figure);
  for (const name of ["clean", "TextFooler", "FGSM", "clean, best", "paper at 13, FGSM"]) {
    assert.equal(named(figure, name).length, 13, name);
  }
  assert.equal(named(figure, "paper, clean").length, 12, "toxic could not be read off");
  const [mnli] = named(figure, "paper, clean");
  assert.ok(Math.abs((numbers(mnli, "y")[0] as number) - (89.8 - 85.3)) < 1e-9);
  assert.deepEqual(numbers(named(figure, "paper at 13, TextFooler")[12], "y"), [10.52]);
  const own = dropRows.filter((row) => row.target === "qnli" && row.condition === "clean" && row.size === 3);
  const mean = own.reduce((sum, { drop }) => sum + drop, 0) / own.length;
  assert.ok(Math.abs((numbers(named(figure, "clean")[1], "y")[1] as number) - mean) < 1e-9);
  assert.equal(numbers(named(figure, "clean, best")[1], "y")[1], Math.min(...own.map(({ drop }) => drop)));
});

test("table 1 beside ours, and a sentence that names the largest difference", () => {
  const rows = dropAtAll(dropRows, paper);
  assert.equal(rows.length, 39);
  const [first] = rows;
  assert.deepEqual([first.domain, first.condition, first.paper], ["mnli", "clean", 15.04]);
  assert.equal(first.difference, first.ours - first.paper);
  assert.match(
    describeDropAtAll(rows),
    /against the paper's 11\.9, TextFooler .* 12\.0, FGSM .* 10\.3\. They differ most/,
  );
  const mine = dropAtAll([{ target: "mine", size: 2, condition: "clean", drop: 3 }], paper);
  assert.deepEqual(mine, [{ domain: "mine", condition: "clean", ours: 3, paper: Number.NaN, difference: Number.NaN }]);
  assert.match(describeDropAtAll(mine), /No domain of the paper was tested/);
});

test("the paper's matrix is ordered by start and distance, with its blocks drawn apart", () => {
  const figure = startsHeatmap(paperMatrix(paper), { title: "FSD" });
  const [{ y, z }] = figure.data as unknown as { y: string[]; z: (number | null)[][] }[];
  assert.deepEqual(y.slice(0, 2), ["rte", "toxic"]);
  assert.deepEqual(y.slice(7), ["qqp", "financial", "mnli", "authorship", "rct", "ag_news"]);
  assert.equal(z[0][0], null);
  assert.ok(Math.abs((z[8][9] as number) - 33.8) < 1e-9 && z[0][12] === 50);
  assert.equal((figure.layout.shapes as object[]).length, 6, "three edges each way");
});

test("pairs: ours by start, the paper's as change from its single adapters", () => {
  const figure = pairPanelsFigure(pairRows, paper);
  checkPanels(figure);
  const theirs = named(figure, "paper");
  assert.equal(theirs.length, 12);
  assert.equal(numbers(theirs[0], "x").length, 12);
  assert.ok(Math.abs((numbers(theirs[0], "y")[0] as number) - (88 - 89.8)) < 1e-9);
  assert.equal(named(figure, "partner of the same start").length, 12, "ag_news has none");
  const points = named(figure, "partner of another start").reduce((sum, trace) => sum + numbers(trace, "x").length, 0);
  assert.equal(points, 156 - 8 * 7 - 2 - 2);
  const byFsd = named(pairPanelsFigure(pairRows, paper, { measure: "fsd" }), "paper");
  assert.ok(Math.abs((numbers(byFsd[0], "x")[0] as number) - 50) < 0.3, "mnli and its first partner, in percent");
  assert.match(describePairsBesidePaper(pairRows, paper, "fsd"), /of FSD and .*negative on all 11\.$/);
  assert.match(describePairsBesidePaper(pairRows, paper), /-0\.85 in the paper's figure 14, negative on all 12\.$/);
});

test("flip share by size, with the line that arithmetic gives", () => {
  const figure = flipBySizeFigure(flipRows, paper);
  checkPanels(figure);
  const [line] = named(figure, "by arithmetic, from starts and distances");
  const own = flipRows.filter(({ target }) => target === "mnli");
  assert.deepEqual(
    numbers(line, "y"),
    own.map(({ byArithmetic }) => 100 * byArithmetic),
  );
  assert.equal(named(figure, "paper").length, 12);
  assert.equal(paperFlipSizes(paper).length, 24);
  assert.match(describeFlipGrowth(flipRows, paper), /in the paper by 10\.3 and 9\.7\.$/);
});

test("similarity: the Universal Sentence Encoder has a panel where all pairs have its cosine, and none where one lacks it", () => {
  const read = similarityRows.map((row, i) => ({ ...row, sentences: i / 100 }));
  const [, sentences] = named(similarityFigure(read), "one start");
  assert.deepEqual(
    numbers(sentences, "x"),
    read.filter(({ sameStart }) => sameStart).map((row) => row.sentences),
  );
  assert.equal(named(similarityFigure([...read.slice(1), similarityRows[0]]), "one start").length, 3);
});

test("similarity: a panel for each measure, two groups by start, and said that the paper's could not be read off", () => {
  const figure = similarityFigure(similarityRows);
  for (const [name, pairs] of [
    ["one start", 30],
    ["two starts", 48],
  ] as const) {
    const [embedding, topics, words] = named(figure, name);
    const own = similarityRows.filter(({ sameStart }) => sameStart === (name === "one start"));
    assert.equal(own.length, pairs);
    assert.deepEqual(
      numbers(embedding, "x"),
      own.map((row) => row.embedding),
    );
    assert.deepEqual(
      numbers(topics, "x"),
      own.map((row) => row.topics),
    );
    assert.deepEqual(
      numbers(words, "x"),
      own.map((row) => row.words),
    );
    assert.deepEqual(
      numbers(words, "y"),
      own.map(({ fsd }) => fsd),
    );
  }
  assert.match(JSON.stringify(figure.layout.title), /figure 2 could not be read off/);
});

test("two matrices in one: ours below the diagonal, the paper's above, groups of the paper's where ours share a start", () => {
  const theirs = paperMatrix(paper);
  const domains = ["mnli", "mine", "rte", "toxic"];
  const ours = {
    ...{ domains, start: [1, 1, 1, 1], moved: [4, 3, 2, 1] },
    matrix: domains.map((_, i) => domains.map((__, j) => (i === j ? 0 : 0.1 + 0.01 * (i + j)))),
  };
  const [{ y, z }] = startsHeatmap(ours, { title: "FSD", above: theirs }).data as unknown as {
    y: string[];
    z: (number | null)[][];
  }[];
  assert.deepEqual(y, ["toxic", "rte", "mnli", "mine"]);
  const at = (a: string, b: string) => 100 * theirs.matrix[theirs.domains.indexOf(a)][theirs.domains.indexOf(b)];
  assert.ok(Math.abs((z[1][0] as number) - 15) < 1e-9, "ours of rte and toxic");
  assert.ok(Math.abs((z[0][1] as number) - at("rte", "toxic")) < 1e-9 && (z[0][1] as number) < 15);
  assert.deepEqual([z[0][3], z[2][3], z[2][2]], [null, null, null], "the paper has no such domain");
  assert.match(
    describeSignBlocks(ours, paper),
    /here: from one start 11 to 15% \(6 pairs\)\. In the paper: from one start 9 to 36% \(30 pairs\), from two starts 50% \(48 pairs\)/,
  );
});

test("FSD by arithmetic: each pair once, the line of equality, and the paper's 28 pairs close to it", () => {
  const rows = [
    { target: "a", partner: "b", fsd: 0.3, expectedFsd: 0.32, sameStart: true },
    { target: "b", partner: "a", fsd: 0.3, expectedFsd: 0.32, sameStart: true },
    { target: "a", partner: "c", fsd: 0.5, expectedFsd: 0.5, sameStart: false },
  ];
  const figure = fsdByDistanceFigure(rows, paper);
  assert.deepEqual(numbers(named(figure, "one start")[0], "y"), [0.3]);
  assert.deepEqual(numbers(named(figure, "two starts")[0], "x"), [0.5]);
  assert.match(
    describeFsdByDistance(rows, paper),
    /our 2 pairs to within 1\.4 points, where it varies by 10\.0 \(98\.0% of/,
  );
  const narrow = rows.slice(1).map((row) => ({ ...row, fsd: 0.3 }));
  assert.match(describeFsdByDistance([...narrow, rows[0]], paper), /where it varies by 0\.0; nothing is fitted/);
  const [theirs] = named(figure, "paper");
  assert.equal(numbers(theirs, "x").length, 28);
  numbers(theirs, "x").forEach((x, i) => {
    assert.ok(Math.abs((x as number) - (numbers(theirs, "y")[i] as number)) < 0.006);
  });
});

test("choices, sparsity and sparse mixtures stand beside the paper's as points from the single adapters", () => {
  const choices = choicesFigure(choiceRows, paper);
  assert.equal(choices.data.length, 10);
  const best = numbers(named(choices, "paper, best on test")[0], "y");
  assert.equal(best[0], 0);
  assert.ok(Math.abs((best[12] as number) - (79.9 - 91.5)) < 1e-9);
  assert.ok(Math.abs((numbers(named(choices, "mean")[0], "y")[1] as number) + 3 * Math.log(2)) < 1e-9);
  assert.match(describeChoices(choiceRows, paper), /in the paper 0\.7 and 1\.5\.$/);
  assert.throws(() => choicesFigure(choiceRows.slice(1), paper), /size 1/);

  const sparsity = sparsityFigure(sparsityRows, paper);
  assert.deepEqual(
    sparsity.data.map(({ name }) => name),
    ["raw weights", "change", "paper"],
  );
  const at90 = paperSparsities(paper).find((row) => row.sparsity === 0.9);
  assert.equal(at90?.change.toFixed(1), "0.3");
  assert.match(
    describeSparsity(sparsityRows, paper),
    /^At 90% sparsity .*: raw weights -2\.2, change -4\.3; in the paper 0\.3\.$/,
  );
  assert.equal(describeSparsity(sparsityRows, paper, 0.77), "Nothing was pruned to 77%.");

  const sparse = sparseBySizeFigure(sparseRows, paper);
  assert.deepEqual(
    sparse.data.filter(({ showlegend }) => showlegend).map(({ name }) => name),
    [
      ...["best dense, on test", "best dense, cross-fitted", "sparse, 1 of 2 layers", "sparse, all 2 layers"],
      ...["paper, best dense on test", "paper, sparse"],
    ],
  );
  const theirs = named(sparse, "paper, sparse").map((trace) => numbers(trace, "y")[1] as number);
  assert.ok(Math.abs(theirs[0] - (91.3 - 91.5)) < 1e-9 && Math.abs(theirs[1] - (90.4 - 91.5)) < 1e-9);
  assert.deepEqual((sparse.layout.xaxis as { tickvals: number[] }).tickvals.length, 13);
  assert.equal(paperSparseSizes(paper).length, 26);
  // half the mean logarithm of the sizes from two, 0.805, for each layer pruned; one point more at 90%
  assert.match(
    describeSparseSizes(sparseRows, paper),
    /with 1 to 2 layers pruned: at 80% -0\.8, -1\.6 \(in the paper 1\.1\); at 90% -1\.8, -2\.6 \(in the paper 2\.0\)\.$/,
  );
});
