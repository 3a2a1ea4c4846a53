import { mean } from "simple-statistics";
import { attackCsv, attackJsonLines, markWords } from "../../attacks/export.js";
import type { AttackedExample } from "../../attacks/textfooler.js";
import { formatFixed, formatPercent } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import { methodName } from "../../figures/method-name.js";
import { madeFrom } from "../../results/origin.js";
import { textIsGenerated } from "../../study/figure-record.js";
import { saveFiles } from "../../study/save-figure.js";
import type { Study } from "../../study/study.js";
import { type AttackSet, attackedExamples, summaryOf } from "./attack-sets.js";
import { attackSimilarity, openAttackSimilarity } from "./attack-similarity.js";
import type { Access, AttackedMixture } from "./attacked-mixtures.js";
import type { AdaptiveResult } from "./textfooler-mixtures.js";
import { synonymsOf } from "./textfooler-unit.js";

/** TextFooler as the field reports it, one row a domain and one for all; every set against its own victim. */
export function textFoolerTable(sets: readonly AttackSet[]): Cells[] {
  const row = (domain: string, own: readonly AttackSet[]): Cells => {
    const summary = summaryOf(own);
    return {
      domain,
      skipped: summary.skipped,
      failed: summary.failed,
      succeeded: summary.succeeded,
      "clean (%)": 100 * summary.cleanAccuracy,
      "under attack (%)": 100 * summary.accuracyUnderAttack,
      "success rate (%)": 100 * summary.successRate,
      "words changed (%)": 100 * summary.wordsChanged,
      queries: summary.queries,
      similarity: summary.similarity,
    };
  };
  const methods = [...new Set(sets.map(({ method }) => method))];
  const name = ({ domain, method }: AttackSet) => (methods.length > 1 ? `${domain}, ${methodName(method)}` : domain);
  return madeFrom([...sets.map((set) => row(name(set), [set])), row("all", sets)], sets);
}

/**
 * Accuracy of single adapters, clean and under each attack, made on the very adapter or on one of another seed; in percent,
 * one row a domain and one for all.
 *
 * @param own TextFooler on the adapters themselves
 * @param textFooler transferred texts; mixtures are left out
 * @param fgsm at any strengths
 */
export function strengthTable(
  own: readonly AttackSet[],
  textFooler: readonly AttackedMixture[],
  fgsm: readonly AttackedMixture[],
  epsilon: number,
): Cells[] {
  const domains = [...new Set(own.map(({ domain }) => domain))];
  const seeds = new Set(own.map(({ seed }) => seed));
  const row = (name: string, targets: readonly string[]): Cells => {
    const chosen = ({ size, seed, target }: AttackedMixture) =>
      size === 1 && seeds.has(seed) && targets.includes(target);
    const alone = textFooler.filter(chosen);
    const moved = (access: Access) =>
      fgsm.filter((one) => chosen(one) && one.access === access && one.epsilon === epsilon);
    const percent = (rows: readonly AttackedMixture[], pick: (one: AttackedMixture) => number) =>
      100 * mean(rows.map(pick));
    return {
      domain: name,
      "clean (%)": percent(alone, ({ clean }) => clean),
      "TextFooler, own (%)": 100 * summaryOf(own.filter(({ domain }) => targets.includes(domain))).accuracyUnderAttack,
      "TextFooler, transferred (%)": percent(alone, ({ accuracy }) => accuracy),
      [`FGSM ${epsilon}, own (%)`]: percent(moved("whiteBox"), ({ accuracy }) => accuracy),
      [`FGSM ${epsilon}, transferred (%)`]: percent(moved("transferred"), ({ accuracy }) => accuracy),
    };
  };
  return madeFrom([...domains.map((domain) => row(domain, [domain])), row("all", domains)], own, textFooler, fgsm);
}

/** What attacks on the mixtures themselves leave, beside those made for another adapter; in percent. */
export function adaptiveTable(rows: readonly AdaptiveResult[]): Cells[] {
  return madeFrom(
    rows.map(({ method, target, members, size, clean, transferred, adaptive }) => ({
      ...(new Set(rows.map((row) => row.method)).size > 1 ? { method: methodName(method) } : {}),
      mixed: size > 3 ? `${target} and ${size - 1} others` : members.join(" + "),
      "tested on": target,
      "clean (%)": 100 * clean,
      "attack on another adapter (%)": 100 * transferred,
      "attack on the very classifier (%)": 100 * adaptive,
    })),
    rows,
  );
}

/**
 * Successful attacks of which the fewest words changed, one a domain, changed words in double brackets. Only of text that
 * this project generated; of real data nothing is shown.
 */
export async function exampleAttacks(study: Study, sets: readonly AttackSet[], most = 8): Promise<Cells[]> {
  if (!textIsGenerated(study)) return [realText];
  const rows: Cells[] = [];
  for (const set of sets) {
    const won = (await attackedExamples(study, set)).filter(({ verdict }) => verdict === "succeeded");
    if (won.length === 0) continue;
    const least = won.reduce((a, b) => (b.substitutions.length < a.substitutions.length ? b : a));
    const { labels } = await study.domain(set.domain);
    rows.push({ domain: set.domain, ...attackCells(least, labels) });
  }
  return madeFrom(rows.slice(0, most), sets);
}

/** What stands in place of real text. */
const realText: Cells = { note: "The texts are real data, of which nothing is shown or kept." };

/** One attacked example of a study's domain, as {@link attackCells} has it; only of text that this project generated. */
export async function attackedCells(study: Study, domain: string, attacked: AttackedExample): Promise<Cells> {
  return textIsGenerated(study) ? attackCells(attacked, (await study.domain(domain)).labels) : realText;
}

/** One attacked example: both texts with the changed words marked, and what the victim said of each. */
export function attackCells(attacked: AttackedExample, labels: readonly string[]): Cells {
  const { original, substitutions, originalPrediction, attackedPrediction, verdict, queries } = attacked;
  const places = (part: 0 | 1) => new Set(substitutions.filter((one) => one.part === part).map(({ word }) => word));
  const marked = ({ text, textPair }: AttackedExample["original"]) =>
    [markWords(text, places(0)), ...(textPair === undefined ? [] : [markWords(textPair, places(1))])].join(" / ");
  return {
    before: marked(original),
    after: marked(attacked.attacked),
    answers: `${labels[originalPrediction]} → ${labels[attackedPrediction]}`,
    attack: verdict,
    queries,
  };
}

/**
 * Writes the attacked examples of sets as `figures/<profile>/<id>.csv` and `.jsonl` in TextAttack's columns, where the
 * text is generated; of real data nothing is written.
 * @returns what was done, as a sentence
 */
export async function exportAttacks(study: Study, sets: readonly AttackSet[], id: string): Promise<string> {
  if (!textIsGenerated(study)) return "The texts are real data, so none of them is written to a file.";
  const examples = (await Promise.all(sets.map((set) => attackedExamples(study, set)))).flat();
  const contents = { csv: attackCsv(examples), jsonl: attackJsonLines(examples) };
  saveFiles(study, id, contents, "Attacked examples in TextAttack's columns", { from: sets });
  return `All ${examples.length} attacked examples are in \`figures/${study.label}/${id}.csv\` and \`.jsonl\`, in TextAttack's columns.`;
}

/** What made TextFooler's texts, for captions: sources of synonyms and of similarity, candidates, and the share refused. */
export async function attackCaption(study: Study, sets: readonly AttackSet[]): Promise<string> {
  const similarity = await attackSimilarity(study);
  const encoder = openAttackSimilarity(study, similarity);
  encoder.dispose?.();
  const { meanCandidates, refusedByPartOfSpeech, refusedBySimilarity } = summaryOf(sets);
  const share = (value: number) => (Number.isFinite(value) ? formatPercent(value, 1) : "none");
  return (
    `TextFooler: ${synonymsOf(study).name}, ${formatFixed(meanCandidates)} candidates a word; ${encoder.name}, at least ` +
    `${formatFixed(similarity.threshold, 3)}; refused by part of speech ${share(refusedByPartOfSpeech)}, by similarity ` +
    `${share(refusedBySimilarity)}`
  );
}

/** What stands under every result of TextFooler: its sources, how much they allowed, and what it can be compared with. */
export async function attackNote(study: Study, sets: readonly AttackSet[]): Promise<string> {
  const similarity = await attackSimilarity(study);
  const summary = summaryOf(sets);
  const share = (value: number) => (Number.isFinite(value) ? formatPercent(value, 1) : "none");
  const encoder = openAttackSimilarity(study, similarity);
  encoder.dispose?.();
  const comparable = similarity.kind === "use" && study.settings.synonyms !== "wordnet";
  return (
    `Synonyms: ${synonymsOf(study).name}, on average ${formatFixed(summary.meanCandidates)} candidates for a word that may ` +
    `change, at most ${summary.largestCandidates}. Similarity: ${encoder.name}; threshold ${formatFixed(similarity.threshold, 3)} ` +
    `(${similarity.from}). Of the candidates looked at, ${share(summary.refusedByPartOfSpeech)} were refused by part of ` +
    `speech and ${share(summary.refusedBySimilarity)} by similarity; texts of fewer than 15 words are not held to it. ` +
    (comparable
      ? "Published attacks take the full Universal Sentence Encoder; here it is the lite one."
      : "Published attacks take counter-fitted vectors and the Universal Sentence Encoder, so these numbers cannot be compared with theirs.")
  );
}
