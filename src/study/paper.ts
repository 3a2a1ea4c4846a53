import { readFileSync } from "node:fs";
import { projectPath } from "../files/project.js";

/** Where numbers of the paper stand in it, and how they were taken. */
export interface PaperSource {
  /** Such as "table 1" or "figure 4". */
  where: string;
  /** `printed`: exact to the last digit. `readOff`: read off a drawing, each with the error of `PaperNumbers.read`. */
  how: "printed" | "readOff";
}

/** Rows of numbers with where they come from. */
export interface PaperRows<Row> extends PaperSource {
  rows: Row[];
}

/** One target in a mixture of two, figure 14. In percent. */
export interface PaperPair {
  target: string;
  partner: string;
  /** Share of the target's parameters whose sign in the mixture is another than in its own adapter. */
  flipShare: number;
  accuracy: number;
}

/**
 * The paper's numbers, all in percent, of the manuscript of February 2024: RoBERTa-large with Pfeiffer adapters.
 * Nguyen and Le, arXiv 2402.10639.
 */
export interface PaperNumbers {
  about: string;
  source: string;
  setting: string;
  /** What the two ways of taking a number mean, and the error of those read off, in points. */
  read: { printed: string; readOff: string; error: number };
  /** What the paper shows and could not be read off, or does not say. */
  notRead: { what: string; why: string }[];
  /** Table 1: points lost by the mixture of all thirteen. */
  dropAtThirteen: PaperRows<{ domain: string; clean: number; textfooler: number; fgsm: number }>;
  /** Figure 4: FSD of pairs; 0 on the diagonal. [domains, domains] */
  fsd: PaperSource & { domains: string[]; matrix: number[][] };
  /** Accuracy of single adapters, of all domains but toxic. */
  single: PaperRows<{ domain: string; accuracy: number }>;
  /** Figure 14: all pairs of a target but toxic with a partner. */
  pairs: PaperRows<PaperPair>;
  /**
   * Figure 15: accuracy is a mean over mixtures of a size that hold the target, null where another mark covers it. Its flip
   * share at two is that of one pair of figure 14 and no mean, so those of other sizes below 13 may be of single mixtures too.
   */
  bySize: PaperRows<{ target: string; size: number; flipShare: number; accuracy: number | null }>;
  /** Figure 7: accuracy averaged over domains, of the best, least-FSD, mean, most-FSD and worst mixture of a size. */
  choices: PaperRows<{ size: number; max: number; leastFsd: number; mean: number; mostFsd: number; min: number }>;
  /** Figure 8a: single adapters pruned, averaged over domains. */
  pruning: PaperRows<{ sparsity: number; accuracy: number }>;
  /** Figure 8b: the best dense mixture and the sparse ones, averaged over domains. */
  sparseMixtures: PaperRows<{ size: number; denseMax: number; sparse80: number; sparse90: number }>;
  /** How long the adapters were trained, and what of that is taken from elsewhere. */
  training: PaperRows<{ domain: string; epochs: number; trainRows: number }> & {
    about: string;
    batch: number;
    learningRate: number;
  };
}

/** Reads the paper's numbers from `data/paper/`. */
export function readPaper(): PaperNumbers {
  return JSON.parse(readFileSync(projectPath("data", "paper", "numbers.json"), "utf8")) as PaperNumbers;
}

/** One line on where numbers of the paper come from, for a figure's subtitle or a table's note. */
export function describeSource(paper: PaperNumbers, { where, how }: PaperSource): string {
  const error = how === "readOff" ? `, read off within about ${paper.read.error}` : ", as printed";
  return `paper's ${where}${error} (manuscript of February 2024)`;
}
