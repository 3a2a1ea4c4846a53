import { adapterHash } from "../../adapters/adapter.js";
import type { AdapterMethod } from "../../adapters/methods.js";
import { encodeTrained } from "../../results/trained-file.js";
import { distanceMoved } from "../../signs/distance-moved.js";
import { defineUnit } from "../../study/define-unit.js";
import { adapterPath } from "../../study/trained-adapter.js";
import { evaluateTask } from "../../tasks/evaluate-task.js";
import type { Scores } from "../../tasks/task.js";
import { taskOf } from "../../tasks/tasks.js";
import { trainTask } from "../../tasks/train-task.js";
import { adapterConfigOf, loopOf, loopOptions } from "../train/loop.js";
import { taskDomainOf, taskKey } from "./task-domains.js";

/** One adapter trained on a domain of another kind of task. */
interface TaskResult {
  task: string;
  /** The measure that counts, one of `scores`. */
  measure: string;
  /** Hash of the adapter, which names its file. */
  adapter: string;
  scores: Scores;
  /** ‖θ − θ₀‖ over all adapter weights. */
  moved: number;
}

/** Trains one adapter on a domain of another kind of task, from the start and with the loop of the study's other adapters. */
export const taskUnit = defineUnit({
  kind: "task",
  module: import.meta.url,
  settings(study, { name, method, seed }: { name: string; method: AdapterMethod; seed: number }) {
    const domain = taskDomainOf(study, name);
    return {
      ...{ taskDomain: taskKey(domain), config: adapterConfigOf(study, method), seed },
      ...loopOf(study, { name, train: [] }),
    };
  },
  async run(study, settings, keep): Promise<TaskResult> {
    const { seed, config, batchSize, maxLength } = settings;
    const { method, ...own } = config;
    const domain = taskDomainOf(study, settings.taskDomain.name);
    const options = { ...loopOptions(settings), method, config: own, seed };
    const { adapter, head } = await trainTask(study.encoder, domain, options);
    const { scores } = evaluateTask(study.encoder, { adapter, head }, domain, domain.test, { batchSize, maxLength });
    const hash = adapterHash(adapter).slice(0, 32);
    keep(adapterPath(study, hash, seed), encodeTrained({ adapter, head }));
    const { name: task, measure } = taskOf(domain);
    return { task, measure, adapter: hash, scores, moved: distanceMoved(adapter) };
  },
});
