import { amongNames } from "../files/among-names.js";
import { regression } from "./regression.js";
import { tagging } from "./tagging.js";
import type { Task, TaskDomain } from "./task.js";

/** Every kind of task beside classification, by its name. */
const tasks = { regression, tagging } as const;

/** The task of a domain. @throws where there is none of that name */
export function taskOf<Example>({ name, task }: Pick<TaskDomain<Example>, "name" | "task">): Task<Example, unknown> {
  if (Object.hasOwn(tasks, task)) return tasks[task as keyof typeof tasks] as unknown as Task<Example, unknown>;
  throw new Error(`The domain "${name}" is of the task "${task}"${amongNames(task, Object.keys(tasks))}.`);
}
