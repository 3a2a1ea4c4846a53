/** Pruned adapters: what they lose, and how sparse they may be (notebook 06). */
export { pruningFigure, pruningHeatmap, scopeFigure } from "./figures.js";
export { describeSparsity, paperSparsities, type SparsityRow, sparsityFigure, sparsityRows } from "./paper-figures.js";
export { maskPath, type PruneForm, type PruneRow, type PruneUnitResult, pruneUnit } from "./prune-unit.js";
export {
  gainKept,
  largestSafeSparsity,
  lossAt90,
  meanLoss,
  ownScope,
  type PruneResult,
  type PruneSelection,
  pruneSingles,
} from "./pruning-curves.js";
export { describePruning } from "./sentences.js";
export { keptTable, pruneTable, pruningTable, sparseFileTable } from "./tables.js";
