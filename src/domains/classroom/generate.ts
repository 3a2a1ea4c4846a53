import { createRandom, type Random } from "../../engine/random.js";
import { requireText } from "../../files/arguments.js";
import { checkOptions } from "../../files/options.js";
import { createDomain, type Domain, type Example, type SplitName } from "../domain.js";
import { normalisedText } from "../leaks.js";
import { createWriter } from "./grammar.js";
import type { Recipe, Written } from "./recipe.js";
import { recipeOf, recipes } from "./recipes.js";

/** How much of a classroom domain is generated. */
export interface ClassroomOptions {
  /** Default "classroom". */
  seed?: string | number;
  /** Examples per split. Default 1200, 200 and 300. */
  train?: number;
  dev?: number;
  test?: number;
}

/**
 * Generates a classroom domain: text written by this project's own grammar in the task shape of its namesake. The same
 * seed and sizes give the same examples on every machine. Labels are balanced; a share of *training* labels is wrong
 * on purpose (the recipe's `labelNoise`); no text occurs twice, in one split or in two.
 * @throws Error listing the thirteen if `name` is none of them.
 */
export function classroomDomain(name: string, options: ClassroomOptions = {}): Domain {
  requireText(name, "classroomDomain takes the name of a domain");
  checkOptions(options, { seed: true, train: true, dev: true, test: true }, "classroomDomain");
  const { seed = "classroom", train = 1200, dev = 200, test = 300 } = options;
  const recipe = recipeOf(name);
  const random = createRandom(`${seed}/${recipe.name}`);
  const seen = new Set<string>();
  const clean = (split: SplitName, size: number) => writeExamples(recipe, split, size, random.fork(split), seen);
  const testExamples = clean("test", test); // test first, so that it does not depend on the size of train
  const devExamples = clean("dev", dev);
  return createDomain({
    name: recipe.name,
    labels: [...recipe.labels],
    train: withLabelNoise(clean("train", train), recipe, random.fork("noise")),
    dev: devExamples,
    test: testExamples,
    source: "classroom",
  });
}

/**
 * English written from the *training* templates of all thirteen domains, for pre-training: `n` passages, one per
 * domain in turn; the two texts of a pair stand in one passage. Holds no sentence of a dev or test template.
 */
export function trainingText(seed: string | number, n: number): string[] {
  const writers = recipes.map((recipe) => {
    const random = createRandom(`${seed}/${recipe.name}/text`);
    return { recipe, random, writer: createWriter("train", random, recipe.grammar) };
  });
  return Array.from({ length: n }, (_, i) => {
    const { recipe, random, writer } = writers[i % writers.length];
    const { text, textPair } = recipe.write(writer, random.integer(recipe.labels.length));
    return textPair === undefined ? text : `${text} ${textPair}`;
  });
}

function writeExamples(recipe: Recipe, split: SplitName, size: number, random: Random, seen: Set<string>): Example[] {
  const writer = createWriter(split, random, recipe.grammar);
  const examples = Array.from({ length: size }, (_, i) => {
    const label = i % recipe.labels.length;
    return { ...writeNew(() => recipe.write(writer, label), seen, `${recipe.name} ${split}`), label };
  });
  return random.fork("order").shuffle(examples);
}

/** Writes until the text is one that no example has yet. */
function writeNew(write: () => Written, seen: Set<string>, where: string): Written {
  for (let tries = 0; tries < 1000; tries++) {
    const written = write();
    const key = normalisedText(`${written.text} ${written.textPair ?? ""}`);
    if (!seen.has(key)) {
      seen.add(key);
      return written;
    }
  }
  throw new Error(`The grammar of ${where} has run out of new texts; ask for fewer examples.`);
}

/** Replaces the label of exactly round(rate · n) examples by another one. */
function withLabelNoise(examples: readonly Example[], { labels, labelNoise }: Recipe, random: Random): Example[] {
  const indices = random.shuffle(examples.map((_, i) => i)).slice(0, Math.round(labelNoise * examples.length));
  const noisy = new Set(indices);
  return examples.map((example, i) =>
    noisy.has(i)
      ? { ...example, label: (example.label + 1 + random.integer(labels.length - 1)) % labels.length }
      : example,
  );
}
