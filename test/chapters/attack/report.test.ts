import assert from "node:assert/strict";
import { test } from "node:test";
import type { AttackSet } from "#src/chapters/attack/attack-sets.js";
import type { Access, AttackedMixture } from "#src/chapters/attack/attacked-mixtures.js";
import { spreadRatio } from "#src/chapters/attack/fall.js";
import {
  adaptiveFigure,
  attackedByDomainFigure,
  attackedBySizeFigure,
  epsilonFigure,
} from "#src/chapters/attack/figures.js";
import { attackClaims } from "#src/chapters/attack/paper-claims.js";
import { attackedDropFigure, attackedDrops, attackedDropTable } from "#src/chapters/attack/paper-figures.js";
import {
  describeAdaptive,
  describeAttackedMixing,
  describeEpsilon,
  describeTextFooler,
} from "#src/chapters/attack/sentences.js";
import {
  adaptiveTable,
  attackCells,
  attackedCells,
  exampleAttacks,
  exportAttacks,
  strengthTable,
  textFoolerTable,
} from "#src/chapters/attack/tables.js";
import type { AdaptiveResult } from "#src/chapters/attack/textfooler-mixtures.js";
import type { TextFoolerRow } from "#src/chapters/attack/textfooler-unit.js";
import { meanHarm } from "#src/chapters/mix/claims.js";
import type { Effect } from "#src/statistics/effect.js";
import { readPaper } from "#src/study/paper.js";
import type { Study } from "#src/study/study.js";

const targets = ["a", "b", "c"];

/** One attacked example of a made-up set. */
function row(verdict: TextFoolerRow["verdict"]): TextFoolerRow {
  return {
    ...{ verdict, originalPrediction: 0, attackedPrediction: 1, originalScore: 0.9, attackedScore: 0.4, ran: "" },
    ...{ substitutions: verdict === "succeeded" ? [[2, 0]] : [], words: 10, queries: 8, similarity: 0.9 },
    candidates: { words: 4, mean: 2, largest: 3 },
    refused: { partOfSpeech: 1, similarity: 1, considered: 8 },
  };
}

/** Of eight examples two were wrong before, two withstand and four are turned. */
const own = targets.map((domain): AttackSet => {
  const verdicts = [
    "skipped",
    "skipped",
    "failed",
    "failed",
    "succeeded",
    "succeeded",
    "succeeded",
    "succeeded",
  ] as const;
  const texts = {
    victim: { headOf: domain, recipe: { make: "none" as const } },
    similarity: { kind: "calibrated" as const, threshold: 0.9 },
    hash: "",
  };
  return { domain, method: "houlsby", seed: 1, rows: verdicts.map(row), texts };
});

/** A made-up mixture of `size` on attacked text; shares in percent. */
function attacked(
  target: string,
  size: number,
  accuracy: number,
  more: { clean?: number; epsilon?: number; access?: Access } = {},
): AttackedMixture {
  const { clean = 70, epsilon = Number.NaN, access = "transferred" } = more;
  return {
    ...{ method: "houlsby", seed: 1, target, members: [target], size, epsilon, access },
    attack: Number.isNaN(epsilon) ? "textFooler" : "fgsm",
    ...{ accuracy: accuracy / 100, single: 0.5, diluted: 0.45, clean: clean / 100, cleanSingle: 0.75 },
    ...{ drop: 50 - accuracy, dilution: 5, interference: 45 - accuracy },
  };
}

const words = targets.flatMap((target) => [
  attacked(target, 1, 50, { clean: 75 }),
  attacked(target, 2, 48, { clean: 73 }),
  attacked(target, 3, 40, { clean: 69 }),
]);
const steps = targets.flatMap((target) =>
  (["whiteBox", "transferred"] as const).flatMap((access) =>
    [1, 3].flatMap((size) =>
      [0, 0.1, 0.5].map((epsilon) =>
        attacked(target, size, 80 - (access === "whiteBox" ? 150 : 20) * epsilon, { epsilon, access }),
      ),
    ),
  ),
);

test("C7 is the mean drop on attacked text, every size counting the same", () => {
  assert.deepEqual(meanHarm(words), { effect: 6, low: 6, high: 6 }); // (2 + 10) / 2
});

test("the table of TextFooler counts verdicts and averages as the field does, with a row for all", () => {
  const table = textFoolerTable(own);
  assert.deepEqual(
    table.map(({ domain }) => domain),
    ["a", "b", "c", "all"],
  );
  const [first] = table;
  assert.deepEqual([first.skipped, first.failed, first.succeeded], [2, 2, 4]);
  assert.equal(first["clean (%)"], 75);
  assert.equal(first["under attack (%)"], 25);
  assert.ok(Math.abs(Number(first["success rate (%)"]) - 200 / 3) < 1e-9);
  assert.equal(first["words changed (%)"], 10);
  assert.equal(table[3].skipped, 6);
});

test("strength is that of single adapters only", () => {
  const [first] = strengthTable(own, words, steps, 0.5);
  assert.deepEqual(first, {
    domain: "a",
    "clean (%)": 75,
    "TextFooler, own (%)": 25,
    "TextFooler, transferred (%)": 50,
    "FGSM 0.5, own (%)": 5,
    "FGSM 0.5, transferred (%)": 70,
  });
});

test("Table 1 and the figure by domain: drops of mixtures, clean and attacked, beside the paper's where it has the domain", () => {
  const named = (rows: AttackedMixture[]) => rows.map((row) => (row.target === "a" ? { ...row, target: "mnli" } : row));
  const drops = attackedDrops(named(words), named(steps), 0.1);
  assert.deepEqual(
    drops.filter(({ target }) => target === "mnli").map(({ condition, size }) => [condition, size]),
    [
      ["clean", 2],
      ["clean", 3],
      ["textfooler", 2],
      ["textfooler", 3],
      ["fgsm", 3],
    ],
  );
  const table = attackedDropTable(drops, readPaper());
  assert.deepEqual(
    table.map(({ domain, mixed }) => [domain, mixed]),
    ["mnli", "b", "c", "all", "all that the paper has"].map((domain) => [domain, 3]),
  );
  for (const row of table) {
    const ours = [row.clean, row.TextFooler, row.FGSM].map((value) => Number(Number(value).toFixed(9)));
    assert.deepEqual(ours, [6, 10, 50 - 65]);
  }
  assert.deepEqual([table[0]["clean, paper"], table[0]["TextFooler, paper"]], [15.04, 12.1]);
  assert.ok(Number.isNaN(table[1]["clean, paper"]));
  assert.ok(Number.isNaN(table[3]["FGSM, paper"]));
  assert.equal(table[4]["FGSM, paper"], 10.14);
  const figure = attackedDropFigure(drops, readPaper(), "synonyms: made up");
  assert.match(JSON.stringify(figure.layout.title), /synonyms: made up/);
  assert.equal(figure.data.filter(({ name }) => name === "paper at 13, TextFooler").length, 1);
});

test("F2 is drop clean minus drop attacked at the largest size, over the targets that count", () => {
  const { F2t, F2f } = attackClaims({ textFooler: words, fgsm: steps }, 0.1, targets) as Record<string, Effect>;
  for (const value of [F2t.effect, F2t.low, F2t.high]) assert.ok(Math.abs(value + 4) < 1e-9, `${value}: 6 - 10`);
  assert.ok(Math.abs(F2f.effect - (75 - 70 - (50 - 65))) < 1e-9, `${F2f.effect}`);
  const { F3 } = attackClaims({ textFooler: words, fgsm: steps }, 0.1, targets);
  assert.deepEqual(F3, { undecided: "0 targets count and have mixtures to compare, an interval needs 3" });
  const few = attackClaims({ textFooler: words, fgsm: steps }, 0.1, ["a"]);
  assert.deepEqual(few.F2t, { undecided: "1 target counts, an interval needs 3" });
});

test("F3 is the ratio of spreads within attack, target and size", () => {
  const spread = targets.flatMap((target, t) =>
    [0, 1, 2].map((i) => attacked(target, 2, 50 + 6 * i, { clean: 70 + (t + 1) * i })),
  );
  // variances over three mixtures one step apart are the step's square
  const expected = Math.log((targets.length * 36) / targets.reduce((sum, _, t) => sum + (t + 1) ** 2, 0)) / 2;
  const ratio = spreadRatio([...spread, attacked("a", 3, 90, { clean: 20 })]);
  assert.ok(Math.abs(ratio.effect - expected) < 1e-9, `${ratio.effect}`);
  assert.ok(ratio.low < ratio.effect && ratio.effect < ratio.high);
  assert.throws(() => spreadRatio(words), /two mixtures of one target and size that differ/);
});

test("a panel a domain holds clean text and both attacks, with the spread over mixtures", () => {
  const twice = [...words, ...targets.map((target) => attacked(target, 2, 52, { clean: 73 }))];
  const figure = attackedByDomainFigure(twice, steps, { epsilon: 0.5 });
  const lines = figure.data.filter(({ name }) => name === "TextFooler, transferred");
  assert.equal(lines.length, targets.length);
  const shares = (lines[0].y as number[]).map((share) => Number(share.toFixed(9)));
  assert.deepEqual(
    [lines[0].x, shares],
    [
      [1, 2, 3],
      [0.5, 0.5, 0.4],
    ],
  );
  const bands = figure.data.filter(({ fill }) => fill === "toself"); // of clean, TextFooler, FGSM; panel after panel
  assert.equal(bands.length, 3 * targets.length);
  const band = (bands[1].y as number[]).map((share) => Number(share.toFixed(6)));
  assert.deepEqual(band, [0.5, 0.528284, 0.4, 0.4, 0.471716, 0.5]); // 0.5 ± √(2 · 0.02²)
  assert.ok(figure.data.some(({ name }) => /^FGSM .*white-box/.test(name ?? "")));
});

test("figures hold one line an attack, one line a size, and bars of both attackers", () => {
  const bySize = attackedBySizeFigure(words, steps, { epsilon: 0.5 });
  const line = (name: RegExp) => bySize.data.find((trace) => name.test(trace.name ?? ""));
  const shares = (name: RegExp) => ((line(name)?.y ?? []) as number[]).map((share) => Number(share.toFixed(9)));
  assert.deepEqual(line(/^clean/)?.x, [1, 2, 3]);
  assert.deepEqual(shares(/^TextFooler, transferred/), [0.5, 0.48, 0.4]);
  assert.deepEqual(shares(/diluted/), [0.45, 0.45, 0.45]);
  assert.deepEqual(line(/white-box/)?.x, [1, 3]);
  const undefinedFrom = (size: number) =>
    attackedBySizeFigure(
      words.map((row) => (row.size >= size ? { ...row, diluted: Number.NaN } : row)),
      steps,
      { epsilon: 0.5 },
    ).data.find(({ name }) => /diluted/.test(name ?? ""));
  assert.deepEqual(undefinedFrom(3)?.x, [1, 2], "only sizes at which all mixtures share a start");
  assert.equal(undefinedFrom(2), undefined);
  const curves = epsilonFigure(steps);
  const lines = curves.data.filter(({ name }) => name === "single adapter");
  assert.deepEqual(
    lines.map(({ x }) => x),
    [
      [0, 0.1, 0.5],
      [0, 0.1, 0.5],
    ],
  );
  const bars = adaptiveFigure(adaptive);
  assert.deepEqual(
    bars.data.map(({ y }) => y),
    [
      [80, 70],
      [60, 65],
      [20, 10],
    ],
  );
});

const adaptive: AdaptiveResult[] = [
  {
    ...{ method: "houlsby", seed: 1, target: "a", members: ["a"], size: 1 },
    clean: 0.8,
    transferred: 0.6,
    adaptive: 0.2,
  },
  {
    ...{ method: "houlsby", seed: 1, target: "a", members: ["a", "b"], size: 2 },
    ...{ clean: 0.7, transferred: 0.65, adaptive: 0.1 },
  },
];

test("readings follow the numbers", () => {
  assert.match(describeTextFooler(own, words), /turns 67% of the right answers.*8 queries and 10% of the words/);
  assert.match(describeTextFooler(own, words), /from 75% to 25%.*leave 50%: 50% of what/);
  assert.match(
    describeAttackedMixing(words),
    /lowers accuracy by 4\.0 points on clean text and by 6\.0 points on attacked/,
  );
  assert.match(
    describeAttackedMixing(words),
    /mixtures by 27\.0 points and that of their single adapters by 25\.0 points.*lose more/,
  );
  assert.match(describeEpsilon(steps), /a single adapter at ε = 0\.5, a mixture of 3 at ε = 0\.5/);
  assert.match(describeEpsilon(steps), /another seed: a single adapter at no strength shown/);
  assert.match(
    describeAdaptive(adaptive),
    /loses 60\.0 points.*cost it 5\.0 points.*60\.0 points and 20\.0 points.*does not protect/,
  );
  assert.equal(adaptiveTable(adaptive)[1].mixed, "a + b");
});

test("changed words are marked; of real data nothing is shown or written", async () => {
  const substitution = { part: 0 as const, word: 1, from: "good", to: "fine" };
  const turned = {
    ...row("succeeded"),
    ...{ index: 0, label: 0, substitutions: [substitution] },
    ...{ original: { text: "A good film.", label: 0 }, attacked: { text: "A fine film.", label: 0 } },
  };
  const cells = attackCells(turned, ["yes", "no"]);
  assert.deepEqual(cells, {
    ...{ before: "A [[good]] film.", after: "A [[fine]] film.", answers: "yes → no", attack: "succeeded", queries: 8 },
  });
  const real = { label: "compact", settings: { source: "real" } } as unknown as Study;
  const generated = {
    ...{ label: "smoke", settings: { source: "classroom" } },
    domain: () => Promise.resolve({ labels: ["yes", "no"] }),
  } as unknown as Study;
  assert.deepEqual(await attackedCells(generated, "a", turned), cells);
  const given = { label: "smoke-data", data: "folder", settings: { source: "classroom" } } as unknown as Study;
  for (const study of [real, given]) {
    assert.match(String((await exampleAttacks(study, own))[0].note), /nothing is shown/);
    assert.match(await exportAttacks(study, own, "04-attacks"), /none of them is written/);
    assert.match(JSON.stringify(await attackedCells(study, "a", turned)), /^{"note":"[^"]*nothing is shown/);
  }
});
