import { type RunOptions, runStudy } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { type SimilarityRow, similarityUnit } from "./similarity-unit.js";

/** The threshold of the study's encoder, calibrated on the paraphrases that the profile names. */
export async function calibratedSimilarity(study: Study, options: RunOptions = {}): Promise<SimilarityRow> {
  const domains = await Promise.all(study.settings.paraphraseDomains.map((name) => study.domain(name)));
  const [{ row }] = await runStudy(study, [similarityUnit(study, domains)], options);
  return row as SimilarityRow;
}
