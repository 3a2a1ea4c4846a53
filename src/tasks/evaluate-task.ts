import type { Adapter } from "../adapters/adapter.js";
import { tokenInputs } from "../adapters/classifier-runner.js";
import { classifierTensors, requireClassifier, requirePlan } from "../adapters/classify.js";
import { requireKind } from "../adapters/fit.js";
import type { Head } from "../adapters/head.js";
import type { AdapterConfig } from "../adapters/methods.js";
import { type Encoder, requireEncoder } from "../encoder/encoder.js";
import type { HeadConfig } from "../encoder/heads.js";
import { compile } from "../engine/compile.js";
import { requireOptions } from "../files/options.js";
import { batchesByLength } from "../text/batching.js";
import type { EvaluateOptions } from "../training/evaluate.js";
import type { Scores, TaskDomain } from "./task.js";
import { requireTaskDomain, requireTaskHead } from "./task-domain.js";
import { taskOf } from "./tasks.js";

/** What an adapter and a head give on some examples of a task, and how well. */
export interface TaskEvaluation {
  scores: Scores;
  /** A number, or a list of tags, for each example. */
  predictions: unknown[];
}

/** Examples made ready once, to be run through any number of adapters and heads of one kind. */
export interface TaskEvaluator {
  run(adapter: Adapter | undefined, head: Head): TaskEvaluation;
}

/**
 * Prepares examples of a task for many evaluations; what no adapter acts on is kept.
 *
 * @param plan the kind of adapter and head that will be run
 */
export function createTaskEvaluator<Example>(
  encoder: Encoder,
  domain: TaskDomain<Example>,
  examples: readonly Example[],
  plan: { adapter?: AdapterConfig; head: HeadConfig },
  options: EvaluateOptions = {},
): TaskEvaluator {
  requireEncoder(encoder, "createTaskEvaluator");
  requireTaskDomain(domain, "createTaskEvaluator");
  requirePlan(plan, "createTaskEvaluator");
  requireOptions(options, "createTaskEvaluator", "batchSize");
  if (examples.length === 0) throw new Error("An evaluation needs at least one example.");
  const { batchSize = 32, maxLength = 128 } = options;
  const { adapter: config, head: headConfig } = plan;
  const task = taskOf(domain);
  const encoded = examples.map((example) => task.encode(encoder, example, maxLength));
  const batches = batchesByLength(encoded, { batchSize, maxLength, padTokenId: encoder.config.padTokenId });
  const compiled = encoder.compiled(JSON.stringify(["outputs", task.name, config, headConfig]), () =>
    compile(
      (inputs) => ({ outputs: task.objective.outputs({ encoder, adapter: config, head: headConfig }, inputs, inputs) }),
      { independentRows: tokenInputs, repeatedRows: tokenInputs },
    ),
  );
  return {
    run(adapter, head) {
      requireTaskHead(head, domain, "the evaluator");
      requireKind(encoder, plan, { adapter, head }, "the evaluator");
      const predictions: unknown[] = new Array(examples.length);
      for (const { rows, batch } of batches) {
        const { outputs } = compiled.run({ ...classifierTensors(adapter, head), ...batch });
        rows.forEach((example, row) => {
          predictions[example] = task.read(outputs, row, encoded[example], examples[example]);
        });
      }
      return { scores: task.scores(predictions, examples, domain.outputs), predictions };
    },
  };
}

/** How well an adapter (or none) with a task's head does on examples of a domain. */
export function evaluateTask<Example>(
  encoder: Encoder,
  trained: { adapter?: Adapter; head: Head },
  domain: TaskDomain<Example>,
  examples: readonly Example[] = domain.test,
  options: EvaluateOptions = {},
): TaskEvaluation {
  requireClassifier(trained, "evaluateTask");
  requireTaskDomain(domain, "evaluateTask");
  const { adapter, head } = trained;
  return createTaskEvaluator(encoder, domain, examples, { adapter: adapter?.config, head: head.config }, options).run(
    adapter,
    head,
  );
}
