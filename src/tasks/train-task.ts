import type { Adapter } from "../adapters/adapter.js";
import { createAdapter } from "../adapters/create.js";
import type { Head } from "../adapters/head.js";
import { type Encoder, requireEncoder } from "../encoder/encoder.js";
import { createRandom } from "../engine/random.js";
import { checkOptions, requireOptions } from "../files/options.js";
import { paddedLength, tokenBatch } from "../text/batching.js";
import { trainingLengths, trainingOrder } from "../training/batches.js";
import { type LoopOptions, loopOptionNames, loopWithDefaults, type TrainingHistory } from "../training/loop-options.js";
import { runSteps } from "../training/run-steps.js";
import { trainingStep } from "../training/step.js";
import type { TrainOptions } from "../training/train.js";
import { createTaskEvaluator } from "./evaluate-task.js";
import type { TaskDomain } from "./task.js";
import { requireTaskDomain } from "./task-domain.js";
import { taskOf } from "./tasks.js";

/** Settings of {@link trainTask}. */
export type TaskOptions = LoopOptions & Pick<TrainOptions, "method" | "config" | "seed" | "start">;

/**
 * Trains a new adapter and its head on a domain of any task, the encoder frozen. The adapter is of the same kind as a
 * classifier's and can be mixed with one; the head belongs to the task.
 *
 * @returns the adapter and head named after the domain, and how the training went
 */
export async function trainTask<Example>(
  encoder: Encoder,
  domain: TaskDomain<Example>,
  options: TaskOptions,
): Promise<{ adapter: Adapter; head: Head; history: TrainingHistory }> {
  requireEncoder(encoder, "trainTask");
  requireTaskDomain(domain, "trainTask");
  requireOptions(options, "trainTask", "method");
  checkOptions(options, { ...loopOptionNames, method: true, config: true, seed: true, start: true }, "trainTask");
  const { method, config, seed, start = seed } = options;
  const loop = loopWithDefaults({ ...options, orderSeed: options.orderSeed ?? seed });
  if (loop.dropout > 0) throw new Error("trainTask has no dropout; leave it out.");
  const task = taskOf(domain);
  const made = { ...config, method, seed: start, name: domain.name } as Parameters<typeof createAdapter>[1];
  const adapter = createAdapter(encoder, made);
  const head = task.head(encoder, domain, seed);
  const plan = { encoder, adapter: adapter.config, head: head.config };
  const encoded = domain.train.map((example) => task.encode(encoder, example, loop.maxLength));
  const lengths = trainingLengths(loop.maxLength);
  const nextRows = trainingOrder(
    encoded.map(({ inputIds }) => inputIds.length),
    loop.batchSize,
    createRandom(loop.orderSeed).fork("order"),
  );
  const evaluator = loop.evaluateEvery > 0 ? createTaskEvaluator(encoder, domain, domain.dev, plan, loop) : undefined;
  const trained = await runSteps(domain.name, { adapter, head }, loop, {
    stepOf: (settings) => trainingStep(plan, settings, task.objective),
    nextBatch() {
      const rows = nextRows();
      const chosen = rows.map((row) => encoded[row]);
      const time = paddedLength(chosen, lengths);
      const examples = rows.map((row) => domain.train[row]);
      return {
        ...tokenBatch(chosen, time, encoder.config.padTokenId),
        ...task.targets(examples, chosen, time),
      };
    },
    ...(evaluator && { score: (one) => evaluator.run(one.adapter, one.head).scores[task.measure] }),
  });
  return { ...trained, adapter: trained.adapter as Adapter };
}
