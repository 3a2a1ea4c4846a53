import { type DecisionRule, decisionRules, marginText } from "./decision-rules.js";
import { paperText, readScorecard, type ScorecardRow, verdictText } from "./scorecard.js";

/** The profiles whose scorecards stand on the front page. */
const profiles = ["classroom", "compact"];

/**
 * The scorecards of the profiles side by side, as a table in Markdown: every rule has its line, decided or not, with the
 * paper's number, and two columns for each profile that has a scorecard.
 */
export function scorecardMarkdown(
  read: (profile: string) => ScorecardRow[] = readScorecard,
  rules: readonly DecisionRule[] = decisionRules(),
): string {
  const cards = profiles.map((profile) => ({ profile, rows: read(profile) })).filter(({ rows }) => rows.length > 0);
  const columns = cards.flatMap(({ profile, rows }) => {
    const { seeds } = rows[0];
    const name = `${profile} (${seeds} seed${seeds > 1 ? "s" : ""})`;
    return [`${name}, in the paper's regime`, `${name}, controlled`];
  });
  const lines = rules.map((rule) => {
    const cells = cards.flatMap(({ rows }) => {
      const row = rows.find(({ id }) => id === rule.id);
      return [verdictText(rule, row?.regimes.paper), verdictText(rule, row?.regimes.controlled)];
    });
    return [rule.id, rule.claim, `${rule.statistic} ${marginText(rule)}`, paperText(rule), ...cells.map(bold)];
  });
  const header = ["row", "claim", "holds if the whole interval of", "paper", ...columns];
  return [
    ...[header, header.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`),
    "",
    "Each number of ours stands with its 95% interval over domains. The rules, and where each of the paper's numbers stands in it, were fixed before the runs that decide them: [data/decision-rules.json](data/decision-rules.json). A claim `fails` where the whole interval lies on the other side of its margin, and is `unclear` where the interval holds the margin; with fewer than 3 seeds a verdict is provisional.",
  ].join("\n");
}

/** The verdict of a cell in bold. */
function bold(text: string): string {
  return text.replace(/((?:provisional: )?(?:holds|fails|unclear))$/, "**$1**");
}
