/** Mixtures of pruned adapters, and the controls beside them (notebook 07). */
export { bestSparseFigure, controlsFigure, prunedSignsFigure } from "./figures.js";
export { type LayerSparseResult, mixLayerSparse, sparseBesideBest, sparseSizeRows } from "./layer-sparse.js";
export {
  type LayerSparseRecipe,
  type LayerSparseRow,
  type LayerSparseUnitResult,
  layerSparseUnit,
} from "./layer-sparse-unit.js";
export { sparseNames } from "./names.js";
export {
  describeSparseSizes,
  type PaperSparseRow,
  paperSparseSizes,
  type SparseSizeRow,
  sparseBySizeFigure,
} from "./paper-figures.js";
export { type PrunedSigns, prunedSigns } from "./pruned-signs.js";
export type { SignsAfterPruning } from "./pruned-signs-unit.js";
export { describeControls, describePrunedSigns, describeSparse } from "./sentences.js";
export {
  type SparseMixtureInput,
  type SparseMixtureRow,
  type SparseRecipe,
  sparseMixtureUnit,
} from "./sparse-mixture-unit.js";
export {
  type BestSparse,
  besideBestControl,
  besideControl,
  besideDense,
  bestSparse,
  controls,
  mixSparse,
  type SparseResult,
  type SparseSelection,
  sparseBesideBestDense,
  sparseKinds,
} from "./sparse-mixtures.js";
export { bestSparseTable, controlsTable, layerSparseTable, prunedSignsTable } from "./tables.js";
