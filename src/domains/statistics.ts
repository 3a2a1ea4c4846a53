import { type Domain, type Example, requireDomain, type SplitName, splitNames } from "./domain.js";
import { findLeaks, type LeakOptions } from "./leaks.js";

/** One row of a table about a domain: one per split. */
export interface DomainStatistics {
  domain: string;
  split: SplitName;
  examples: number;
  /** Words per example (both texts of a pair together). */
  medianWords: number;
  /** 95th percentile of words per example. */
  longWords: number;
  /** Share of each label, in the order of the domain's labels. */
  labelShares: number[];
  /** Accuracy of always answering the label that is most common in *train*. */
  majority: number;
  /** Label shift: half the sum of |share here − share in train| over labels (total variation), 0 for train itself. */
  labelShift: number;
  /** Examples of this split that are exact duplicates of one in an earlier split. */
  exactLeaks: number;
  /** Near duplicates of an example of an earlier split. */
  nearLeaks: number;
  /** Pairs that share one text with an example of an earlier split. */
  sideLeaks: number;
}

/** Sizes, lengths, labels, label shift and leaks of a domain's three splits. */
export function domainStatistics(domain: Domain, options: LeakOptions = {}): DomainStatistics[] {
  requireDomain(domain, "domainStatistics");
  const leaks = findLeaks(domain, options);
  const trainShares = labelShares(domain.train, domain.labels.length);
  const majorityLabel = trainShares.indexOf(Math.max(...trainShares));
  return splitNames.map((split) => {
    const examples = domain[split];
    const words = examples.map(wordCount).sort((a, b) => a - b);
    const shares = labelShares(examples, domain.labels.length);
    const leaked = (kind: string) =>
      new Set(leaks.filter((leak) => leak.kind === kind && leak.splits[1] === split).map((leak) => leak.indices[1]))
        .size;
    return {
      domain: domain.name,
      split,
      examples: examples.length,
      medianWords: quantile(words, 0.5),
      longWords: quantile(words, 0.95),
      labelShares: shares,
      majority: shares[majorityLabel],
      labelShift: shares.reduce((sum, share, i) => sum + Math.abs(share - trainShares[i]), 0) / 2,
      exactLeaks: leaked("exact"),
      nearLeaks: leaked("near"),
      sideLeaks: leaked("side"),
    };
  });
}

/** Share of each of `labels` labels among the examples. */
export function labelShares(examples: readonly Example[], labels: number): number[] {
  const counts = new Array<number>(labels).fill(0);
  for (const { label } of examples) counts[label]++;
  return counts.map((count) => (examples.length > 0 ? count / examples.length : 0));
}

function wordCount({ text, textPair = "" }: Example): number {
  return `${text} ${textPair}`.trim().split(/\s+/).length;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted.length > 0 ? sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] : 0;
}
