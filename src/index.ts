/*
 * The face: what notebooks and programs import. The method's verbs stand here by their names; each chapter's analysis, and
 * what lies below and beside the method, is a namespace. `src/README.md` has a line on each name.
 */

export { type Adapter, adapterHash } from "./adapters/adapter.js";
export { adapterConfig, createAdapter, initialTensors } from "./adapters/create.js";
export { adapterFormat, exportAdapter, importAdapter } from "./adapters/folder.js";
export { adapterFromMatrix } from "./adapters/from-matrix.js";
export { checkpointHead, createHead, type Head } from "./adapters/head.js";
export * as adapters from "./adapters/index.js";
export { mergeAdapter } from "./adapters/merge.js";
export type { AdapterConfig, AdapterMethod } from "./adapters/methods.js";
export type { Classifier } from "./attacks/classifier.js";
export { createFgsm, fgsm } from "./attacks/fgsm.js";
export * as attacks from "./attacks/index.js";
export { encoderSimilarity } from "./attacks/similarity.js";
export { attackSummary } from "./attacks/summary.js";
export { counterFittedSynonyms, type SynonymSource, wordnetSynonyms } from "./attacks/synonyms.js";
export { createTextFooler } from "./attacks/textfooler.js";
export * as attack from "./chapters/attack/index.js";
export * as beyond from "./chapters/beyond/index.js";
export { type Checked, check } from "./chapters/check.js";
export * as conflict from "./chapters/conflict/index.js";
export * as greedy from "./chapters/greedy/index.js";
export * as mix from "./chapters/mix/index.js";
export * as own from "./chapters/own/index.js";
export * as prune from "./chapters/prune/index.js";
export * as sparse from "./chapters/sparse/index.js";
export * as train from "./chapters/train/index.js";
// Below and beside the method.
export { ask } from "./display/ask.js";
export { besideStudy } from "./display/beside-study.js";
export * as display from "./display/index.js";
export { say } from "./display/say.js";
export { show } from "./display/show.js";
export { describe, type TableLike, table } from "./display/table.js";
export { domainCard } from "./domains/card.js";
export { classroomDomain } from "./domains/classroom/generate.js";
export { createDomain, type Domain, type DomainName, domainNames, type Example } from "./domains/domain.js";
export { domainFromFolder } from "./domains/folder.js";
export { domainFromHub } from "./domains/from-hub.js";
export { domainFromTable } from "./domains/from-table.js";
export * as domains from "./domains/index.js";
export { findLeaks } from "./domains/leaks.js";
export { loadDomain, loadDomains } from "./domains/load.js";
export { domainStatistics } from "./domains/statistics.js";
export { subsample } from "./domains/subsample.js";
export { loadEncoder, saveEncoder } from "./encoder/checkpoint.js";
export { createEncoder, type Encoder } from "./encoder/encoder.js";
export * as encoder from "./encoder/index.js";
export { type Backend, type BackendName, backendNames, selectBackend } from "./engine/backend.js";
export * as engine from "./engine/index.js";
export { createRandom, type Random } from "./engine/random.js";
export type { NamedTensorData, TensorData } from "./engine/tensor-data.js";
export type { Figure } from "./figures/figure.js";
export * as figures from "./figures/index.js";
export * as files from "./files/index.js";
export { averageAdapters } from "./mixing/average.js";
export { scaleChange } from "./mixing/dilute.js";
export { greedyMix } from "./mixing/greedy.js";
export { mixHeads } from "./mixing/heads.js";
export * as mixing from "./mixing/index.js";
export { leastFsdChoice, mostFsdChoice, rowMeans } from "./mixing/least-fsd.js";
export { mixAdapters } from "./mixing/mix.js";
export type { MixOptions, MixStrategy } from "./mixing/options.js";
export { pruneThenMix, type SparseMixture } from "./mixing/prune-then-mix.js";
export { cosineSimilarity } from "./mixing/similarity.js";
export { sparseMixing } from "./mixing/sparse-mixing.js";
export { enumerateMixtures } from "./mixing/subsets.js";
export * as pretraining from "./pretraining/index.js";
export type { Criterion } from "./pruning/criterion.js";
export * as pruning from "./pruning/index.js";
export { layersByFsd } from "./pruning/layers-to-prune.js";
export { loadMask, saveMask } from "./pruning/mask-file.js";
export type { PruneScope } from "./pruning/pools.js";
export { type PruneOptions, pruneAdapter, sparsityOf } from "./pruning/prune.js";
export type { PruneScores } from "./pruning/scores.js";
export { loadSparseAdapter, saveSparseAdapter } from "./pruning/sparse-file.js";
export * as results from "./results/index.js";
export { signMapOf } from "./signs/adapter-signs.js";
export {
  expectedFlipShares,
  expectedSignDifference,
  flipShareByDistance,
  signDifferenceByDistance,
} from "./signs/by-distance.js";
export { chanceLevel } from "./signs/chance.js";
export { whyNotComparable } from "./signs/comparable.js";
export { distanceMoved } from "./signs/distance-moved.js";
export { flipShare, flipShares } from "./signs/flip-share.js";
export * as signs from "./signs/index.js";
export { sharedInitialisation, type WeightView } from "./signs/initialisation.js";
export { sameStart } from "./signs/same-start.js";
export { compareSigns, fractionOfSignDifference, type SignDifference, type ZeroRule } from "./signs/sign-difference.js";
export { signDifferenceMatrix } from "./signs/sign-difference-matrix.js";
export { setSignDifference } from "./signs/sign-difference-of-set.js";
export { signDifferenceOfSubsets } from "./signs/sign-difference-of-subsets.js";
export * as statistics from "./statistics/index.js";
export { trainedAdapter } from "./study/adapter-at-hand.js";
export { defineUnit } from "./study/define-unit.js";
export * as study from "./study/index.js";
export type { RunOptions } from "./study/run.js";
export { figuresFolder } from "./study/save-figure.js";
export { readScorecard, scoreClaims, scorecardTable } from "./study/scorecard.js";
export { openStudy, type Study, type StudyOptions } from "./study/study.js";
export * as tasks from "./tasks/index.js";
export * as text from "./text/index.js";
export { trainBagOfWords } from "./training/bag-of-words.js";
export { majorityAccuracy, trainProbe } from "./training/baselines.js";
export { createEvaluator, type EvaluateOptions, type Evaluation, evaluate } from "./training/evaluate.js";
export * as training from "./training/index.js";
export { accuracy, macroF1, standardError, wilsonInterval } from "./training/metrics.js";
export { textEmbedding } from "./training/text-embedding.js";
export { type TrainOptions, trainAdapter, trainClassifier } from "./training/train.js";
