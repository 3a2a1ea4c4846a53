// node environment/checks/verdicts.mjs: the verdicts of `signmix advise` beside full tests of all pairs on other rows: how often they are right,
// how often too close to call, and what the race spares. On the stored adapters of classroom. Writes verdicts.json and .md here.
import { rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Problem, runMain } from "../problem.mjs";
import { setUp } from "../setup.mjs";
import { verdictTable } from "./verdicts-table.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));

const help = `node environment/checks/verdicts.mjs [options]

  --regimes LIST   paper, controlled, or both (default)
  --domains LIST   some of the thirteen (default all)
  --rows LIST      rows of a domain that a race may look at (default 100,400)
  --margins LIST   points (default 3,6,12,20)
  --truth N        other rows of each domain for the full tests (default 1000)
  --fresh          answers again what earlier runs have kept
  --out FOLDER     where the results are written (default beside this file)

Answers are kept, so that a stopped run goes on. It takes some 20 minutes of one core.`;

const options = {
  regimes: { type: "string", default: "paper,controlled" },
  domains: { type: "string" },
  rows: { type: "string", default: "100,400" },
  margins: { type: "string", default: "3,6,12,20" },
  truth: { type: "string", default: "1000" },
  fresh: { type: "boolean", default: false },
  out: { type: "string", default: here },
  help: { type: "boolean", short: "h", default: false },
};

const rounded = (effect) =>
  Object.fromEntries(Object.entries(effect).map(([name, value]) => [name, Number(value.toFixed(2))]));

const numbers = (list) => list.split(",").map(Number);

/** The full tests: what each member of each pair loses on all rows, in points, with an interval. */
function fullTests(members, answers, { mixAdapters, pairedCounts, pairedDifference }, onPair) {
  const losses = new Map();
  for (const [i, a] of members.entries()) {
    for (const [j, b] of members.entries()) {
      if (j <= i) continue;
      const mixture = mixAdapters([a.adapter, b.adapter]);
      const lost = [i, j].map((target) => {
        const rows = answers.rows(target);
        const alone = answers.of(members[target].adapter, target, rows);
        const { effect, low, high } = pairedDifference(pairedCounts(alone, answers.of(mixture, target, rows)));
        return { effect: 100 * effect, low: 100 * low, high: 100 * high };
      });
      losses.set(`${a.adapter.name}+${b.adapter.name}`, lost);
      onPair(losses.size);
    }
  }
  return losses;
}

runMain(async () => {
  const { values } = parseArgs({ options });
  if (values.help) return void console.log(help);
  await setUp();
  const sm = await import("../../dist/index.js");
  const { answersOf } = await import("../../dist/chapters/own/answers.js");
  const { firstSingles } = await import("../../dist/chapters/beyond/measure.js");
  const { classroomDomain } = await import("../../dist/domains/classroom/generate.js");
  const { writeFileAtomic, writeJsonAtomic } = await import("../../dist/files/atomic.js");
  const { cachePath } = await import("../../dist/files/workplace.js");
  const { inRegime } = await import("../../dist/study/in-regime.js");
  const { pairedCounts, pairedDifference } = sm.statistics;
  const study = await sm.openStudy({ profile: "classroom", quiet: true });
  const { maxLength } = study.settings;
  const keptIn = cachePath("own", `verdicts-${study.encoder.hash.slice(0, 16)}.jsonl`);
  if (values.fresh) rmSync(keptIn, { force: true });
  const names = values.domains?.split(",") ?? study.settings.domains;
  const [sizes, margins, truth] = [numbers(values.rows), numbers(values.margins), Number(values.truth)];
  const most = Math.max(...sizes);
  if (![...sizes, ...margins, truth].every((one) => one > 0)) throw new Problem("Rows and margins are above 0.");
  const found = [];
  for (const regime of values.regimes.split(",")) {
    const singles = (await firstSingles(inRegime(study, regime))).filter(({ domain }) => names.includes(domain));
    const texts = singles.map(({ domain }) => classroomDomain(domain, { train: 0, dev: 0, test: most + truth }).test);
    const members = singles.map(({ domain, adapter }) => {
      const trained = sm.trainedAdapter(study, adapter);
      return { adapter: { ...trained.adapter, name: domain }, head: trained.head };
    });
    const withRows = (from, to) => members.map((member, i) => ({ ...member, rows: texts[i].slice(from, to) }));
    const tested = withRows(most, most + truth);
    const answers = answersOf(study.encoder, tested, { maxLength, keptIn });
    const losses = fullTests(tested, answers, { ...sm, pairedCounts, pairedDifference }, (pairs) => {
      if (pairs % 10 === 0) console.error(`${regime}: ${pairs} pairs tested in full`);
    });
    const races = [];
    for (const rows of sizes) {
      for (const margin of margins) {
        const advice = await sm.own.advise(study.encoder, withRows(0, rows), { margin, maxLength, maxSize: 2, keptIn });
        races.push({
          ...{ rows, margin, verdicts: advice.pairs.map(({ verdict }) => verdict) },
          looked: advice.pairs.map(({ targets }) => targets.reduce((sum, target) => sum + target.rows, 0)),
        });
        console.error(`${regime}: ${rows} rows, margin ${margin}`);
      }
    }
    const full = [...losses].map(([pair, lost]) => ({ pair, lost: lost.map(rounded) }));
    found.push({ regime, full, races });
  }
  const about = { encoder: study.encoder.name, domains: names, truth };
  writeJsonAtomic(path.join(values.out, "verdicts.json"), { ...about, found });
  const markdown = verdictTable({ ...about, found });
  writeFileAtomic(path.join(values.out, "verdicts.md"), markdown);
  console.log(markdown);
});
