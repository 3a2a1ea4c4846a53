import type { Effect } from "../../statistics/effect.js";

/**
 * What is said of a set of adapters. `mix`: every tested member surely loses less than the margin. `do not mix`: one surely
 * loses more. `too close to call`: the rows do not decide. `not tested`: no member has rows. `cannot be mixed`: their
 * weights do not go together.
 */
export type AdviceVerdict = "mix" | "do not mix" | "too close to call" | "not tested" | "cannot be mixed";

/** What a member of a set loses in the mixture, with its own head. */
export interface TargetLoss {
  name: string;
  /** Rows that it was tested on before the interval decided, and those that it has. */
  rows: number;
  of: number;
  /** Accuracy of its own adapter, and of the mixture, on the rows tested. Shares. */
  alone: number;
  mixed: number;
  /** alone − mixed in points, with its interval over all looks together. */
  lost: Effect;
  /**
   * The part of it that is dilution, alone − (θ₀ + δ/k), and the rest, interference. In points; absent where the members are
   * not known to share a start.
   */
  dilution?: number;
  interference?: number;
  /** About the rows that would decide, where these do not; absent where the loss is too near the margin for any number. */
  rowsWanted?: number;
}

/** What the weights of a pair foretell of their plain average, with the error that is known of it. Points of accuracy. */
export interface ForetoldLoss {
  /** What is foretold that each of the two loses, in their order. */
  points: [number, number];
  /** The measure that it follows from, in words, and its value for each as the target. */
  by: string;
  values: [number, number];
  /**
   * On domains that the line was not fitted on: its mean absolute error, what nine of ten pairs stay within, the error of
   * saying `mean` of every pair, and the rank correlation with what a target lost over its partners.
   */
  error: number;
  ninety: number;
  errorOfMean: number;
  mean: number;
  rank: Effect;
  /** What sets the pair apart from those that the line was fitted on; its error is known for none of these. */
  outside: string[];
}

/** What the weights of two adapters say. */
export interface PairSigns {
  /** Fraction of sign difference of the raw weights, and what coins would give. */
  fsd: number;
  chance: number;
  /** Cosine of the two. */
  cosine: number;
  /** Whether both began from the same numbers; null where it is not known. */
  sameStart: boolean | null;
  /** FSD that the distances alone would give, were the changes independent; null where a start is not known. */
  expected: number | null;
  /** Distances moved from the start; null where it is not known. */
  moved: [number | null, number | null];
  /** Points that the plain average is foretold to cost; no verdict. */
  foretold: ForetoldLoss;
}

/** A set of adapters with what is advised on it. */
export interface SetAdvice {
  members: string[];
  verdict: AdviceVerdict;
  /** One sentence: why. */
  why: string;
  /** Members with rows; empty where none has. */
  targets: TargetLoss[];
  /** Of pairs that can be compared. */
  signs?: PairSigns;
}

/** One way to weigh the members of a set, tested on all rows. */
export interface Weighing {
  /** Factor on the summed changes from the start, θ₀ + λ Σ δ; 1/k is the plain average. Absent where the start is unknown. */
  lambda?: number;
  coefficients: number[];
  /** Points lost by each tested member, in their order, and by the worst off. */
  lost: number[];
  worst: number;
}

/** The set that is proposed, and how to weigh it. */
export interface Proposal extends Weighing {
  members: string[];
  verdict: AdviceVerdict;
  /** What each tested member loses by it on all its rows, in points, at a level that allows for the ways tried. */
  targets: { name: string; lost: Effect }[];
  /** Every way to weigh it that was tried; the first is the plain average. */
  tried: Weighing[];
  why: string;
}

/** What is known of a member alone. */
export interface MemberFacts {
  name: string;
  rows: number;
  /** Accuracy of its own adapter, a share; absent without rows. */
  alone?: number;
  /** Accuracy of always answering the most frequent label of its rows; absent without rows. */
  majority?: number;
}

/** Which adapters may be mixed, and what it costs. */
export interface Advice {
  /** Points that a member may lose. */
  margin: number;
  members: MemberFacts[];
  pairs: SetAdvice[];
  /** Sets of three and more that were tried, in order. */
  grown: SetAdvice[];
  proposal?: Proposal;
  /**
   * Texts that went through the encoder, and answers that an earlier run had kept; of both, those of the pairs, and what
   * testing every pair on all rows would take.
   */
  texts: { computed: number; kept: number; pairs: number; allPairs: number };
  notes: string[];
}
