import { shownText } from "../display/shown.js";
import { amongNames } from "../files/among-names.js";
import type { Study } from "../study/study.js";
import { currentStudy } from "../study/study.js";
import { type Answer, type Exercise, exercises } from "./exercises.js";

/** What a check says of an answer; it shows itself. */
export interface Checked {
  exercise: string;
  right: boolean;
  says: string;
}

/**
 * Checks an answer to an exercise against the rows of the study that the notebook has opened, whatever its profile and
 * regime. A wrong answer is told a hint, and never the right one.
 *
 * @param exercise notebook and number, such as "02.2"
 * @param answer a number, a list of numbers, a name or a list of names, as the exercise takes it
 * @param study the study; by default the one that was opened last
 * @throws naming an exercise that has no check; or if no study is open
 */
export async function check(exercise: string, answer: unknown, study: Study = currentStudy()): Promise<Checked> {
  const known = Object.hasOwn(exercises, exercise) ? exercises[exercise] : undefined;
  if (!known) throw new Error(`Exercise "${exercise}" has no check${amongNames(exercise, Object.keys(exercises))}.`);
  const wanted = await known.answer(study);
  const wrong = formProblem(known, wanted, answer, study) ?? valueProblem(known, wanted, answer);
  const says = wrong === undefined ? "Right." : `Not yet. ${wrong}`;
  return shownText({ exercise, right: wrong === undefined, says }, says);
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isName = (value: unknown): value is string => typeof value === "string";
const listOf = (answer: unknown): readonly unknown[] => (isList(answer) ? answer : [answer]);

/** A name as it is written among the known ones, whatever its capitals. */
const nameIn = (known: readonly string[], name: string) =>
  known.find((one) => one.toLowerCase() === name.toLowerCase()) ?? name;

/** Whether names are asked for; an empty list is one of names. */
const asksNames = (wanted: Answer): wanted is readonly string[] =>
  isList(wanted) && (wanted as readonly unknown[]).every(isName);

/** What is wrong with an answer before it is compared: it is of another form, or names what is not in the study. */
function formProblem({ takes }: Exercise, wanted: Answer, answer: unknown, { settings }: Study): string | undefined {
  const given = listOf(answer);
  if (asksNames(wanted)) {
    const methods: readonly string[] = settings.methods;
    const asksMethods = wanted.length > 0 && wanted.every((name) => methods.includes(name));
    const known: readonly string[] = asksMethods ? methods : settings.domains;
    const strange = given.find((one) => !isName(one) || !known.includes(nameIn(known, one)));
    if (strange === undefined && (answer !== undefined || given.length === 0)) return undefined;
    if (isName(strange) && strange.includes(","))
      return 'Give the names as a list, each between quotation marks: ["…", "…"].';
    return isName(strange)
      ? `"${strange}" is no ${asksMethods ? "method" : "domain"} of this study${amongNames(strange, known)}.`
      : `An answer is a list of names: ${takes}.`;
  }
  const count = listOf(wanted).length;
  if (given.length === count && given.every((one) => typeof one === "number" && Number.isFinite(one))) return undefined;
  if (given.some(isName)) return `A number stands without quotation marks; an answer is ${takes}.`;
  return `An answer is ${takes}: ${count === 1 ? "one number" : `a list of ${count} numbers`}.`;
}

function valueProblem({ hint, within = 0, isCount }: Exercise, wanted: Answer, answer: unknown): string | undefined {
  if (asksNames(wanted)) {
    const given = new Set(listOf(answer).map((one) => nameIn(wanted, one as string)));
    return given.size === wanted.length && wanted.every((name) => given.has(name)) ? undefined : hint;
  }
  const expected = listOf(wanted) as readonly number[];
  const given = listOf(answer) as readonly number[];
  const near = (factor: number) => given.every((one, i) => Math.abs(factor * one - expected[i]) <= within);
  if (near(1)) return undefined;
  return !isCount && (near(100) || near(0.01)) ? "Another unit: is a share asked for, or percent?" : hint;
}
