import type { ClassroomOptions } from "../../domains/classroom/generate.js";
import type { SplitName } from "../../domains/domain.js";
import { createRandom, type Random } from "../../engine/random.js";
import { amongNames } from "../../files/among-names.js";
import { requireText } from "../../files/arguments.js";
import { checkOptions } from "../../files/options.js";
import { shownValue } from "../../files/shown.js";
import type { TaskDomain } from "../task.js";
import { taskDomain } from "../task-domain.js";
import { entityExamples, entityTags } from "./entities.js";
import { similarityExamples } from "./similarity.js";

/** A generated domain of another kind of task. */
interface Recipe {
  task: string;
  outputs: string[];
  examples(split: SplitName, count: number, random: Random): unknown[];
}

/** Most examples of a split: the grammar has no more that differ. */
const MOST = 100_000;

const recipes: Record<string, Recipe> = {
  similarity: { task: "regression", outputs: ["score"], examples: similarityExamples },
  entities: { task: "tagging", outputs: entityTags, examples: entityExamples },
};

/**
 * Generates a domain of another kind of task from this project's own grammar of news: `similarity`, pairs of sentences with how
 * alike they are, as STS-B has them; `entities`, words with tags for people, firms and places, as CoNLL has them. The same
 * seed and sizes give the same examples on every machine; no text occurs twice, in one split or in two.
 *
 * @throws Error naming both if `name` is neither
 */
export function generateTask(name: string, options: ClassroomOptions = {}): TaskDomain {
  requireText(name, "generateTask takes the name of a domain");
  checkOptions(options, { seed: true, train: true, dev: true, test: true }, "generateTask");
  if (!Object.hasOwn(recipes, name)) {
    throw new Error(`There is no generated domain "${name}"${amongNames(name, Object.keys(recipes))}.`);
  }
  const { task, outputs, examples } = recipes[name];
  const { seed = "classroom", train = 1200, dev = 200, test = 300 } = options;
  for (const [split, count] of Object.entries({ train, dev, test })) {
    if (Number.isInteger(count) && count >= 1 && count <= MOST) continue;
    throw new Error(
      `generateTask takes a whole number of ${split} examples from 1 to ${MOST}, not ${shownValue(count)}.`,
    );
  }
  const random = createRandom(`${seed}/${name}`);
  const seen = new Set<string>();
  const write = (split: SplitName, count: number) => {
    const source = random.fork(split);
    const written: unknown[] = [];
    for (let tries = 0; written.length < count; tries++) {
      if (tries > 1000) throw new Error(`The grammar of ${name} has run out of new texts; ask for fewer examples.`);
      for (const example of examples(split, count - written.length, source.fork(`${tries}`))) {
        const text = JSON.stringify(example).toLowerCase();
        if (!seen.has(text)) written.push(example);
        seen.add(text);
      }
    }
    return written;
  };
  const parts = { test: write("test", test), dev: write("dev", dev), train: write("train", train) }; // test does not depend on the others' size
  return taskDomain({ name, task, outputs: [...outputs], ...parts, source: "classroom" });
}
