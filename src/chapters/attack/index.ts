/** Mixtures under attack, by TextFooler and FGSM (notebook 04). */
export {
  type AttackSet,
  attackedExamples,
  attackSingles,
  attackWithTextFooler,
  selfVictims,
  summaryOf,
  type Victim,
} from "./attack-sets.js";
export {
  type AttackSimilarity,
  attackSimilarity,
  calibratedSimilarity,
  type SimilarityThreshold,
} from "./attack-similarity.js";
export { attackText } from "./attack-text.js";
export {
  type Access,
  type AttackedMixture,
  type AttackTest,
  attackedDomains,
  attackedMixtures,
  attackTests,
  singleRecipe,
  trainAttackers,
} from "./attacked-mixtures.js";
export { type AttackedResult, type AttackedRow, type AttackedTexts, attackedUnit } from "./attacked-unit.js";
export { spreadRatio } from "./fall.js";
export { fgsmMixtures } from "./fgsm-mixtures.js";
export { type FgsmInput, type FgsmRow, type FgsmUnitResult, fgsmUnit } from "./fgsm-unit.js";
export { adaptiveFigure, attackedByDomainFigure, attackedBySizeFigure, epsilonFigure } from "./figures.js";
export { type MeasuredAttacks, measureAttacks } from "./measure.js";
export { attackClaims } from "./paper-claims.js";
export { attackedDropFigure, attackedDrops, attackedDropTable } from "./paper-figures.js";
export { describeAdaptive, describeAttackedMixing, describeEpsilon, describeTextFooler } from "./sentences.js";
export { type SimilarityResult, type SimilarityRow, similarityUnit } from "./similarity-unit.js";
export type { RankedSubstitution } from "./substitution-ranks.js";
export {
  adaptiveTable,
  attackCaption,
  attackCells,
  attackedCells,
  attackNote,
  exampleAttacks,
  exportAttacks,
  strengthTable,
  textFoolerTable,
} from "./tables.js";
export { type AdaptiveResult, adaptiveSample, compareAdaptive, textFoolerMixtures } from "./textfooler-mixtures.js";
export { type TextFoolerInput, type TextFoolerResult, type TextFoolerRow, textFoolerUnit } from "./textfooler-unit.js";
