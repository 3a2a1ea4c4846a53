import { mean } from "simple-statistics";
import { formatFixed } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import { describeSource, type PaperNumbers } from "../../study/paper.js";
import { paperAssociation, paperByTarget } from "./paper-association.js";
import { allDistances, betweenBlocks, fitDistances, flipGrowth, signBlocks } from "./paper-starts.js";

/** The blocks of the paper's FSD matrix as a table; FSD in percent. */
export function paperBlockTable(paper: PaperNumbers): Cells[] {
  const between = betweenBlocks(paper);
  return [
    ...signBlocks(paper).map(({ block, domains, pairs, least, most }) => ({
      block: String(block),
      domains: domains.join(", "),
      ...{ pairs, "least FSD (%)": least, "most FSD (%)": most },
    })),
    {
      block: "between",
      domains: "two of different blocks",
      ...{ pairs: between.pairs, "least FSD (%)": between.least, "most FSD (%)": between.most },
    },
  ];
}

/** How far each of the paper's adapters moved, as its FSD gives it, beside how long it was trained; the shortest first. */
export function paperDistanceTable(paper: PaperNumbers): Cells[] {
  return allDistances(paper)
    .sort((a, b) => a.moved - b.moved)
    .map(({ domain, block, moved, exposure }) => ({
      ...{ domain, block },
      "moved (standard deviations of the start)": moved,
      "epochs × rows": exposure,
    }));
}

/** What each target's twelve partners show in the paper, as a table. */
export function paperTargetTable(paper: PaperNumbers): Cells[] {
  return paperByTarget(paper).map((row) => ({
    target: row.target,
    "flip share and accuracy": row.withFlipShare,
    "FSD and accuracy": row.withFsd,
    "FSD's spread (points)": row.fsdSpread,
    "same start gains (points)": row.sameStartGain,
    "start and distance explain (%)": 100 * row.explained,
  }));
}

/** What the paper's FSD matrix shows of starts, and what it cannot. */
export function describePaperBlocks(paper: PaperNumbers): string {
  const blocks = signBlocks(paper);
  const between = betweenBlocks(paper);
  const within = blocks.filter(({ pairs }) => pairs > 0);
  const pairs = within.reduce((sum, block) => sum + block.pairs, 0);
  const [least, most] = [
    Math.min(...within.map((block) => block.least)),
    Math.max(...within.map((block) => block.most)),
  ];
  return (
    `The FSD matrix (${describeSource(paper, paper.fsd)}) falls into ${blocks.length} blocks. Within them FSD is ` +
    `${formatFixed(least, 0)} to ${formatFixed(most, 0)}% (${pairs} pairs); between them ${formatFixed(between.least, 1)} to ` +
    `${formatFixed(between.most, 1)}% (${between.pairs} pairs), which is chance, and what adapters of separate starts have before any ` +
    "training. The blocks are the numbers of labels. That is what one seed gives where the head, whose size is the number of labels, " +
    "is drawn before the adapter; the paper does not say how its adapters started, so this stays an inference."
  );
}

/** What distances moved explain of the paper's FSD, and what they cannot tell. */
export function describePaperDistances(paper: PaperNumbers): string {
  const { pairs, rSquared, error, withExposure, rows } = fitDistances(paper);
  const growth = flipGrowth(paper);
  const all = mean(growth.map(({ two, thirteen }) => thirteen - two));
  const beyond = mean(growth.map((row) => row.beyond));
  return (
    `One number for each of the ${rows.length} adapters of the largest block, the distance that it moved, gives the FSD of all ` +
    `${pairs} pairs: R² ${rSquared.toFixed(4)}, error ${formatFixed(error, 2)} points (that of reading off is about ${paper.read.error}). The distances follow ` +
    `epochs × rows (rank correlation ${formatFixed(withExposure, 2)}). So within a block nothing is left for the content of two domains ` +
    `to explain. From pairs to all thirteen the flip share grows by ${formatFixed(all, 1)} points; starts and distances give all ` +
    `but ${formatFixed(beyond, 1)} of them by arithmetic. It cannot be told from this whether a domain moves its adapter far because ` +
    "it was trained long or because of what it is: in the paper each domain has one length."
  );
}

/** What the paper's pairs show of FSD and accuracy, and what they cannot. */
export function describePaperAssociation(paper: PaperNumbers): string {
  const { meanWithinTargets, negative, targets, explained, givenBoth, sameStartGain } = paperAssociation(paper);
  const percent = [explained.plain, explained.log].map((share) => 100 * share);
  const left = [givenBoth.log, givenBoth.plain].map((r) => formatFixed(r, 2));
  return (
    `Flip share and accuracy go together as the paper says: the mean rank correlation within targets is ` +
    `${formatFixed(meanWithinTargets, 2)}, negative on ${negative} of ${targets}. But a partner of the same start does better on all ` +
    `${sameStartGain.targets} targets where both kinds are to be had, by ${formatFixed(sameStartGain.least, 1)} to ` +
    `${formatFixed(sameStartGain.most, 1)} points, and same start with the partner's distance explains ` +
    `${formatFixed(mean(percent), 0)}% of accuracy within targets (${formatFixed(percent[0], 0)}% with the distance as it is, ` +
    `${formatFixed(percent[1], 0)}% with its logarithm). Given both, flip share keeps a correlation of ${left[0]} to ${left[1]}. These are ` +
    "associations: start, number of labels, length of training and domain go together in the paper, since no adapter was trained " +
    "twice, and only an experiment that varies them apart can say which of them harms."
  );
}
