import type { Picker } from "./picker.js";
import { cosine } from "./pickers/cosine.js";
import { fsd } from "./pickers/fsd.js";
import { fsdOfChange } from "./pickers/fsd-of-change.js";
import { leastRowMean } from "./pickers/least-row-mean.js";
import { movedLeast } from "./pickers/moved-least.js";
import { text } from "./pickers/text.js";

/** What a sweep is told of ways to choose, by name. */
export type Pickers = Readonly<Record<string, Picker>>;

/** Ways that look at weights alone: of stored studies what they choose is stored too. */
export const weightPickers = { fsd, leastRowMean, fsdOfChange, cosine } satisfies Pickers;

/** The name of a way that looks at weights alone. */
export type WeightPicker = keyof typeof weightPickers;

/** All ways to choose, the paper's first: one file, and one line here or, where it looks at weights alone, above. */
export const pickers = { ...weightPickers, text, movedLeast };

/** What tables and figures call ways to choose; one without an entry goes by its own name. */
const names: Readonly<Record<string, string>> = {
  fsd: "least FSD, grown",
  leastRowMean: "least FSD, by row means",
  fsdOfChange: "least FSD of the change",
  cosine: "highest cosine of weights",
  text: "most similar texts",
  movedLeast: "moved least",
  random: "at random",
  best: "cross-fitted best",
};

/** What tables and figures call a way to choose. */
export function pickerName(picker: string): string {
  return Object.hasOwn(names, picker) ? names[picker] : picker;
}

/** The ways to choose that rows hold, in the order in which they come. */
export function pickersIn(rows: readonly { picker: string }[]): string[] {
  return [...new Set(rows.map(({ picker }) => picker))];
}
