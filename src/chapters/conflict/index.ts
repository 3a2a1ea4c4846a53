/** Sign conflict between a study's adapters, and how it goes with harm (notebook 03). */
export { fsdByLayerFigure, fsdHeatmap, harmByFsdFigure } from "./figures.js";
export { type HarmRow, withFsd } from "./harm.js";
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
  describeFlipGrowth,
  describePairsBesidePaper,
  type FlipSizeRow,
  flipBySizeFigure,
  type PairRow,
  pairPanelsFigure,
  paperFlipSizes,
  paperMatrix,
  type SimilarityRow,
  type StartsMatrix,
  similarityFigure,
  startsHeatmap,
} from "./paper-figures.js";
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
export { describeAssociation, describeHarm, describePairs } from "./sentences.js";
export { type Harm, type SignAssociation, type SignAssociationOptions, signAssociation } from "./sign-association.js";
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
export { associationTable, initialisationTable } from "./tables.js";
export { type TextResult, type TextRow, textUnit } from "./text-unit.js";
