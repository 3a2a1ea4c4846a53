import { mean } from "simple-statistics";
import { hasFields, requireList } from "../files/arguments.js";
import type { AttackedExample } from "./textfooler.js";

/** What a summary needs of an attacked example; stored rows without texts have it too. */
export type AttackOutcome = Pick<
  AttackedExample,
  "verdict" | "substitutions" | "words" | "queries" | "similarity" | "candidates" | "refused"
>;

/** Results of an attack as the field reports them. Shares are between 0 and 1; NaN where there is nothing to average. */
export interface AttackSummary {
  examples: number;
  /** Misclassified before the attack. */
  skipped: number;
  failed: number;
  succeeded: number;
  /** Share that was right before: (failed + succeeded) / examples. */
  cleanAccuracy: number;
  /** Share that is right still: failed / examples. */
  accuracyUnderAttack: number;
  /** succeeded / (failed + succeeded). */
  successRate: number;
  /** Mean share of words exchanged, over successful attacks. */
  wordsChanged: number;
  /** Mean over the examples that were attacked, as the next ones. */
  queries: number;
  /** Mean similarity to the original, over successful attacks. */
  similarity: number;
  /** Mean number of candidates of a word that may be exchanged, over all such words. */
  meanCandidates: number;
  largestCandidates: number;
  /** Share of the candidates looked at that each constraint refused. */
  refusedByPartOfSpeech: number;
  refusedBySimilarity: number;
}

/**
 * Sums up an attack. Averages leave out what was skipped, as TextAttack's do.
 * @throws if there is no example
 */
export function attackSummary(attacked: readonly AttackOutcome[]): AttackSummary {
  requireList(attacked, "attackSummary takes a list of what TextFooler's attack gives", (one) =>
    hasFields(one, { verdict: "text" }),
  );
  if (attacked.length === 0) throw new Error("A summary needs at least one attacked example.");
  const count = (verdict: AttackOutcome["verdict"]) => attacked.filter((one) => one.verdict === verdict).length;
  const [skipped, failed, succeeded] = [count("skipped"), count("failed"), count("succeeded")];
  const tried = attacked.filter(({ verdict }) => verdict !== "skipped");
  const won = attacked.filter(({ verdict }) => verdict === "succeeded");
  const average = (values: number[]) => (values.length === 0 ? Number.NaN : mean(values));
  const total = (value: (one: AttackOutcome) => number) => tried.reduce((sum, one) => sum + value(one), 0);
  const considered = total(({ refused }) => refused.considered);
  return {
    ...{ examples: attacked.length, skipped, failed, succeeded },
    cleanAccuracy: tried.length / attacked.length,
    accuracyUnderAttack: failed / attacked.length,
    successRate: succeeded / tried.length,
    wordsChanged: average(won.map(({ substitutions, words }) => changedWords(substitutions) / words)),
    queries: average(tried.map(({ queries }) => queries)),
    similarity: average(won.map(({ similarity }) => similarity)),
    meanCandidates:
      total(({ candidates }) => candidates.mean * candidates.words) / total((one) => one.candidates.words),
    largestCandidates: tried.reduce((most, { candidates }) => Math.max(most, candidates.largest), 0),
    refusedByPartOfSpeech: total(({ refused }) => refused.partOfSpeech) / considered,
    refusedBySimilarity: total(({ refused }) => refused.similarity) / considered,
  };
}

/** Different words among substitutions. */
function changedWords(substitutions: AttackOutcome["substitutions"]): number {
  return new Set(substitutions.map(({ part, word }) => `${part} ${word}`)).size;
}
