import type { Cells } from "../../display/table.js";
import { madeFrom } from "../../results/origin.js";
import type { Settings } from "../../study/profile.js";
import type { Study } from "../../study/study.js";
import type { Gain } from "./gains.js";
import type { TrainRow } from "./train-unit.js";

/** A row of the table of domains. */
export interface DomainRow {
  domain: string;
  texts: string;
  labels: string;
  train: number;
  dev: number;
  test: number;
  /** Mean words of an example. */
  words: number;
}

/** The study's domains: shape, labels, sizes and length. */
export async function domainTable(study: Study): Promise<DomainRow[]> {
  const rows: DomainRow[] = [];
  for (const name of study.settings.domains) {
    const domain = await study.domain(name);
    const words = domain.train.map(({ text, textPair = "" }) => `${text} ${textPair}`.trim().split(/\s+/).length);
    rows.push({
      domain: name,
      texts: domain.pair ? "pair" : "single",
      labels: domain.labels.length > 4 ? `${domain.labels.length} classes` : domain.labels.join(", "),
      train: domain.train.length,
      dev: domain.dev.length,
      test: domain.test.length,
      words: Math.round(words.reduce((sum, count) => sum + count, 0) / words.length),
    });
  }
  return rows;
}

/** Every setting of a study, its value, and where it comes from. */
export function settingsTable(study: Study): { setting: string; value: string; from: string }[] {
  return Object.entries(study.settings).map(([setting, value]) => ({
    setting,
    value: Array.isArray(value)
      ? value.map((one) => (Array.isArray(one) ? one.join(" + ") : one)).join(", ")
      : String(value),
    from: study.profile.from[setting as keyof Settings],
  }));
}

/** Trained adapters one by one. */
export function adapterTable(singles: readonly TrainRow[]): Cells[] {
  return madeFrom(
    singles.map(({ domain, method, adapterParameters, accuracy, moved }) => ({
      domain,
      method,
      "adapter parameters": adapterParameters,
      "accuracy (%)": 100 * accuracy,
      "distance moved": moved,
    })),
    singles,
  );
}

/** What adapters add to what their domains give without one; accuracies in percent, gains in points. */
export function gainTable(gains: readonly Gain[]): Cells[] {
  return madeFrom(
    gains.map((gain) => ({
      domain: gain.domain,
      method: gain.method,
      "accuracy (%)": gain.accuracy,
      "over best constant": gain.overConstant,
      "over bag of words": gain.overBagOfWords,
      "over frozen probe": gain.overFrozenProbe,
      "± standard error": gain.error,
      "parameters trained": gain.parameters,
      "distance moved": gain.moved,
    })),
    gains,
  );
}
