/** What decides whether adapters may be mixed, beyond the paper (notebook 08). */
export {
  type AcrossTasksRow,
  acrossTasksEffects,
  acrossTasksFigure,
  acrossTasksTable,
  describeAcrossTasks,
  mixAcrossTasks,
} from "./across-tasks.js";
export { adviseMixing, type MixingFindings } from "./advise.js";
export { besideOthers } from "./beside-others.js";
export { criteriaEffects, criteriaFigure, describeCriteria, leastLoss } from "./criteria.js";
export type { ComparedCriterion } from "./criterion-unit.js";
export { type DoseParts, describeDoses, doseEffects, doseFigure, doseParts } from "./dose.js";
export type { Dose, DoseUnitResult } from "./dose-unit.js";
export { bestLine, fitLossLines, type LossPair } from "./loss-lines.js";
export {
  type CriterionRow,
  controlledSingles,
  type DoseRow,
  measureCriteria,
  measureDoses,
  measurePredictors,
  measureStrengths,
  measureWays,
  type PredictorRow,
  type WayRow,
} from "./measure.js";
export {
  describePredictors,
  type Foretelling,
  type ForetoldPair,
  foretell,
  foretellHarm,
  foretoldPairs,
  type PredictorCost,
  type PredictorName,
  predictorEffects,
  predictorFigure,
  predictors,
  predictorTable,
} from "./mergeability.js";
export {
  compareMethods,
  describeEquivalence,
  equivalenceFigure,
  equivalenceTable,
  type MethodDifference,
  methodEffects,
} from "./method-equivalence.js";
export {
  type BeyondPrediction,
  type BeyondQuestion,
  decideBeyond,
  decisionTable,
  readPredictions,
} from "./predictions.js";
export type { PredictorUnitResult } from "./predictor-unit.js";
export { chosenOnDev, describeStrengths, strengthEffects, strengthFigure, strengthTable } from "./strength.js";
export { bestWay, describeWays, wayEffects, wayFigure, wayTable } from "./way-table.js";
export { type Way, type WayContext, type WayName, ways } from "./ways.js";
