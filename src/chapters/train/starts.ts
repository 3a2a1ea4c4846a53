import { startSeed } from "../../study/regime.js";
import type { Study } from "../../study/study.js";
import { atClassStart } from "./class-start.js";
import type { TrainRow } from "./train-unit.js";

/**
 * What each adapter started from, in their order: adapters of equal texts started from the same weights. It follows from the
 * study's regime, so the adapters themselves need not be at hand.
 */
export async function startsOf(
  study: Study,
  singles: readonly Pick<TrainRow, "domain" | "method" | "seed">[],
): Promise<string[]> {
  const starts: string[] = [];
  for (const { domain: name, method, seed } of singles) {
    const { labels } = await study.domain(name);
    const { start } = atClassStart(study, { labels }).settings;
    starts.push(`${method}, ${startSeed(start, seed, { name, classes: labels.length })}`);
  }
  return starts;
}
