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
export { adaptiveFigure, attackedBySizeFigure, epsilonFigure } from "./chapters/attack/attack-figures.js";
export {
  type AttackSet,
  attackedExamples,
  attackSingles,
  selfVictims,
  summaryOf,
} from "./chapters/attack/attack-sets.js";
export { calibratedSimilarity } from "./chapters/attack/attack-similarity.js";
export {
  adaptiveTable,
  attackCells,
  attackNote,
  exampleAttacks,
  exportAttacks,
  strengthTable,
  textFoolerTable,
} from "./chapters/attack/attack-tables.js";
export { attackText } from "./chapters/attack/attack-text.js";
export {
  type AttackedMixture,
  type AttackTest,
  attackedDomains,
  attackedMixtures,
  attackTests,
  trainAttackers,
} from "./chapters/attack/attacked-mixtures.js";
export { fgsmMixtures } from "./chapters/attack/fgsm-mixtures.js";
export { readAdaptive, readAttackedMixing, readEpsilon, readTextFooler } from "./chapters/attack/reading-attacks.js";
export {
  type AdaptiveResult,
  adaptiveSample,
  compareAdaptive,
  textFoolerMixtures,
} from "./chapters/attack/textfooler-mixtures.js";
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
} from "./chapters/conflict/reading.js";
export { signAssociation } from "./chapters/conflict/sign-association.js";
export { fsdByLayerFigure, fsdHeatmap } from "./chapters/conflict/sign-figures.js";
export { associationTable, initialisationTable } from "./chapters/conflict/sign-tables.js";
export { greedyFigure, greedyFsdFigure, regretFigure } from "./chapters/greedy/greedy-figures.js";
export {
  choiceTable,
  costTable,
  greedyOrderTable,
  luckTable,
  poolTable,
  regretTable,
  targetFreeTable,
} from "./chapters/greedy/greedy-tables.js";
export { pickerCosts } from "./chapters/greedy/picker-cost.js";
export { embedTexts, type Picker, pickers, pickFor, type TextEmbeddings } from "./chapters/greedy/pickers.js";
export { meanRegret, poolSpread, type RegretRow, regretBesideRandom, regrets } from "./chapters/greedy/regret.js";
export { targetFree, targetFreeDrop, targetFreeRegret } from "./chapters/greedy/target-free.js";
export { meanHarm, methodDifference } from "./chapters/mix/claims.js";
export { floorLevels, unionTable } from "./chapters/mix/levels.js";
export {
  accuracyBySizeFigure,
  dropByDomainFigure,
  dropDistributionFigure,
  harmByFsdFigure,
  type MethodLevel,
  summariseBySize,
} from "./chapters/mix/mixture-figures.js";
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
} from "./chapters/mix/mixtures.js";
export { measurePools, type Pool, poolDomains, poolSingles, verdictOf } from "./chapters/mix/pool.js";
export {
  adapterTable,
  domainTable,
  mixingTable,
  mixtureTable,
  settingsTable,
  sweepTable,
  weightTable,
  withFsd,
} from "./chapters/mix/tables.js";
export { maskPath, type PruneForm } from "./chapters/prune/prune-unit.js";
export {
  gainKept,
  largestSafeSparsity,
  meanLoss,
  type PruneResult,
  type PruneSelection,
  pruneSingles,
} from "./chapters/prune/pruning-curves.js";
export { pruningFigure, pruningHeatmap, scopeFigure } from "./chapters/prune/pruning-figures.js";
export { keptTable, pruneTable, pruningTable, sparseFileTable } from "./chapters/prune/pruning-tables.js";
export { type PrunedSigns, prunedSigns } from "./chapters/sparse/pruned-signs.js";
export {
  readControls,
  readLuck,
  readPrunedSigns,
  readPruning,
  readRegret,
  readSparse,
} from "./chapters/sparse/reading-choices.js";
export {
  bestSparseFigure,
  bestSparseTable,
  controlsFigure,
  controlsTable,
  prunedSignsFigure,
  prunedSignsTable,
} from "./chapters/sparse/sparse-mixture-report.js";
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
} from "./chapters/sparse/sparse-mixtures.js";
export { measureBaselines, trainSingles } from "./chapters/train/singles.js";
export { learningCurvesFigure, singlesFigure } from "./chapters/train/singles-figure.js";
export { singlesTable } from "./chapters/train/singles-table.js";
export type { UnionRow } from "./chapters/train/union-unit.js";
export { trainUnions } from "./chapters/train/unions.js";
export { kernelIsStale, staleKernelWarning } from "./display/kernel.js";
export { createProgress, formatSeconds, type Progress } from "./display/progress.js";
export { say } from "./display/say.js";
export { show } from "./display/show.js";
export { describe, type TableLike, table } from "./display/table.js";
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
export { type PoolOptions, type PoolProgress, runUnits } from "./engine/pool.js";
export { createRandom, type Random } from "./engine/random.js";
export { sessionCacheSize, setSessionBudget } from "./engine/session-cache.js";
export { CaptureError } from "./engine/symbolic.js";
export type { NamedTensorData, TensorData } from "./engine/tensor-data.js";
export { getThreads, setThreads } from "./engine/threads.js";
export { type BarGroup, barFigure } from "./figures/bar.js";
export { boxFigure, type ValueGroup, violinFigure } from "./figures/distribution.js";
export { type Figure, type FigureOptions, type Level, palette, type Trace } from "./figures/figure.js";
export { gridFigure } from "./figures/grid.js";
export { heatmapFigure, type Matrix } from "./figures/heatmap.js";
export { type LineSeries, lineFigure } from "./figures/line.js";
export { type PointGroup, scatterFigure } from "./figures/scatter.js";
export { drawSvg } from "./figures/svg/static-picture.js";
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
export { loadPretraining, type PretrainingCheckpoint, savePretraining } from "./pretraining/checkpoint.js";
export { type CorpusFile, readCorpus } from "./pretraining/corpus.js";
export { type PretrainingLogEntry, type PretrainingOptions, pretrain } from "./pretraining/pretrain.js";
export { type WordVectorOptions, wordVectors } from "./pretraining/word-vectors.js";
export type { Criterion } from "./pruning/criterion.js";
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
export { planProgress } from "./study/plan-progress.js";
export { provenanceOf, subtitleOf } from "./study/provenance.js";
export { figuresFolder, type Provenance, saveFigure, saveTable } from "./study/save-figure.js";
export { readScorecard, type ScorecardRow, scoreClaims, scorecardTable } from "./study/scorecard.js";
export { openStudy, type Study, type StudyOptions } from "./study/study.js";
export { trainedAdapter } from "./study/trained-adapter.js";
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
export { cosineOf, textEmbedding } from "./training/text-embedding.js";
export {
  type LoopOptions,
  type TrainingHistory,
  type TrainOptions,
  trainAdapter,
  trainClassifier,
} from "./training/train.js";
