export { subtitleOf } from "./study/figure-record.js";
/*
 * The face: what notebooks and programs import. The method's verbs stand here by their names; each chapter's analysis, and
 * what lies below and beside the method, is a namespace. `src/README.md` has a line on each name.
 */

// The encoder, adapters and heads.
export {
  type Adapter,
  type AdapterBase,
  type AdapterConfig,
  type AdapterMethod,
  adapterHash,
  type BottleneckConfig,
  type LoraConfig,
  placeOf,
} from "./adapters/adapter.js";
export { type AdapterOptions, adapterConfig, createAdapter, initialTensors } from "./adapters/create.js";
export type { ImportedAdapter } from "./adapters/fit.js";
export { type AdapterFormat, adapterFormat, exportAdapter, importAdapter } from "./adapters/folder.js";
export { adapterFromMatrix } from "./adapters/from-matrix.js";
export { checkpointHead, createHead, type Head } from "./adapters/head.js";
export { mergeAdapter } from "./adapters/merge.js";
// Attacks.
export type { Classifier } from "./attacks/classifier.js";
export { attackCsv, attackJsonLines, markWords } from "./attacks/export.js";
export {
  createFgsm,
  embeddingScale,
  type FgsmAttack,
  type FgsmOptions,
  type FgsmResult,
  fgsm,
} from "./attacks/fgsm.js";
export { openSimilarity, type SimilarityKind, similarityKinds } from "./attacks/open-similarity.js";
export {
  angularSimilarity,
  calibrateSimilarity,
  type EncoderSimilarityOptions,
  encoderSimilarity,
  recipeThreshold,
  type SimilarityEncoder,
  sentenceSimilarity,
  vectorSimilarity,
} from "./attacks/similarity.js";
export { applySubstitutions, type Substitution } from "./attacks/substitutions.js";
export { type AttackOutcome, type AttackSummary, attackSummary } from "./attacks/summary.js";
export {
  counterFittedSynonyms,
  type NeighbourOptions,
  neighbourSynonyms,
  openSynonyms,
  type SynonymSource,
  type WordPlace,
  wordnetSynonyms,
} from "./attacks/synonyms.js";
export {
  type AttackedExample,
  createTextFooler,
  type TextFooler,
  type TextFoolerOptions,
} from "./attacks/textfooler.js";
export {
  openUniversalSentenceEncoder,
  type UniversalSentenceEncoder,
  type UniversalSentenceOptions,
  universalSentenceSimilarity,
} from "./attacks/universal-sentence-encoder.js";
// The chapters, one folder a notebook.
export * as attack from "./chapters/attack/index.js";
export * as conflict from "./chapters/conflict/index.js";
export * as greedy from "./chapters/greedy/index.js";
export * as mix from "./chapters/mix/index.js";
export * as prune from "./chapters/prune/index.js";
export * as sparse from "./chapters/sparse/index.js";
export * as train from "./chapters/train/index.js";
// Below and beside the method.
export * as display from "./display/index.js";
// A study.
export { say } from "./display/say.js";
export { show } from "./display/show.js";
export { describe, type TableLike, table } from "./display/table.js";

// Domains: texts with labels.
export { type DomainCard, domainCard } from "./domains/card.js";
export { type ClassroomOptions, classroomDomain, trainingText } from "./domains/classroom/generate.js";
export { createDomain, type Domain, type DomainName, domainNames, type Example } from "./domains/domain.js";
export { domainFromFolder } from "./domains/folder.js";
export { type DomainFromHubOptions, domainFromHub } from "./domains/from-hub.js";
export { type DomainFromTableOptions, domainFromTable } from "./domains/from-table.js";
export { findLeaks, type Leak, type LeakOptions } from "./domains/leaks.js";
export { type DomainOptions, loadDomain, loadDomains } from "./domains/load.js";
export { type DomainStatistics, domainStatistics } from "./domains/statistics.js";
export { subsample } from "./domains/subsample.js";
export { loadEncoder, saveEncoder } from "./encoder/checkpoint.js";
export type { EncoderConfig } from "./encoder/config.js";
export { createEncoder, type Encoder } from "./encoder/encoder.js";
export { type Backend, type BackendName, backendNames, selectBackend } from "./engine/backend.js";
export * as engine from "./engine/index.js";
export { createRandom, type Random } from "./engine/random.js";
export type { NamedTensorData, TensorData } from "./engine/tensor-data.js";
export type { Figure } from "./figures/figure.js";
export * as figures from "./figures/index.js";
export * as files from "./files/index.js";
// Mixing.
export { averageAdapters } from "./mixing/average.js";
export { scaleChange } from "./mixing/dilute.js";
export { type GreedyMixture, type GreedyOptions, type GreedyStep, greedyMix, greedyPath } from "./mixing/greedy.js";
export { mixHeads } from "./mixing/heads.js";
export { leastFsdChoice, mostFsdChoice, rowMeans } from "./mixing/least-fsd.js";
export { mixAdapters } from "./mixing/mix.js";
export type { MixOptions, MixStrategy } from "./mixing/options.js";
export { type PruneThenMixOptions, pruneThenMix, type SparseMixture } from "./mixing/prune-then-mix.js";
export { cosineSimilarity, type SimilarityOptions } from "./mixing/similarity.js";
export { type SparseMixing, type SparseMixingOptions, sparseMixing } from "./mixing/sparse-mixing.js";
export { type EnumerateOptions, enumerateMixtures } from "./mixing/subsets.js";
export { normalizeWeights } from "./mixing/weights.js";
export * as pretraining from "./pretraining/index.js";
// Pruning.
export type { Criterion } from "./pruning/criterion.js";
export { type LayersByFsd, layersByFsd } from "./pruning/layers-to-prune.js";
export { loadMask, saveMask } from "./pruning/mask-file.js";
export {
  type KeptShares,
  type Pruned,
  type PruneOptions,
  type PruneScope,
  pruneAdapter,
  sparsityOf,
} from "./pruning/prune.js";
export type { CriterionContext, CriterionFunction, PruneScores } from "./pruning/scores.js";
export { loadSparseAdapter, saveSparseAdapter } from "./pruning/sparse-file.js";
// Signs.
export { type ParameterScope, type SignScope, signMapOf } from "./signs/adapter-signs.js";
export {
  type DrawnAdapter,
  expectedSignDifference,
  flipShareByDistance,
  signDifferenceByDistance,
} from "./signs/by-distance.js";
export { chanceLevel, type SetForm } from "./signs/chance.js";
export { type ComparableOptions, whyNotComparable } from "./signs/comparable.js";
export { distanceMoved } from "./signs/distance-moved.js";
export { type FlipShareOptions, flipShare, flipShares } from "./signs/flip-share.js";
export { sharedInitialisation, type WeightView } from "./signs/initialisation.js";
export { sameStart } from "./signs/same-start.js";
export {
  compareSigns,
  fractionOfSignDifference,
  type SignCounts,
  type SignDifference,
  type SignDifferenceOptions,
  type ZeroRule,
} from "./signs/sign-difference.js";
export { signDifferenceMatrix } from "./signs/sign-difference-matrix.js";
export {
  compareSetSigns,
  type SetDifference,
  type SetDifferenceOptions,
  setSignDifference,
} from "./signs/sign-difference-of-set.js";
export {
  compareSubsetSigns,
  type SubsetDifferences,
  signDifferenceOfSubsets,
} from "./signs/sign-difference-of-subsets.js";
export { packSigns, type SignMap } from "./signs/sign-map.js";
export * as statistics from "./statistics/index.js";
export { type DefinedUnit, defineUnit, type UnitDefinition } from "./study/define-unit.js";
export { describeSource, type PaperNumbers, type PaperPair, readPaper } from "./study/paper.js";
export {
  controlledRegime,
  describeRegime,
  type Exposure,
  paperRegime,
  type Regime,
  type Schedule,
  type Start,
  startSeed,
  stepsByEpochs,
  stepsOf,
} from "./study/regime.js";
export type { RunOptions } from "./study/run.js";
export { figuresFolder, type SaveOptions } from "./study/save-figure.js";
export { readScorecard, type ScorecardRow, scoreClaims, scorecardTable } from "./study/scorecard.js";
export { openStudy, type Study, type StudyOptions } from "./study/study.js";
export { trainedAdapter } from "./study/trained-adapter.js";
export * as text from "./text/index.js";
// Training and testing.
export { type BagOfWords, trainBagOfWords } from "./training/bag-of-words.js";
export { majorityAccuracy, trainProbe } from "./training/baselines.js";
export {
  createEvaluator,
  type EvaluateOptions,
  type Evaluation,
  type Evaluator,
  evaluate,
} from "./training/evaluate.js";
export { accuracy, macroF1, standardError, wilsonInterval } from "./training/metrics.js";
export { cosineOf, textEmbedding } from "./training/text-embedding.js";
export {
  type LoopOptions,
  type TrainingHistory,
  type TrainOptions,
  trainAdapter,
  trainClassifier,
} from "./training/train.js";
