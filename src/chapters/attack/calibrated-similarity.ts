import { recipeThreshold } from "../../attacks/similarity.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { type SimilarityRow, similarityUnit } from "./similarity-unit.js";

/**
 * The threshold of the study's encoder, calibrated on the paraphrases that the profile names; that of the published recipe
 * where the study has no domain of paraphrases.
 */
export async function calibratedSimilarity(study: Study, options: RunOptions = {}): Promise<SimilarityRow> {
  if (study.settings.paraphraseDomains.length === 0) return { pairs: 0, threshold: recipeThreshold, ran: "" };
  const [row] = await similarityUnit.rows(study, [study.settings.paraphraseDomains], options);
  return row;
}
