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
export { type PickerCost, pickerCosts } from "./picker-cost.js";
export { pickerNames } from "./picker-names.js";
export { embedTexts, type Picker, pickers, pickFor, type TextEmbeddings } from "./pickers.js";
export { meanRegret, type PoolSpread, poolSpread, type RegretRow, regretBesideRandom, regrets } from "./regret.js";
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
