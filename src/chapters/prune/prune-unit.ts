import { join } from "node:path";
import type { Domain } from "../../domains/domain.js";
import { instructionSet } from "../../engine/instruction-set.js";
import { sha256 } from "../../files/hash.js";
import { encodeMask } from "../../pruning/mask-file.js";
import { type PruneScope, pruneAdapter } from "../../pruning/prune.js";
import { codeHash } from "../../results/code-hash.js";
import type { Outcome } from "../../results/plan.js";
import type { Json, Row, Unit } from "../../results/unit.js";
import type { WeightView } from "../../signs/initialisation.js";
import type { Study } from "../../study/study.js";
import { testAdapter } from "../../study/test-adapter.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import type { TrainRow } from "../train/train-unit.js";

/** How an adapter is pruned by magnitude. */
export interface PruneForm {
  sparsity: number;
  scope: PruneScope;
  weights: WeightView;
}

/** The row of a `prune` unit: one pruned adapter, with its own head, on the test examples of its own domain. */
export interface PruneRow extends Row {
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
  ran: string;
}

/** The unit that prunes one trained adapter and tests it. */
export function pruneUnit(study: Study, domain: Domain, own: TrainRow, form: PruneForm): Unit {
  const { batchSize, maxLength } = study.settings;
  return {
    kind: "prune",
    settings: {
      encoder: study.encoder.hash.slice(0, 32),
      domain: { name: domain.name, hash: domain.hash.slice(0, 32) },
      adapter: own.adapter,
      form: form as unknown as Json,
      ...{ batchSize, maxLength },
    },
    code: codeHash(["chapters/prune/prune-unit.js", "text/tokenizer.js"]).slice(0, 32),
  };
}

/** Prunes the adapter of a unit and tests it; the mask is kept in the cache, and can be made again to the same bytes. */
export async function runPruneUnit(unit: Unit, study: Study): Promise<Outcome> {
  const settings = unit.settings as unknown as {
    domain: { name: string };
    adapter: string;
    form: PruneForm;
    batchSize: number;
    maxLength: number;
  };
  const domain = await study.domain(settings.domain.name);
  const { adapter, head } = trainedAdapter(study, settings.adapter);
  const { adapter: sparse, mask, kept, pruned, inScope } = pruneAdapter(adapter, settings.form);
  const { accuracy, correct } = testAdapter(study, domain, sparse, head, { ...settings, split: "test" });
  const bytes = encodeMask(mask);
  const row: PruneRow = {
    ...{ accuracy, correct, pruned, inScope },
    keptByPart: kept.byPart,
    mask: sha256(bytes).slice(0, 32),
    ran: `${study.backend.name} ${instructionSet()}`,
  };
  return { row, files: [{ path: maskPath(study, row.mask), bytes }] };
}

/** Where the mask of a hash is kept. */
export function maskPath(study: Study, hash: string): string {
  return join(study.store.cache, "masks", `${hash}.safetensors`);
}
