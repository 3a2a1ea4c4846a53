import { type Adapter, placeOf } from "../adapters/adapter.js";
import { anchoredFsd, type MixtureResult } from "../experiments/mixtures.js";
import type { Study } from "../experiments/study.js";
import type { HarmRow } from "./mixture-figures.js";

/** The weights of small adapters side by side, one row a weight; `conflict` marks those whose signs differ. */
export function weightTable(adapters: readonly Adapter[]): Record<string, string | number>[] {
  const names = Object.keys(adapters[0].tensors);
  return names.flatMap((name) => {
    const { shape, data } = adapters[0].tensors[name];
    return Array.from(data, (_, i) => {
      const values = adapters.map((adapter) => adapter.tensors[name].data[i]);
      const compared = values.slice(0, 2);
      return {
        weight: `${placeOf(name).part} [${Math.floor(i / shape[1])}, ${i % shape[1]}]`,
        ...Object.fromEntries(adapters.map((adapter, j) => [adapter.name, values[j]])),
        conflict: compared[0] * compared[1] < 0 ? "yes" : "",
      };
    });
  });
}

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

/**
 * Joins mixtures of two and more with their anchored FSD.
 *
 * @param domains names in the order of the matrix
 * @param matrix pairwise FSD, as `pairwiseFsd` gives it
 */
export function withFsd(
  results: readonly MixtureResult[],
  domains: readonly string[],
  matrix: readonly (readonly number[])[],
): HarmRow[] {
  return results
    .filter(({ size }) => size > 1)
    .map((row) => {
      const members = row.members.map((name) => domains.indexOf(name));
      return { ...row, fsd: anchoredFsd(matrix, members, domains.indexOf(row.target)) };
    });
}
