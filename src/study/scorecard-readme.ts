import { type DecisionRule, decisionRules } from "./decision-rules.js";
import { effectText, readScorecard, type ScorecardRow } from "./scorecard.js";

const markers = ["<!-- scorecard -->", "<!-- /scorecard -->"] as const;

/** The profiles whose scorecards stand on the front page. */
const profiles = ["classroom", "compact"];

/**
 * The scorecards of the profiles side by side, as a table in Markdown; undefined where no profile has one. Every rule has
 * its line, decided or not.
 */
export function scorecardMarkdown(
  read: (profile: string) => ScorecardRow[] = readScorecard,
  rules: readonly DecisionRule[] = decisionRules(),
): string | undefined {
  const cards = profiles.map((profile) => ({ profile, rows: read(profile) })).filter(({ rows }) => rows.length > 0);
  if (cards.length === 0) return undefined;
  const columns = cards.flatMap(({ profile, rows }) => {
    const { seeds } = rows[0];
    return [`${profile} (${seeds} seed${seeds > 1 ? "s" : ""}): effect [95% interval]`, `${profile}: verdict`];
  });
  const lines = rules.map((rule) => {
    const found = cards.map(({ rows }) => rows.find(({ id }) => id === rule.id));
    const cells = found.flatMap((row) => (row ? [effectText(row), `**${row.verdict}**`] : ["–", "not measured"]));
    const { id, claim, statistic, unit, direction, margin } = rule;
    return [id, claim, `${statistic} ${direction} ${margin}${unit === "points" ? " points" : ""}`, ...cells];
  });
  const header = ["", "claim", "holds if the whole interval of", ...columns];
  return [
    ...[header, header.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`),
    "",
    "The rules were fixed before the first measured run: [data/decision-rules.json](data/decision-rules.json). A claim `fails` where the whole interval lies on the other side of its margin, and is `unclear` where the interval holds the margin; with fewer than 3 seeds a verdict is provisional.",
  ].join("\n");
}

/**
 * A text with a table between its scorecard markers, in place of what stood there.
 * @throws where a marker is missing, or stands more than once
 */
export function putScorecard(text: string, table: string): string {
  const [open, close] = markers;
  const [before, inside, ...more] = text.split(open);
  const [old, after, ...rest] = (inside ?? "").split(close);
  if (old === undefined || after === undefined || more.length + rest.length > 0)
    throw new Error(`README.md needs the lines ${open} and ${close}, once each; the scorecard goes between them.`);
  return `${before}${open}\n\n${table}\n\n${close}${after}`;
}
