import { mean } from "simple-statistics";
import type { Adapter } from "../../adapters/adapter.js";
import { placeOf } from "../../adapters/place.js";
import { formatEffect } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import { binomial } from "../../mixing/subsets.js";
import { madeFrom } from "../../results/origin.js";
import type { Study } from "../../study/study.js";
import type { UnionRow } from "../train/union-unit.js";
import { meanHarm } from "./claims.js";
import type { MixtureResult } from "./mixtures.js";

/** The weights of small adapters side by side, one row a weight; `conflict` marks those whose signs differ. */
export function weightTable(adapters: readonly Adapter[]): Cells[] {
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
export function mixingTable(results: readonly MixtureResult[]): Cells[] {
  const methods = [...new Set(results.map(({ method }) => method))];
  return madeFrom(
    methods.map((method) => {
      const rows = results.filter((row) => row.method === method);
      return {
        method,
        tests: rows.filter(({ size }) => size > 1).length,
        "drop (points, 95%)": formatEffect(meanHarm(rows)),
        "by dilution": formatEffect(meanHarm(rows, "dilution")),
        "by interference": formatEffect(meanHarm(rows, "interference")),
      };
    }),
    results,
  );
}

/** Tests of mixtures one by one, accuracies in percent, drops in points. */
export function mixtureTable(results: readonly MixtureResult[]): Cells[] {
  return madeFrom(
    results.map(({ method, target, members, single, accuracy, drop }) => ({
      method,
      mixed: members.join(" + "),
      "tested on": target,
      "its own adapter (%)": 100 * single,
      "mixture (%)": 100 * accuracy,
      "drop (points)": drop,
    })),
    results,
  );
}

/** Compares adapters trained on a union of domains with mixtures of the same domains; mean accuracy over the domains. */
export function unionTable(unions: readonly UnionRow[], results: readonly MixtureResult[]): Cells[] {
  return madeFrom(
    unions.map(({ method, seed, domains, accuracies }) => {
      const mixed = results.filter(
        (row) =>
          row.method === method &&
          row.seed === seed &&
          row.size === domains.length &&
          domains.every((name) => row.members.includes(name)),
      );
      if (mixed.length === 0) throw new Error(`The mixture of ${domains.join(" + ")} (${method}) was not tested.`);
      return {
        method,
        domains: domains.join(" + "),
        "single adapters (%)": 100 * mean(mixed.map(({ single }) => single)),
        "one adapter for all (%)": 100 * mean(accuracies),
        "mixture (%)": 100 * mean(mixed.map(({ accuracy }) => accuracy)),
      };
    }),
    unions,
    results,
  );
}
