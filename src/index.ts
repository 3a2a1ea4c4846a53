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
export { type AdapterOptions, adapterConfig, createAdapter, hooksOf, initialTensors } from "./adapters/create.js";
export type { ImportedAdapter } from "./adapters/fit.js";
export { type AdapterFormat, adapterFormat, exportAdapter, importAdapter } from "./adapters/folder.js";
export { adapterFromMatrix } from "./adapters/from-matrix.js";
export { checkpointHead, createHead, type Head } from "./adapters/head.js";
export { mergeAdapter } from "./adapters/merge.js";
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
export {
  angularSimilarity,
  calibrateSimilarity,
  type EncoderSimilarityOptions,
  encoderSimilarity,
  recipeThreshold,
  type SimilarityEncoder,
  vectorSimilarity,
} from "./attacks/similarity.js";
export { applySubstitutions, type Substitution } from "./attacks/substitutions.js";
export { type AttackOutcome, type AttackSummary, attackSummary } from "./attacks/summary.js";
export {
  counterFittedSynonyms,
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
export { type Captured, type CaptureOptions, capture } from "./engine/capture.js";
export { type Compiled, compile, type TensorFunction } from "./engine/compile.js";
export { keptRowsSize } from "./engine/kept-rows.js";
export { defaultWorkers, getMemory, setMemory } from "./engine/memory.js";
export { type PoolOptions, type PoolProgress, runUnits } from "./engine/pool.js";
export { createRandom, type Random } from "./engine/random.js";
export { sessionCacheSize } from "./engine/session-cache.js";
export { CaptureError } from "./engine/symbolic.js";
export type { NamedTensorData, TensorData } from "./engine/tensor-data.js";
export { getThreads, setThreads } from "./engine/threads.js";
export { trainedAdapter } from "./experiments/adapter-library.js";
export { type AttackSet, attackedExamples, attackSingles, selfVictims, summaryOf } from "./experiments/attack-sets.js";
export { attackText } from "./experiments/attack-text.js";
export {
  type AttackedMixture,
  type AttackTest,
  attackedDomains,
  attackedMixtures,
  attackTests,
  trainAttackers,
} from "./experiments/attacked-mixtures.js";
export { calibratedSimilarity } from "./experiments/calibrated-similarity.js";
export { meanHarm, methodDifference } from "./experiments/claims.js";
export { fgsmMixtures } from "./experiments/fgsm-mixtures.js";
export {
  anchoredFsd,
  type FloorRow,
  groupSingles,
  type MixtureResult,
  measureFloors,
  mixSubsets,
  pairwiseFsd,
  sampleMixtures,
  subsetOf,
} from "./experiments/mixtures.js";
export { pickerCosts } from "./experiments/picker-cost.js";
export { embedTexts, type Picker, pickers, pickFor, type TextEmbeddings } from "./experiments/pickers.js";
export { measurePools, type Pool, poolDomains, poolSingles, verdictOf } from "./experiments/pool.js";
export { maskPath, type PruneForm } from "./experiments/prune-unit.js";
export { type PrunedSigns, prunedSigns } from "./experiments/pruned-signs.js";
export {
  gainKept,
  largestSafeSparsity,
  meanLoss,
  type PruneResult,
  type PruneSelection,
  pruneSingles,
} from "./experiments/pruning-curves.js";
export { meanRegret, poolSpread, type RegretRow, regretBesideRandom, regrets } from "./experiments/regret.js";
export { signAssociation } from "./experiments/sign-association.js";
export { measureBaselines, trainSingles } from "./experiments/singles.js";
export {
  besideBestControl,
  besideControl,
  besideDense,
  bestSparse,
  controls,
  mixSparse,
  type SparseResult,
  sparseBesideBestDense,
  sparseKinds,
} from "./experiments/sparse-mixtures.js";
export { openStudy, type Study, type StudyOptions } from "./experiments/study.js";
export { targetFree, targetFreeDrop, targetFreeRegret } from "./experiments/target-free.js";
export {
  type AdaptiveResult,
  adaptiveSample,
  compareAdaptive,
  textFoolerMixtures,
} from "./experiments/textfooler-mixtures.js";
export type { UnionRow } from "./experiments/union-unit.js";
export { trainUnions } from "./experiments/unions.js";
export { canonicalJson, sha256 } from "./files/hash.js";
export { cacheFolder, type DownloadProgress, downloadFromHub, type HubOptions } from "./files/hub.js";
export { readSafetensors, writeSafetensors } from "./files/safetensors.js";
export { readTorchCheckpoint } from "./files/torch-checkpoint.js";
export { writeTorchCheckpoint } from "./files/torch-checkpoint-writer.js";
export { scaleChange } from "./mixing/dilute.js";
export { type GreedyMixture, type GreedyOptions, type GreedyStep, greedyMix, greedyPath } from "./mixing/greedy.js";
export { mixHeads } from "./mixing/heads.js";
export { type MixOptions, type MixStrategy, mixAdapters } from "./mixing/mix.js";
export { type PruneThenMixOptions, pruneThenMix, type SparseMixture } from "./mixing/prune-then-mix.js";
export { cosineSimilarity, distanceMoved, type SimilarityOptions } from "./mixing/similarity.js";
export { type EnumerateOptions, enumerateMixtures } from "./mixing/subsets.js";
export { normalizeWeights } from "./mixing/weights.js";
export type { Criterion, PruneScores } from "./pruning/criterion.js";
export { loadMask, saveMask } from "./pruning/mask-file.js";
export {
  type KeptShares,
  type Pruned,
  type PruneOptions,
  type PruneScope,
  pruneAdapter,
  sparsityOf,
} from "./pruning/prune.js";
export { loadSparseAdapter, saveSparseAdapter } from "./pruning/sparse-file.js";
export { adaptiveFigure, attackedBySizeFigure, epsilonFigure } from "./report/attack-figures.js";
export {
  adaptiveTable,
  attackCells,
  attackNote,
  exampleAttacks,
  exportAttacks,
  strengthTable,
  textFoolerTable,
} from "./report/attack-tables.js";
export { type BarGroup, barFigure } from "./report/bar-figure.js";
export { boxFigure, type ValueGroup, violinFigure } from "./report/distribution-figure.js";
export { type Figure, type FigureOptions, type Level, palette, type Trace } from "./report/figure.js";
export { greedyFigure, greedyFsdFigure, regretFigure } from "./report/greedy-figures.js";
export {
  choiceTable,
  costTable,
  greedyOrderTable,
  luckTable,
  poolTable,
  regretTable,
  targetFreeTable,
} from "./report/greedy-tables.js";
export { gridFigure } from "./report/grid-figure.js";
export { heatmapFigure, type Matrix } from "./report/heatmap-figure.js";
export { kernelIsStale, staleKernelWarning } from "./report/kernel.js";
export { floorLevels, unionTable } from "./report/levels.js";
export { type LineSeries, lineFigure } from "./report/line-figure.js";
export {
  accuracyBySizeFigure,
  dropByDomainFigure,
  dropDistributionFigure,
  harmByFsdFigure,
  type MethodLevel,
  summariseBySize,
} from "./report/mixture-figures.js";
export { planProgress } from "./report/plan-progress.js";
export { createProgress, formatSeconds, type Progress } from "./report/progress.js";
export { provenanceOf, subtitleOf } from "./report/provenance.js";
export { pruningFigure, pruningHeatmap, scopeFigure } from "./report/pruning-figures.js";
export { keptTable, pruneTable, pruningTable, sparseFileTable } from "./report/pruning-tables.js";
export {
  readAssociation,
  readDomains,
  readHarm,
  readLosses,
  readMethods,
  readMixing,
  readPairs,
  readSingles,
  readSinglesTable,
} from "./report/reading.js";
export { readAdaptive, readAttackedMixing, readEpsilon, readTextFooler } from "./report/reading-attacks.js";
export {
  readControls,
  readLuck,
  readPrunedSigns,
  readPruning,
  readRegret,
  readSparse,
} from "./report/reading-choices.js";
export { figuresFolder, type Provenance, saveFigure, saveTable } from "./report/save-figure.js";
export { say } from "./report/say.js";
export { type PointGroup, scatterFigure } from "./report/scatter-figure.js";
export { readScorecard, type ScorecardRow, scoreClaims, scorecardTable } from "./report/scorecard.js";
export { show } from "./report/show.js";
export { fsdByLayerFigure, fsdHeatmap } from "./report/sign-figures.js";
export { associationTable, initialisationTable } from "./report/sign-tables.js";
export { learningCurvesFigure, singlesFigure } from "./report/singles-figure.js";
export { singlesTable } from "./report/singles-table.js";
export {
  bestSparseFigure,
  bestSparseTable,
  controlsFigure,
  controlsTable,
  prunedSignsFigure,
  prunedSignsTable,
} from "./report/sparse-mixture-report.js";
export { drawSvg } from "./report/static-picture.js";
export { describe, type TableLike, table } from "./report/table.js";
export {
  adapterTable,
  domainTable,
  mixingTable,
  mixtureTable,
  settingsTable,
  sweepTable,
  weightTable,
  withFsd,
} from "./report/tables.js";
export { type SignScope, signMapOf } from "./signs/adapter-signs.js";
export { chanceLevel, type SetForm } from "./signs/chance.js";
export { type ComparableOptions, whyNotComparable } from "./signs/comparable.js";
export { sharedInitialisation, type WeightView } from "./signs/initialisation.js";
export {
  compareSigns,
  fractionOfSignDifference,
  type SignCounts,
  type SignDifference,
  type SignDifferenceOptions,
  type ZeroRule,
} from "./signs/sign-difference.js";
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
export { batchesByLength, type TokenBatch, tokenBatch } from "./text/batching.js";
export { createTokenizer, type Encoding, loadTokenizer, type Tokenizer } from "./text/tokenizer.js";
export { countWords, splitWords, trainVocabulary, type VocabularyOptions } from "./text/vocabulary.js";
export { writeVocabulary } from "./text/vocabulary-files.js";
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
export { loadPretraining, type PretrainingCheckpoint, savePretraining } from "./training/pretraining/checkpoint.js";
export { type CorpusFile, readCorpus } from "./training/pretraining/corpus.js";
export { type PretrainingLogEntry, type PretrainingOptions, pretrain } from "./training/pretraining/pretrain.js";
export { type WordVectorOptions, wordVectors } from "./training/pretraining/word-vectors.js";
export { cosineOf, textEmbedding } from "./training/text-embedding.js";
export {
  type LoopOptions,
  type TrainingHistory,
  type TrainOptions,
  trainAdapter,
  trainClassifier,
} from "./training/train.js";
