/** What a notebook or a terminal shows: tables, words, numbers and progress. */
export type { BesideRow } from "./beside-study.js";
export { kernelIsStale, staleKernelWarning } from "./kernel.js";
export {
  formatEffect,
  formatFixed,
  formatInterval,
  formatPercent,
  formatPoints,
  formatShare,
} from "./number-format.js";
export { createProgress, formatSeconds, type Progress } from "./progress.js";
export type { Cells, ColumnsAndObjects, ColumnsAndValues } from "./table.js";
