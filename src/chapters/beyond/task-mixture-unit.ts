import { defineUnit } from "../../study/define-unit.js";
import { makeAdapter, modulesOf, type Recipe } from "../../study/recipe.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import { evaluateTask } from "../../tasks/evaluate-task.js";
import type { Scores } from "../../tasks/task.js";
import { taskDomainOf, taskKey } from "./task-domains.js";

/** Makes an adapter by a recipe and tests it on a domain of another kind of task, with that domain's own head. */
export const taskMixtureUnit = defineUnit({
  kind: "task-mixture",
  module: import.meta.url,
  settings(study, { name, headOf, recipe }: { name: string; headOf: string; recipe: Recipe }) {
    const { batchSize, maxLength } = study.settings;
    return { taskDomain: taskKey(taskDomainOf(study, name)), headOf, recipe, batchSize, maxLength };
  },
  uses: ({ recipe }) => modulesOf(recipe),
  async run(study, { taskDomain, headOf, recipe, batchSize, maxLength }): Promise<{ scores: Scores }> {
    const adapter = await makeAdapter(study, recipe);
    const { head } = trainedAdapter(study, headOf);
    const domain = taskDomainOf(study, taskDomain.name);
    const options = { batchSize, maxLength };
    return { scores: evaluateTask(study.encoder, { adapter, head }, domain, domain.test, options).scores };
  },
});
