/** Mixtures of a study's adapters: sweeps, floors, pools, and what mixing costs (notebook 02). */
export { type SizeSummary, summariseBySize } from "./by-size.js";
export { type Measure, meanHarm, methodDifference } from "./claims.js";
export {
  type CoefficientResult,
  coefficientFigure,
  describeCoefficients,
  sweepCoefficients,
} from "./coefficients.js";
export { type CountedTarget, countedNames, countedTargets, gainsOverFloor } from "./counted-targets.js";
export { type EvaluateInput, type EvaluateRow, evaluateUnit } from "./evaluate-unit.js";
export { accuracyBySizeFigure, dropByDomainFigure, dropDistributionFigure } from "./figures.js";
export { floorLevels } from "./levels.js";
export {
  type FloorRow,
  type MixtureResult,
  measureFloors,
  type SweepOptions,
  sampleMixtures,
  subsetOf,
  sweep,
  testRecipes,
} from "./mixtures.js";
export { dropOfAll, dropOfFew, mixClaims } from "./paper-claims.js";
export {
  type Condition,
  cleanDrops,
  conditions,
  type DropAtAllRow,
  type DropRow,
  describeDropAtAll,
  dropAtAll,
  dropBySizeFigure,
} from "./paper-figures.js";
export { measurePools, type Pool, poolDomains, poolSingles, scoreOf, setsWith } from "./pool.js";
export { describeDomains, describeMethods, describeMixing } from "./sentences.js";
export { mixingTable, mixtureTable, sweepTable, unionTable, weightTable } from "./tables.js";
