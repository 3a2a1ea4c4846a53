/** Adapters of a study, one for each domain, method and seed, and what the domains give without them (notebook 01). */
export { type BaselineResult, type BaselineRow, baselineUnit } from "./baseline-unit.js";
export { type CutRow, cutTexts } from "./cut-texts.js";
export {
  type EncoderMeasure,
  type EncoderScore,
  encoderScores,
  measureEncoder,
  randomised,
} from "./encoder-comparison.js";
export { encoderTable, type SureDomains, sureDomains } from "./encoder-table.js";
export { learningCurvesFigure, singlesFigure } from "./figures.js";
export { type Gain, gainsOf } from "./gains.js";
export { type GridCell, type GridRow, gridCells, type LengthGain, lengthGains, trainGrid } from "./grid.js";
export { groupSingles, type SinglesGroup } from "./groups.js";
export { measureRates, type RateRow, type RateScore, rankRates } from "./rate-trial.js";
export { describeGains, describeLosses, describeSingles } from "./sentences.js";
export { measureBaselines, type Selection, trainSingles } from "./singles.js";
export { startsOf } from "./starts.js";
export { adapterTable, type DomainRow, domainTable, gainTable, settingsTable } from "./tables.js";
export { stepsByDomain, trainOptions } from "./train-options.js";
export { type TrainResult, type TrainRow, trainUnit } from "./train-unit.js";
export { type UnionResult, type UnionRow, unionUnit } from "./union-unit.js";
export { trainUnions } from "./unions.js";
