import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../../files/json.js";
import { projectPath } from "../../files/project.js";
import type { ScorecardRow } from "../../study/scorecard.js";
import { scorecardDiff } from "../../study/scorecard-diff.js";
import { readArguments } from "../arguments.js";
import { type CommandOutput, UsageError } from "../command.js";

/** `signmix results diff A B`: every claim before and after a change. */
export function diffScorecards(args: string[], output: CommandOutput): number {
  const { values, positionals } = readArguments(args, { profile: { type: "string" } });
  if (positionals.length !== 2) throw new UsageError("Name two scorecards: files, folders, clones, or profiles.");
  const [before, after] = positionals.map((place) => readCard(place, values.profile ?? "classroom"));
  const rows = scorecardDiff(before, after);
  for (const { id, regime, claim, before: was, after: is, changed } of rows) {
    output.out(`${id}, ${regime === "paper" ? "in the paper's regime" : "controlled"}: ${claim}\n`);
    if (changed === "nothing") output.out(`  ${is}\n`);
    else output.out(`  before  ${was}\n  after   ${is}${changed === "verdict" ? "  (another verdict)" : ""}\n`);
  }
  const count = (what: string) => rows.filter(({ changed }) => changed === what).length;
  output.out(
    `\n${rows.length} entries: ${count("verdict")} with another verdict, ${count("numbers")} with other numbers, ${count("nothing")} as before.\n`,
  );
  return 0;
}

/** The scorecard of a file, of a folder or clone that holds it, or of a profile of this project. */
function readCard(place: string, profile: string): ScorecardRow[] {
  const places = [
    place,
    join(place, "scorecard.json"),
    join(place, "figures", profile, "scorecard.json"),
    projectPath("figures", place, "scorecard.json"),
  ];
  const file = places.find((each) => each.endsWith(".json") && existsSync(each));
  if (!file)
    throw new Error(`There is no scorecard at "${place}": name a scorecard.json, its folder, a clone, or a profile.`);
  const rows = readJson(file);
  if (!Array.isArray(rows)) throw new Error(`${file} is no scorecard; notebooks write one into figures/<profile>.`);
  return rows as ScorecardRow[];
}
