import { openSimilarity, type SimilarityKind, usualThreshold } from "../../attacks/open-similarity.js";
import { recipeThreshold, type SimilarityEncoder } from "../../attacks/similarity.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { type SimilarityRow, similarityUnit } from "./similarity-unit.js";

/** How similar attacked texts must stay, and by which encoder. */
export interface SimilarityThreshold {
  kind: SimilarityKind;
  threshold: number;
}

/** That of a study, with where it comes from. */
export interface AttackSimilarity extends SimilarityThreshold {
  /** Pairs of paraphrases that the threshold was calibrated on; undefined where the profile or the recipe names it. */
  pairs?: number;
}

/** The threshold of the study's encoder, calibrated on the paraphrases that the profile names. */
export async function calibratedSimilarity(study: Study, options: RunOptions = {}): Promise<SimilarityRow> {
  const [row] = await similarityUnit.rows(study, [study.settings.paraphraseDomains], options);
  return row;
}

/** The similarity that a study's profile names, calibrated where it says so and gives no threshold. */
export async function attackSimilarity(study: Study, options: RunOptions = {}): Promise<AttackSimilarity> {
  const { similarity: kind, similarityThreshold } = study.settings;
  const threshold = similarityThreshold ?? usualThreshold(kind);
  if (threshold !== undefined) return { kind, threshold };
  // a study of domains none of which is one of paraphrases has nothing to calibrate on
  if (study.settings.paraphraseDomains.length === 0) return { kind, threshold: recipeThreshold };
  const calibrated = await calibratedSimilarity(study, options);
  return { kind, threshold: calibrated.threshold, pairs: calibrated.pairs };
}

/** Opens the encoder of a study's similarity. The caller disposes it. */
export function openAttackSimilarity(
  { encoder, settings }: Study,
  { kind, threshold }: SimilarityThreshold,
): SimilarityEncoder {
  const { batchSize, maxLength } = settings;
  return openSimilarity(kind, encoder, { threshold, batchSize, maxLength });
}
