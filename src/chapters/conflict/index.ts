/** Sign conflict between a study's adapters, and how it goes with harm (notebook 03). */
export type { SignCounts } from "./count-signs.js";
export { fsdByLayerFigure, fsdHeatmap, harmByFsdFigure } from "./figures.js";
export { type LossLine, type LossLines, readLossLines, type WeightMeasure, weightMeasures } from "./foretold-loss.js";
export { type HarmRow, withFsd } from "./harm.js";
export { type MeasuredSpecification, measureSpecifications } from "./measured-specifications.js";
export { type PairSigns, pairSigns } from "./pair-signs.js";
export {
  allPairs,
  describeReliability,
  type FlipRow,
  flipSets,
  meanPairs,
  measureFlips,
  measurePairs,
  type PairRow,
} from "./pairs.js";
export { anchoredFsd, pairwiseFsd, pairwiseSigns } from "./pairwise.js";
export {
  type PaperAssociation,
  type PaperPairRow,
  type PaperTargetRow,
  paperAssociation,
  paperByTarget,
  paperPairs,
  paperRegression,
} from "./paper-association.js";
export {
  conflictAndAccuracy,
  fsdAndSimilarity,
  growthBeyondArithmetic,
  sameStartGain,
  sameStartP,
  signClaims,
} from "./paper-claims.js";
export {
  describeFlipGrowth,
  describePairsBesidePaper,
  type FlipSizeRow,
  flipBySizeFigure,
  flipsBySize,
  type PairMeasure,
  type PairPoint,
  pairPanelsFigure,
  paperFlipSizes,
  type SimilarityPoint,
  similarityFigure,
} from "./paper-figures.js";
export {
  describePaperAssociation,
  describePaperBlocks,
  describePaperDistances,
  paperBlockTable,
  paperDistanceTable,
  paperTargetTable,
} from "./paper-sentences.js";
export {
  allDistances,
  betweenBlocks,
  blocksByDomain,
  type DistanceFit,
  type FlipGrowthRow,
  fitDistances,
  flipGrowth,
  type MovedRow,
  type SignBlock,
  signBlocks,
} from "./paper-starts.js";
export { measureRandomised, type RandomisedRow } from "./randomised.js";
export { describeRandomised, randomisedFigure } from "./randomised-figure.js";
export { describeParts, randomisedParts, type VariancePart } from "./randomised-parts.js";
export { type SentenceResult, type SentenceRow, sentenceUnit } from "./sentence-unit.js";
export { describeAssociation, describeHarm, describePairs, describeSimilarity } from "./sentences.js";
export { type Harm, type SignAssociation, type SignAssociationOptions, signAssociation } from "./sign-association.js";
export {
  describeFsdByDistance,
  describeSignBlocks,
  type ExpectedPoint,
  fsdByDistanceFigure,
  paperMatrix,
  type StartsMatrix,
  signMatrix,
  startsHeatmap,
} from "./sign-matrix.js";
export { type SignsResult, type SignsRow, signsUnit } from "./signs-unit.js";
export { measureSimilarity, type SimilarityMeasure, type SimilarityRow, wordVectors } from "./similarity.js";
export {
  type ConflictMeasure,
  conflictMeasures,
  type Prediction,
  readPredictions,
  type Specification,
  type SpecificationOptions,
  specificationKey,
  specifications,
  whyUndefined,
} from "./specification.js";
export { describeSpecifications, specificationFigure } from "./specification-figure.js";
export { associationTable, initialisationTable } from "./tables.js";
export { type TextResult, type TextRow, textUnit } from "./text-unit.js";
export { type TopicOptions, topicShares } from "./topics.js";
