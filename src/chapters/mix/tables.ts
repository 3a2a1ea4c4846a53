import { type Adapter, placeOf } from "../../adapters/adapter.js";
import { binomial } from "../../mixing/subsets.js";
import type { SignDifferenceOptions } from "../../signs/sign-difference.js";
import type { Effect } from "../../study/decision-rules.js";
import type { Settings } from "../../study/profile.js";
import type { Study } from "../../study/study.js";
import type { TrainRow } from "../train/train-unit.js";
import { meanHarm } from "./claims.js";
import type { HarmRow } from "./mixture-figures.js";
import { anchoredFsd, groupSingles, type MixtureResult, pairwiseFsd } from "./mixtures.js";

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
 * @param singles the adapters that were mixed
 */
export function withFsd(
  study: Study,
  singles: readonly TrainRow[],
  results: readonly MixtureResult[],
  options: SignDifferenceOptions = {},
): HarmRow[] {
  return groupSingles(singles).flatMap(({ method, seed, rows }) => {
    const names = rows.map(({ domain }) => domain);
    const matrix = pairwiseFsd(study, rows, options);
    return results
      .filter((row) => row.size > 1 && row.method === method && row.seed === seed)
      .map((row) => {
        const members = row.members.map((name) => names.indexOf(name));
        return { ...row, fsd: anchoredFsd(matrix, members, names.indexOf(row.target)) };
      });
  });
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

/** A sampled sweep: how many mixtures and tests of each number of adapters. */
export function sweepTable(
  study: Study,
  subsets: readonly (readonly number[])[],
): {
  "adapters mixed": number;
  mixtures: number;
  "of all": number;
  "tests a method": number;
  "times each domain": string;
}[] {
  const n = study.settings.domains.length;
  const sizes = [...new Set(subsets.map(({ length }) => length))];
  return sizes.map((size) => {
    const chosen = subsets.filter((subset) => subset.length === size);
    const times = Array.from({ length: n }, (_, d) => chosen.filter((subset) => subset.includes(d)).length);
    const [least, most] = [Math.min(...times), Math.max(...times)];
    return {
      "adapters mixed": size,
      mixtures: chosen.length,
      "of all": binomial(n, size),
      "tests a method": chosen.length * size,
      "times each domain": least === most ? `${least}` : `${least} to ${most}`,
    };
  });
}

/** What mixing costs each method, in points, with intervals over domains. */
export function mixingTable(results: readonly MixtureResult[]): Record<string, string | number>[] {
  const methods = [...new Set(results.map(({ method }) => method))];
  const cell = ({ effect, low, high }: Effect) => `${effect.toFixed(1)} [${low.toFixed(1)}, ${high.toFixed(1)}]`;
  return methods.map((method) => {
    const rows = results.filter((row) => row.method === method);
    return {
      method,
      tests: rows.filter(({ size }) => size > 1).length,
      "drop (points, 95%)": cell(meanHarm(rows)),
      "by dilution": cell(meanHarm(rows, "dilution")),
      "by interference": cell(meanHarm(rows, "interference")),
    };
  });
}

/** Tests of mixtures one by one, accuracies in percent, drops in points. */
export function mixtureTable(results: readonly MixtureResult[]): Record<string, string | number>[] {
  return results.map(({ method, target, members, single, accuracy, drop }) => ({
    method,
    mixed: members.join(" + "),
    "tested on": target,
    "its own adapter (%)": 100 * single,
    "mixture (%)": 100 * accuracy,
    "drop (points)": drop,
  }));
}

/** Trained adapters one by one. */
export function adapterTable(singles: readonly TrainRow[]): Record<string, string | number>[] {
  return singles.map(({ domain, method, adapterParameters, accuracy, moved }) => ({
    domain,
    method,
    "adapter parameters": adapterParameters,
    "accuracy (%)": 100 * accuracy,
    "distance moved": moved,
  }));
}
