import type { Adapter } from "../../adapters/adapter.js";
import { initialTensors } from "../../adapters/create.js";
import type { Domain } from "../../domains/domain.js";
import { instructionSet } from "../../engine/instruction-set.js";
import { scaleChange } from "../../mixing/dilute.js";
import { mixAdapters } from "../../mixing/mix.js";
import { codeHash } from "../../results/code-hash.js";
import type { Outcome } from "../../results/plan.js";
import type { Json, Row, Unit } from "../../results/unit.js";
import type { Study } from "../../study/study.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import { createEvaluator, type Evaluator } from "../../training/evaluate.js";
import { verdicts } from "../train/train-unit.js";

/**
 * How the adapter under test is made. Adapters are named by hash.
 *
 * - `mixture`: the uniform average of adapters; of one, the adapter itself.
 * - `diluted`: θ₀ + (θ − θ₀)/k of one adapter, the mixture with k − 1 adapters that never left the start.
 * - `start`: θ₀ of an adapter.
 * - `none`: no adapter at all.
 */
export type Recipe =
  | { make: "mixture"; of: string[] }
  | { make: "diluted"; of: string; by: number }
  | { make: "start"; of: string }
  | { make: "none" };

/** The row of an `evaluate` unit: an adapter made by a recipe, with a domain's own head, on that domain. */
export interface EvaluateRow extends Row {
  accuracy: number;
  devAccuracy: number;
  correct: string;
  devCorrect: string;
  ran: string;
}

/**
 * The unit that tests a recipe on a domain.
 * @param headOf hash of the adapter whose head is used, the domain's own
 */
export function evaluateUnit(study: Study, domain: Domain, headOf: string, recipe: Recipe): Unit {
  const { batchSize, maxLength } = study.settings;
  return {
    kind: "evaluate",
    settings: {
      encoder: study.encoder.hash.slice(0, 32),
      domain: { name: domain.name, hash: domain.hash.slice(0, 32) },
      headOf,
      recipe: recipe as unknown as Json,
      batchSize,
      maxLength,
    },
    code: codeHash(["chapters/mix/evaluate-unit.js", "text/tokenizer.js"]).slice(0, 32),
  };
}

const evaluators = new Map<string, Evaluator>();

/** Makes the adapter of a unit and tests it on the domain's dev and test examples. */
export async function runEvaluateUnit(unit: Unit, study: Study): Promise<Outcome> {
  const settings = unit.settings as unknown as {
    domain: { name: string };
    headOf: string;
    recipe: Recipe;
    batchSize: number;
    maxLength: number;
  };
  const domain = await study.domain(settings.domain.name);
  const { head } = trainedAdapter(study, settings.headOf);
  const adapter = makeAdapter(study, settings.recipe);
  const examples = [...domain.dev, ...domain.test];
  const key = JSON.stringify([study.encoder.hash, domain.hash, adapter?.config ?? null, head.config]);
  let evaluator = evaluators.get(key);
  if (!evaluator) {
    evaluator = createEvaluator(study.encoder, examples, { adapter: adapter?.config, head: head.config }, settings);
    evaluators.set(key, evaluator);
  }
  const { predictions } = evaluator.run(adapter, head);
  const correct = examples.map(({ label }, i) => predictions[i] === label);
  const row: EvaluateRow = {
    ...verdicts(correct, domain.dev.length),
    ran: `${study.backend.name} ${instructionSet()}`,
  };
  return { row };
}

/** The adapter that a recipe makes, or undefined where it takes none. */
export function makeAdapter(study: Study, recipe: Recipe): Adapter | undefined {
  if (recipe.make === "none") return undefined;
  if (recipe.make === "mixture") return mixAdapters(recipe.of.map((hash) => trainedAdapter(study, hash).adapter));
  const { adapter } = trainedAdapter(study, recipe.of);
  if (recipe.make === "diluted") return scaleChange(adapter, 1 / recipe.by);
  return { ...adapter, tensors: initialTensors(adapter) };
}
