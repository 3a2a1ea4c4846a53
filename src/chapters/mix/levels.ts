import { mean } from "simple-statistics";
import type { BaselineRow } from "../train/baseline-unit.js";
import type { UnionRow } from "../train/union-unit.js";
import type { MethodLevel } from "./mixture-figures.js";
import type { FloorRow, MixtureResult } from "./mixtures.js";

/** Floors of each method's mixtures, averaged over domains: the most frequent label, and the head without its adapter. */
export function floorLevels(floors: readonly FloorRow[], baselines: readonly BaselineRow[]): MethodLevel[] {
  const methods = [...new Set(floors.map(({ method }) => method))];
  const majority = mean(baselines.map((row) => row.majority));
  return methods.flatMap((method) => {
    const own = floors.filter((row) => row.method === method);
    return [
      { method, name: "most frequent label", y: majority },
      { method, name: "own head, no adapter", y: mean(own.map((row) => row.withoutAdapter)) },
      { method, name: "own head, untrained adapter", y: mean(own.map((row) => row.start)) },
    ];
  });
}

/** A union's accuracy beside that of the mixture of the same adapters, and of the single ones. */
export interface UnionComparison {
  method: string;
  domains: string;
  "single adapters (%)": number;
  "one adapter for all (%)": number;
  "mixture (%)": number;
}

/** Compares adapters trained on a union of domains with mixtures of the same domains; mean accuracy over the domains. */
export function unionTable(unions: readonly UnionRow[], results: readonly MixtureResult[]): UnionComparison[] {
  return unions.map(({ method, seed, domains, accuracies }) => {
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
  });
}
