import { openSimilarity, requireSimilarityKind, type SimilarityKind } from "../../attacks/open-similarity.js";
import { recipeThreshold, type SimilarityEncoder } from "../../attacks/similarity.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { type SimilarityRow, similarityUnit } from "./similarity-unit.js";

/** How similar attacked texts must stay, and by which encoder. */
export interface SimilarityThreshold {
  kind: SimilarityKind;
  threshold: number;
}

/** That of a study. */
export interface AttackSimilarity extends SimilarityThreshold {
  /** Where the threshold comes from, as captions say it. */
  from: string;
}

/** The threshold of the study's encoder, calibrated on the paraphrases that the profile names. */
export async function calibratedSimilarity(study: Study, options: RunOptions = {}): Promise<SimilarityRow> {
  const [row] = await similarityUnit.rows(study, [study.settings.paraphraseDomains], options);
  return row;
}

/**
 * The similarity that a study's profile names. Where it is to be calibrated and the study has no domain of paraphrases, the
 * threshold is that of the published recipe.
 */
export async function attackSimilarity(study: Study, options: RunOptions = {}): Promise<AttackSimilarity> {
  const { similarity: kind, similarityThreshold, paraphraseDomains } = study.settings;
  requireSimilarityKind(kind);
  if (similarityThreshold !== null) {
    return { kind, threshold: similarityThreshold, from: study.profile.from.similarityThreshold };
  }
  if (kind !== "calibrated" || paraphraseDomains.length === 0) {
    return { kind, threshold: recipeThreshold, from: "that of the published recipe" };
  }
  const { threshold, pairs } = await calibratedSimilarity(study, options);
  const where = `dev examples of ${paraphraseDomains.join(" and ")}`;
  return { kind, threshold, from: `the 5th percentile over ${pairs} paraphrases, ${where}` };
}

/** Opens the encoder of a study's similarity. The caller disposes it. */
export function openAttackSimilarity(
  { encoder, settings }: Study,
  { kind, threshold }: SimilarityThreshold,
): SimilarityEncoder {
  const { batchSize, maxLength } = settings;
  return openSimilarity(kind, encoder, { threshold, batchSize, maxLength });
}
