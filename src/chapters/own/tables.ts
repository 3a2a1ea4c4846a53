import { formatEffect, formatFixed } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import type { Domain } from "../../domains/domain.js";
import { madeFrom } from "../../results/origin.js";
import type { Advice, ForetoldLoss } from "./advice.js";
import type { DomainChecks } from "./domain-checks.js";
import type { EvaluationReport } from "./evaluation-report.js";
import type { OwnTraining } from "./train-own.js";

/** One row for each member of each tested set: what it loses, of it dilution and interference, and the set's verdict. */
export function lossTable(advice: Advice): Cells[] {
  const rows = [...advice.pairs, ...advice.grown].flatMap(({ members, verdict, targets }) =>
    targets.map((loss, i) => ({
      set: i === 0 ? members.join(" + ") : "",
      "tested on": loss.name,
      "alone (%)": 100 * loss.alone,
      "mixed (%)": 100 * loss.mixed,
      "points lost": formatEffect(loss.lost),
      dilution: loss.dilution === undefined ? "–" : formatFixed(loss.dilution),
      interference: loss.interference === undefined ? "–" : formatFixed(loss.interference),
      rows: loss.rows === loss.of ? String(loss.of) : `${loss.rows} of ${loss.of}`,
      verdict: i === 0 ? verdict : "",
    })),
  );
  return madeFrom(rows, advice);
}

/** "12.9 ± 5.7": points foretold of both, or of each, with the mean error of this; "± ?" where that is not known. */
function foretoldText({ points, error, outside }: ForetoldLoss): string {
  const texts = [...new Set(points.map((value) => formatFixed(value)))].join(", ");
  return `${texts} ± ${outside.length === 0 ? formatFixed(error) : "?"}`;
}

/** One row a pair: what its weights say; foretold are points that each loses in the plain average. */
export function signTable(advice: Advice): Cells[] {
  const rows = advice.pairs.map(({ members, signs, why }): Cells => {
    if (!signs) return { pair: members.join(" + "), FSD: "–", note: why };
    const moved = signs.moved.map((distance) => (distance === null ? "?" : formatFixed(distance, 2))).join(", ");
    return {
      pair: members.join(" + "),
      FSD: formatFixed(signs.fsd, 3),
      chance: formatFixed(signs.chance, 3),
      "by distance": signs.expected === null ? "–" : formatFixed(signs.expected, 3),
      cosine: formatFixed(signs.cosine, 3),
      "same start": signs.sameStart === null ? "not known" : signs.sameStart ? "yes" : "no",
      moved,
      foretold: foretoldText(signs.foretold),
    };
  });
  return madeFrom(rows, advice);
}

/** One row a way to weigh the proposed set: factor, coefficients, and what each tested member loses by it. */
export function weighingTable({ proposal }: Advice): Cells[] {
  if (!proposal) return [];
  return proposal.tried.map(({ lambda, coefficients, lost, worst }) => ({
    λ: lambda === undefined ? "–" : formatFixed(lambda, 2),
    coefficients: coefficients.map((one) => formatFixed(one, 2)).join(", "),
    "points lost": lost.map((one) => formatFixed(one)).join(", "),
    worst: formatFixed(worst),
  }));
}

/** One row for each adapter trained: what it reaches on the dev rows, beside the floors. */
export function trainingTable(trainings: readonly OwnTraining[]): Cells[] {
  return trainings.map(({ adapter, dev, majority, bagOfWords, overBagOfWords, settings, devRows }) => ({
    domain: adapter.name,
    method: settings.method,
    steps: settings.steps,
    "dev rows": devRows,
    "accuracy (%)": 100 * dev.effect,
    "most frequent label (%)": 100 * majority,
    "bag of words (%)": 100 * bagOfWords,
    "over bag of words": formatEffect(overBagOfWords),
  }));
}

/** Most labels that a cell names. */
const NAMED_LABELS = 6;

/** One row a split of a domain: whose it is, size, lengths, labels and leaks. */
export function checksTable({ splits }: DomainChecks, { name, labels }: Pick<Domain, "name" | "labels">): Cells[] {
  return splits.map((split, i) => ({
    domain: i === 0 ? name : "",
    split: split.split,
    rows: split.examples,
    "words (median, 95%)": `${split.medianWords}, ${split.longWords}`,
    labels: [
      ...split.labelShares.slice(0, NAMED_LABELS).map((share, j) => `${labels[j]} ${(100 * share).toFixed(0)}%`),
      ...(labels.length > NAMED_LABELS ? [`and ${labels.length - NAMED_LABELS} more`] : []),
    ].join(", "),
    leaks: split.exactLeaks + split.nearLeaks + split.sideLeaks,
  }));
}

/** One row for each true label: how often each label was predicted, and precision, recall and F1. */
export function confusionTable({ labels, confusion }: EvaluationReport): Cells[] {
  const shown = labels.length <= 8;
  return labels.map(({ label, rows, precision, recall, f1 }, i) => ({
    label,
    rows,
    ...(shown && Object.fromEntries(labels.map(({ label: other }, j) => [`→ ${other}`, confusion[i][j]]))),
    ...{ precision: formatFixed(precision, 3), recall: formatFixed(recall, 3), F1: formatFixed(f1, 3) },
  }));
}
