import { stringify } from "csv-stringify/sync";
import { type Float, float, jsonText } from "../files/json-text.js";
import type { Substitution } from "./substitutions.js";
import type { AttackedExample } from "./textfooler.js";
import { wordsOf } from "./words.js";

/** The columns of TextAttack's CSV logger, in its order. */
const columns = [
  "original_text",
  "perturbed_text",
  "original_score",
  "perturbed_score",
  "original_output",
  "perturbed_output",
  "ground_truth_output",
  "num_queries",
  "result_type",
] as const;

type AttackRecord = Record<(typeof columns)[number], string | number | Float>;

const resultTypes = { succeeded: "Successful", failed: "Failed", skipped: "Skipped" } as const;

/**
 * Attacked examples as CSV in the columns of TextAttack's logger, changed words in `[[…]]` in both texts. Scores are those
 * of TextAttack's untargeted goal, 1 − the probability of the true class. As there, the texts of a pair are one cell,
 * each after its name, and `<SPLIT>` stands for every line break.
 */
export function attackCsv(attacked: readonly AttackedExample[]): string {
  const records = attacked.map(recordOf).map((record) => columns.map((column) => record[column]));
  const plain = (value: object | number) => ({ value: jsonText(value), quote: false });
  return stringify([columns, ...records], { quoted: true, cast: { number: plain, object: plain } });
}

/** The same records, one JSON object a line. */
export function attackJsonLines(attacked: readonly AttackedExample[]): string {
  return attacked.map((one) => `${jsonText(recordOf(one))}\n`).join("");
}

/** A text with `[[` and `]]` around the words at the given places. */
export function markWords(text: string, places: ReadonlySet<number>): string {
  let marked = "";
  let done = 0;
  for (const [i, { start, end }] of wordsOf(text).entries()) {
    if (!places.has(i)) continue;
    marked += `${text.slice(done, start)}[[${text.slice(start, end)}]]`;
    done = end;
  }
  return marked + text.slice(done);
}

function recordOf(attacked: AttackedExample): AttackRecord {
  const { original, attacked: perturbed, substitutions } = attacked;
  return {
    original_text: marked(original, substitutions),
    perturbed_text: marked(perturbed, substitutions),
    original_score: float(1 - attacked.originalScore),
    perturbed_score: float(1 - attacked.attackedScore),
    original_output: attacked.originalPrediction,
    perturbed_output: attacked.attackedPrediction,
    ground_truth_output: attacked.label,
    num_queries: attacked.queries,
    result_type: resultTypes[attacked.verdict],
  };
}

/** Both texts of an example, changed words marked. */
function marked({ text, textPair }: AttackedExample["original"], substitutions: readonly Substitution[]): string {
  const of = (part: 0 | 1) => new Set(substitutions.filter((one) => one.part === part).map(({ word }) => word));
  const first = markWords(text, of(0));
  const both = textPair === undefined ? first : `Text: ${first}\nText_pair: ${markWords(textPair, of(1))}`;
  return both.replaceAll("\n", "<SPLIT>");
}
