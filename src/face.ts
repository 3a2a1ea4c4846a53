/*
 * The face as programs and notebooks run it: the names of index.ts, whose declarations stay theirs. Functions of namespaces
 * check their arguments here. Flat ones check theirs themselves, but for the names of their options.
 */
import { readFileSync } from "node:fs";
import { guarded, type Taken } from "./files/guard.js";
import * as face from "./index.js";

export * from "./index.js";

interface FaceArguments {
  flat: Record<string, Taken>;
  namespaces: Record<string, Record<string, Taken>>;
}

// the build writes it from the declarations
const taken: FaceArguments = JSON.parse(readFileSync(new URL("face-arguments.json", import.meta.url), "utf8"));

/** A namespace whose functions check what they are given. */
function checked<T extends object>(namespace: T, name: string): T {
  return Object.freeze(guarded(namespace, taken.namespaces[name], `${name}.`));
}

export const adapters = checked(face.adapters, "adapters");
export const attack = checked(face.attack, "attack");
export const attacks = checked(face.attacks, "attacks");
export const beyond = checked(face.beyond, "beyond");
export const conflict = checked(face.conflict, "conflict");
export const display = checked(face.display, "display");
export const domains = checked(face.domains, "domains");
export const encoder = checked(face.encoder, "encoder");
export const engine = checked(face.engine, "engine");
export const figures = checked(face.figures, "figures");
export const files = checked(face.files, "files");
export const greedy = checked(face.greedy, "greedy");
export const mix = checked(face.mix, "mix");
export const mixing = checked(face.mixing, "mixing");
export const own = checked(face.own, "own");
export const pretraining = checked(face.pretraining, "pretraining");
export const prune = checked(face.prune, "prune");
export const pruning = checked(face.pruning, "pruning");
export const results = checked(face.results, "results");
export const signs = checked(face.signs, "signs");
export const sparse = checked(face.sparse, "sparse");
export const statistics = checked(face.statistics, "statistics");
export const study = checked(face.study, "study");
export const tasks = checked(face.tasks, "tasks");
export const text = checked(face.text, "text");
export const train = checked(face.train, "train");
export const training = checked(face.training, "training");

export const {
  classroomDomain,
  cosineSimilarity,
  counterFittedSynonyms,
  createAdapter,
  createEncoder,
  createEvaluator,
  createFgsm,
  createHead,
  createTextFooler,
  domainFromFolder,
  domainFromTable,
  domainStatistics,
  encoderSimilarity,
  enumerateMixtures,
  evaluate,
  expectedFlipShares,
  expectedSignDifference,
  exportAdapter,
  fgsm,
  findLeaks,
  flipShare,
  flipShares,
  fractionOfSignDifference,
  greedyMix,
  importAdapter,
  layersByFsd,
  loadDomain,
  loadDomains,
  loadEncoder,
  mixAdapters,
  mixHeads,
  openStudy,
  pruneAdapter,
  pruneThenMix,
  saveSparseAdapter,
  selectBackend,
  setSignDifference,
  show,
  signDifferenceMatrix,
  signDifferenceOfSubsets,
  sparseMixing,
  subsample,
  textEmbedding,
  trainAdapter,
  trainBagOfWords,
  trainClassifier,
  trainProbe,
  whyNotComparable,
} = guarded(face, taken.flat, "", true);

export const { ask, defineUnit, domainFromHub, say, scoreClaims, trainedAdapter } = guarded(face, taken.flat, "");
