import type { DomainKey } from "../../study/define-unit.js";
import type { Study } from "../../study/study.js";
import { generateTask } from "../../tasks/classroom/generate.js";
import type { TaskDomain } from "../../tasks/task.js";

/** The domains of other kinds of tasks: how alike two sentences are, and which words name whom. Generated at every profile. */
export const taskNames = ["similarity", "entities"] as const;

const made = new Map<string, TaskDomain>();

/** A domain of another kind of task, at the study's size; made once. */
export function taskDomainOf({ settings }: Pick<Study, "settings">, name: string): TaskDomain {
  const { trainRows: train, devRows: dev, testRows: test } = settings;
  const key = JSON.stringify([name, train, dev, test]);
  const domain = made.get(key) ?? generateTask(name, { train, dev, test });
  made.set(key, domain);
  return domain;
}

/** Such a domain as settings name it. */
export function taskKey({ name, hash }: TaskDomain): DomainKey {
  return { name, hash: hash.slice(0, 32) };
}
