/** What decides whether adapters may be mixed, beyond the paper (notebook 08). */
export {
  type CriterionRow,
  type DoseRow,
  measureCriteria,
  measureDoses,
  measurePredictors,
  measureStrengths,
  measureWays,
  type PredictorRow,
  type WayRow,
} from "./measure.js";
