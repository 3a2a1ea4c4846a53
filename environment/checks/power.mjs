// node environment/checks/power.mjs: how surely each claim would be decided if the paper's own number were the truth, with as many
// test rows as a profile has and with others. Writes power.md here.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cumulativeStdNormalProbability } from "simple-statistics";
import { runMain } from "../problem.mjs";
import { setUp } from "../setup.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));

const help = `node environment/checks/power.mjs [options]

  --from NAME        profile whose scorecard says how wide intervals over domains are (default classroom)
  --rows A,B         numbers of test rows (default 200,300,500,1000)
  --out FOLDER       where the page is written (default beside this file)`;

const options = {
  from: { type: "string", default: "classroom" },
  rows: { type: "string", default: "200,300,500,1000" },
  out: { type: "string", default: here },
  help: { type: "boolean", short: "h", default: false },
};

/** Half a 95% interval over some ten domains, in standard errors (Student's t with 10 degrees of freedom). */
const reach = 2.23;

/**
 * Share of test examples that change from right to wrong or back when a target is mixed: what a difference of accuracies over so many
 * of them varies by. A domain's examples are the same in all its tests, so only their number and that of the domains counts.
 */
const changing = 0.2;
const targets = 10;
const sampling = (rows) => (100 ** 2 * changing) / rows / targets;

/** Chances that a whole interval lies beyond a rule's margin, on the claim's side and on the other. */
function powerOf({ direction, margin, paper: { effect } }, error) {
  const above = (bound) => 1 - cumulativeStdNormalProbability((bound + reach * error - effect) / error);
  const below = (bound) => cumulativeStdNormalProbability((bound - reach * error - effect) / error);
  if (direction === "above") return { holds: above(margin), fails: below(margin) };
  if (direction === "below") return { holds: below(margin), fails: above(margin) };
  return { holds: Math.max(0, below(margin) + above(-margin) - 1), fails: above(margin) + below(-margin) };
}

runMain(async () => {
  const { values } = parseArgs({ options });
  if (values.help) return void console.log(help);
  await setUp();
  const { decisionRules } = await import("../../dist/study/decision-rules.js");
  const { readScorecard } = await import("../../dist/study/scorecard.js");
  const { loadProfile } = await import("../../dist/study/profile.js");
  const { writeFileAtomic } = await import("../../dist/files/atomic.js");
  const { testRows } = loadProfile(values.from).settings;
  const card = readScorecard(values.from);
  const counts = values.rows.split(",").map(Number);
  const lines = decisionRules().flatMap((rule) => {
    const found = card.find(({ id }) => id === rule.id)?.regimes.controlled;
    if (rule.paper.effect === null || !found || "undecided" in found) return [];
    const error = (found.high - found.low) / 2 / reach;
    // signs are no sample; of paired differences that vary less than a mean, half is ascribed to the rows
    const ofSample = rule.unit === "points" && rule.id !== "S2" ? Math.min(sampling(testRows), error ** 2 / 2) : 0;
    const ofRows = (rows) => (ofSample * testRows) / rows;
    const domains = error ** 2 - ofSample;
    const cells = counts.map((rows) => {
      const { holds, fails } = powerOf(rule, Math.sqrt(domains + ofRows(rows)));
      return `${Math.round(100 * holds)} / ${Math.round(100 * fails)}`;
    });
    return [`| ${rule.id} | ${rule.paper.effect} | ${error.toFixed(2)} | ${cells.join(" | ")} |`];
  });
  const page = `# Power

Chance in percent that a claim would hold / fail if the paper's own number were the truth, by the number of test rows; else it would be unclear. Standard errors
over domains are those of the controlled column at \`${values.from}\` (${testRows} rows). Of their square ${sampling(testRows).toFixed(2)} points², half of it at most, are ascribed to the test rows of a
mean of ${targets} targets, ${100 * changing}% of whose examples change when they are mixed. So more rows hardly help: domains are what there are too few of.

| claim | the paper's number | standard error | ${counts.map((rows) => `${rows} rows`).join(" | ")} |
| --- | --- | --- | ${counts.map(() => "---").join(" | ")} |
${lines.join("\n")}
`;
  writeFileAtomic(path.join(values.out, "power.md"), page);
  console.log(page);
});
