/** More of a study: profiles, regimes, domains of one's own, kinds of unit, claims. */

export type { CellFunction } from "./cell-function.js";
export { type ClaimRow, claimCorrelation, claimMean } from "./claim-effects.js";
export type { DecisionRule } from "./decision-rules.js";
export type { DefinedUnit, Ran, UnitDefinition } from "./define-unit.js";
export type { FigureRecord, UnitsRecord } from "./figure-record.js";
export { inRegime, regimeName, regimes } from "./in-regime.js";
export type { UnitKind } from "./kinds.js";
export type { DomainChoice, OwnDomain } from "./own-domains.js";
export {
  describeSource,
  type PaperNumbers,
  type PaperPair,
  type PaperRows,
  type PaperSource,
  readPaper,
} from "./paper.js";
export type { Profile, Rates, RateTrial, Settings } from "./profile.js";
export type { ClassifierRecipe, Recipe } from "./recipe.js";
export {
  controlledRegime,
  describeRegime,
  type Exposure,
  paperRegime,
  type Regime,
  type Schedule,
  type Start,
  startSeed,
  stepsByEpochs,
  stepsOf,
} from "./regime.js";
export type { SaveOptions } from "./save-figure.js";
export type { ClaimEffect, ClaimEffects, ClaimVerdict, ScorecardRow, Undecided } from "./scorecard.js";
export { type ClaimDifference, scorecardDiff } from "./scorecard-diff.js";
export type { RegimeName } from "./study.js";
export type { TestSplit } from "./test-adapter.js";
export type { Verdicts } from "./verdicts.js";
