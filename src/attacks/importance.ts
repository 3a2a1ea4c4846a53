import type { Encoder } from "../encoder/encoder.js";
import { argmaxRows } from "../training/metrics.js";
import type { Answer } from "./queries.js";

/** What is put in the place of a word to see how much it matters: nothing, or the unknown token. */
export type Importance = "delete" | "oov";

/** The class of highest probability. */
export function predictionOf(answer: Answer): number {
  return argmaxRows(answer, answer.length)[0];
}

/**
 * How much a word matters: p(label | text) − p(label | text without the word); where the prediction changes, the `oov`
 * variant adds what the new class gained (Jin et al. 2020, equation 2, as in the authors' code). TextAttack's `delete`
 * does not.
 */
export function importanceOf(whole: Answer, without: Answer, label: number, importance: Importance): number {
  const drop = whole[label] - without[label];
  const now = predictionOf(without);
  return importance === "oov" && now !== label ? drop + without[now] - whole[now] : drop;
}

/** @throws if the tokenizer of an encoder has no unknown token */
export function unknownToken({ name, tokenizer }: Encoder): string {
  const id = tokenizer?.special.unk;
  const token = id === undefined ? undefined : tokenizer?.idToToken(id);
  if (token === undefined)
    throw new Error(`The tokenizer of "${name}" has no unknown token; take importance "delete".`);
  return token;
}
