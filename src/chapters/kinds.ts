import { codeHash } from "../results/code-hash.js";
import type { Outcome } from "../results/plan.js";
import type { Unit } from "../results/unit.js";
import type { Study } from "../study/study.js";
import { runAttackedUnit } from "./attack/attacked-unit.js";
import { runFgsmUnit } from "./attack/fgsm-unit.js";
import { runSimilarityUnit } from "./attack/similarity-unit.js";
import { runTextFoolerUnit } from "./attack/textfooler-unit.js";
import { runTextUnit } from "./conflict/text-unit.js";
import { runEvaluateUnit } from "./mix/evaluate-unit.js";
import { runPruneUnit } from "./prune/prune-unit.js";
import { runSparseMixtureUnit } from "./sparse/sparse-mixture-unit.js";
import { runBaselineUnit } from "./train/baseline-unit.js";
import { runTrainUnit } from "./train/train-unit.js";
import { runUnionUnit } from "./train/union-unit.js";

const kinds: Record<string, (unit: Unit, study: Study) => Promise<Outcome>> = {
  attacked: runAttackedUnit,
  baseline: runBaselineUnit,
  evaluate: runEvaluateUnit,
  fgsm: runFgsmUnit,
  prune: runPruneUnit,
  similarity: runSimilarityUnit,
  "sparse-mixture": runSparseMixtureUnit,
  text: runTextUnit,
  textfooler: runTextFoolerUnit,
  train: runTrainUnit,
  union: runUnionUnit,
};

/** Runs a unit of any kind, and says how long it took. */
export async function runUnitOf(unit: Unit, study: Study): Promise<Outcome> {
  const start = performance.now();
  const outcome = await kindOf(unit.kind)(unit, study);
  return { ...outcome, seconds: (performance.now() - start) / 1000 };
}

/** The code hash that units of a kind have today: of the module that runs them, and of the tokenizer. */
export function codeOf(kind: string): string {
  kindOf(kind);
  return codeHash([`experiments/${kind}-unit.js`, "text/tokenizer.js"]).slice(0, 32);
}

/** Whether there are units of this kind. */
export function isKind(kind: string): boolean {
  return Object.hasOwn(kinds, kind);
}

function kindOf(kind: string): (unit: Unit, study: Study) => Promise<Outcome> {
  const run = kinds[kind];
  if (!run) throw new Error(`There is no kind of unit "${kind}"; the kinds are ${Object.keys(kinds).join(", ")}.`);
  return run;
}
