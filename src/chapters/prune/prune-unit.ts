import { join } from "node:path";
import { sha256 } from "../../files/hash.js";
import type { Criterion, CriterionName } from "../../pruning/criterion.js";
import { encodeMask } from "../../pruning/mask-file.js";
import type { PruneScope } from "../../pruning/pools.js";
import { pruneAdapter } from "../../pruning/prune.js";
import type { CriterionFunction } from "../../pruning/scores.js";
import type { WeightView } from "../../signs/initialisation.js";
import { type CellFunction, faceModules, loadCellFunction } from "../../study/cell-function.js";
import { defineUnit, domainKey, type Ran } from "../../study/define-unit.js";
import type { Study } from "../../study/study.js";
import { testAdapter } from "../../study/test-adapter.js";
import { trainedAdapter } from "../../study/trained-adapter.js";

/** How an adapter is pruned. */
export interface PruneForm {
  sparsity: number;
  scope: PruneScope;
  weights: WeightView;
  /** What goes first, by name or by a function of the reader's; `magnitude` unless given. */
  criterion?: CriterionName | CellFunction;
}

/** One pruned adapter, with its own head, on the test examples of its own domain. */
export interface PruneUnitResult {
  accuracy: number;
  /** Which test examples were right, packed. */
  correct: string;
  /** Weights pruned, out of those in scope. */
  pruned: number;
  inScope: number;
  /** Share kept of each part: down and up, or LoRA's factors A and B. */
  keptByPart: { [part: string]: number };
  /** Hash of the mask, which names its file. */
  mask: string;
}

/** The row of a `prune` unit. */
export type PruneRow = Ran<PruneUnitResult>;

/** Prunes one trained adapter and tests it; the mask is kept in the cache, and can be made again to the same bytes. */
export const pruneUnit = defineUnit({
  kind: "prune",
  module: import.meta.url,
  async settings(study, { domain, adapter, form }: { domain: string; adapter: string; form: PruneForm }) {
    const { batchSize, maxLength } = study.settings;
    const named = { criterion: "magnitude" as const, ...form };
    return { domain: domainKey(await study.domain(domain)), adapter, form: named, batchSize, maxLength };
  },
  uses: ({ form: { criterion } }) => (typeof criterion === "object" ? faceModules(criterion) : []),
  async run(study, { adapter: hash, form, ...settings }, keep): Promise<PruneUnitResult> {
    const { batchSize, maxLength } = settings;
    const domain = await study.domain(settings.domain.name);
    const { adapter, head } = trainedAdapter(study, hash);
    const { criterion: own, ...options } = form;
    const criterion: Criterion = typeof own === "string" ? own : await loadCellFunction<CriterionFunction>(own);
    const { adapter: sparse, mask, kept, pruned, inScope } = pruneAdapter(adapter, { ...options, criterion });
    const test = { split: "test" as const, batchSize, maxLength };
    const { accuracy, correct } = await testAdapter(study, domain, sparse, head, test);
    const bytes = encodeMask(mask);
    const name = sha256(bytes).slice(0, 32);
    keep(maskPath(study, name), bytes);
    return { accuracy, correct, pruned, inScope, keptByPart: kept.byPart, mask: name };
  },
});

/** Where the mask of a hash is kept. */
export function maskPath(study: Study, hash: string): string {
  return join(study.store.cache, "masks", `${hash}.safetensors`);
}
