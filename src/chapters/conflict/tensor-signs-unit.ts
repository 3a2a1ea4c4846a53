import { mean } from "simple-statistics";
import type { Adapter } from "../../adapters/adapter.js";
import { signMapOf } from "../../signs/adapter-signs.js";
import { compareSigns, type SignDifferenceOptions } from "../../signs/sign-difference.js";
import { defineUnit } from "../../study/define-unit.js";
import { trainedAdapter } from "../../study/trained-adapter.js";

/** FSD within each tensor, averaged over all pairs of adapters. */
export function fsdByTensor(adapters: readonly Adapter[], options: SignDifferenceOptions = {}): Record<string, number> {
  const maps = adapters.map((adapter) => signMapOf(adapter, options));
  const pairs = maps.flatMap((a, i) => maps.slice(i + 1).map((b) => compareSigns(a, b, options.zeros).byTensor));
  return Object.fromEntries(Object.keys(pairs[0]).map((name) => [name, mean(pairs.map((own) => own[name]))]));
}

/** Counts signs by tensor over all pairs of trained adapters, named by hash, for profiles that store what is counted on signs. */
export const tensorSignsUnit = defineUnit({
  kind: "tensor-signs",
  module: import.meta.url,
  settings: (_study, of: readonly string[]) => ({ of: [...of] }),
  run: (study, { of }) => ({ fsd: fsdByTensor(of.map((hash) => trainedAdapter(study, hash).adapter)) }),
});
