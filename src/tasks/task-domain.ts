import { createHash } from "node:crypto";
import { type Head, requireHead } from "../adapters/head.js";
import { splitNames } from "../domains/domain.js";
import { hasFields, refuseArgument } from "../files/arguments.js";
import { listed } from "../files/listed.js";
import type { TaskDomain } from "./task.js";
import { taskOf } from "./tasks.js";

/**
 * A domain of its parts, with its hash.
 *
 * @throws naming a part without examples, or the first example that is not whole; or if there is no such task
 */
export function taskDomain<Example>(parts: Omit<TaskDomain<Example>, "hash">): TaskDomain<Example> {
  const task = taskOf<Example>(parts);
  const hash = createHash("sha256").update(JSON.stringify([parts.task, parts.outputs]));
  for (const split of splitNames) {
    if (parts[split].length === 0) throw new Error(`The domain "${parts.name}" has no ${split} examples.`);
    parts[split].forEach((example, i) => {
      const problem = task.problem(example, parts.outputs);
      if (problem) throw new Error(`Domain "${parts.name}", ${split} example ${i + 1}: ${problem}.`);
      hash.update(JSON.stringify([split, example]));
    });
  }
  return { ...parts, hash: hash.digest("hex") };
}

/** Refuses what is no domain of a task. */
export function requireTaskDomain(value: unknown, whose: string): void {
  const fields = { name: "text", task: "text", outputs: "list", train: "list", dev: "list", test: "list" } as const;
  const made = "generateTask, scoredFromTable or taskDomain give it (await them)";
  if (!hasFields(value, fields)) refuseArgument(value, `${whose} takes a domain of a task, as ${made}`);
  if (!hasFields(value, { hash: "text" })) {
    throw new Error(
      `${whose}: "${(value as TaskDomain).name}" is no whole domain; make it by taskDomain, which checks it.`,
    );
  }
}

/** Refuses a head that was made for other outputs than a domain's. */
export function requireTaskHead(head: unknown, { name, task, outputs }: TaskDomain, whose: string): void {
  requireHead(head, whose);
  const { name: own, labels } = head as Head;
  if (labels.join("\0") === outputs.join("\0")) return;
  throw new Error(
    `${whose}: the head "${own}" gives ${listed(labels)}; the domain "${name}" (${task}) needs ${listed(outputs)}. Take the head that was trained on it.`,
  );
}
