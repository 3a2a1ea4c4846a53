import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { type SimilarityRow, similarityUnit } from "./similarity-unit.js";

/** The threshold of the study's encoder, calibrated on the paraphrases that the profile names. */
export async function calibratedSimilarity(study: Study, options: RunOptions = {}): Promise<SimilarityRow> {
  const [row] = await similarityUnit.rows(study, [study.settings.paraphraseDomains], options);
  return row;
}
