/** Other kinds of tasks than classification: a number for each text, a tag for each word. Their adapters can be mixed with all others. */
export { generateTask } from "./classroom/generate.js";
export { type Entity, entitiesOf, entityF1 } from "./entity-f1.js";
export { createTaskEvaluator, evaluateTask, type TaskEvaluation, type TaskEvaluator } from "./evaluate-task.js";
export type { ScoredExample } from "./regression.js";
export { stsbFromHub } from "./scored-from-hub.js";
export { type ScoredOptions, scoredFromTable } from "./scored-from-table.js";
export type { TaggedExample } from "./tagging.js";
export type { Scores, TaskDomain } from "./task.js";
export { taskDomain } from "./task-domain.js";
export { type TaskOptions, trainTask } from "./train-task.js";
