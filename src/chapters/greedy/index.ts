/** Choosing what to mix before any mixture is tested: pickers, their regret, and luck (notebook 05). */
export {
  type ChoiceOutcome,
  choiceClaims,
  choicesBySize,
  fsdChoices,
  shareCaptured,
} from "./choices.js";
export { greedyFigure, greedyFsdFigure, regretFigure } from "./figures.js";
export { type LuckRow, luckBySize } from "./luck.js";
export { type ChoiceRow, choicesFigure, describeChoices } from "./paper-figures.js";
export { embedTexts, pickFor, type TextEmbeddings } from "./pick.js";
export type { Picker, PickerContext } from "./picker.js";
export { type PickerCost, pickerCosts } from "./picker-cost.js";
export { type Pickers, pickerName, pickers } from "./pickers.js";
export {
  meanRegret,
  type PickerOptions,
  type PoolSpread,
  poolSpread,
  type RegretRow,
  regretBesideRandom,
  regrets,
} from "./regret.js";
export { describeFsdChoices, describeLuck, describeRegret } from "./sentences.js";
export {
  choiceTable,
  costTable,
  fsdChoiceTable,
  greedyOrderTable,
  luckTable,
  poolTable,
  regretTable,
  targetFreeTable,
} from "./tables.js";
export { type TargetFreeRow, targetFree, targetFreeDrop, targetFreeRegret } from "./target-free.js";
