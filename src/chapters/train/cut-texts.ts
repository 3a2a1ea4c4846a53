import { median } from "simple-statistics";
import type { Study } from "../../study/study.js";
import { encodeExamples } from "../../training/examples.js";

/** How long a domain's test texts are, and how many are cut. Lengths in tokens, special ones counted. */
export interface CutRow {
  domain: string;
  median: number;
  longest: number;
  /** Share of the texts that are longer than the study reads, in percent. */
  cut: number;
}

/** How many test texts of each domain are cut at the study's `maxLength`. */
export async function cutTexts(study: Study): Promise<CutRow[]> {
  const rows: CutRow[] = [];
  for (const name of study.settings.domains) {
    const { test } = await study.domain(name);
    const lengths = encodeExamples(study.encoder, test, Number.POSITIVE_INFINITY).map(
      ({ inputIds }) => inputIds.length,
    );
    const cut = lengths.filter((length) => length > study.settings.maxLength).length;
    rows.push({
      domain: name,
      median: median(lengths),
      longest: Math.max(...lengths),
      cut: (100 * cut) / lengths.length,
    });
  }
  return rows;
}
