/** Your own domains and adapters, from a table to a verdict: look, train, test mixtures, advise (notebook 09). */
export type {
  Advice,
  AdviceVerdict,
  ForetoldLoss,
  MemberFacts,
  PairSigns,
  Proposal,
  SetAdvice,
  TargetLoss,
  Weighing,
} from "./advice.js";
export { type AdviceOptions, type AdviceProgress, advise, secondsPerText, textsOfAllPairs } from "./advise.js";
export { checkDomain, type DomainChecks } from "./domain-checks.js";
export {
  type EvaluationReport,
  evaluationReport,
  type LabelReport,
  type Prediction,
  predictionRows,
} from "./evaluation-report.js";
export { exampleTables } from "./example-tables.js";
export { adviceFigure, learningCurveFigure } from "./figures.js";
export { foretellLoss } from "./foretell-loss.js";
export { type Member, memberOf, membersOf } from "./member.js";
export { pairSigns } from "./pair-signs.js";
export { saveProposal } from "./save-proposal.js";
export { describeAdvice } from "./sentences.js";
export { checksTable, confusionTable, lossTable, signTable, trainingTable, weighingTable } from "./tables.js";
export { describeTraining, type OwnSettings, type OwnTraining, ownSettings, trainOwn } from "./train-own.js";
export { type Way, weighedMixture } from "./weighed-mixture.js";
