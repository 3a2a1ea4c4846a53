import { join } from "node:path";
import { readText } from "../files/text-file.js";
import { timeLimited } from "./time-limit.js";
import * as reader from "./tokenizer.js";

/**
 * Loads the tokenizer of a folder in the Hugging Face layout: from `tokenizer.json`, or from `vocab.txt` (WordPiece), or
 * from `vocab.json` and `merges.txt` (byte-level BPE), with `tokenizer_config.json` where there is one. It is tried on a
 * word, so that what is missing from its files shows here and not in the middle of a run.
 *
 * A `tokenizer.json` may bring regular expressions, some of which take for ever on a short text: two seconds is what such a
 * tokenizer has for a text, and a second more for every 50,000 characters.
 *
 * @throws naming the folder, if it has none of these files, or if they are damaged or ask for what is not computed
 */
export function loadTokenizer(folder: string): reader.Tokenizer {
  try {
    const limited = bringsPatterns(folder);
    const tokenizer = limited ? timeLimited(() => reader.loadTokenizer(folder), folder) : reader.loadTokenizer(folder);
    tokenizer.encode("a");
    return tokenizer;
  } catch (error) {
    const { message } = error as Error;
    // what JavaScript says of a part that is missing, by itself or in a library's sentence
    const accident = [TypeError, RangeError, SyntaxError].some((kind) => error instanceof kind);
    if (!accident && !/\bundefined\b|\[object /.test(message))
      throw message.includes(folder) ? error : new Error(`"${folder}": ${message}`, { cause: error });
    throw new Error(
      `The tokenizer of "${folder}" (tokenizer.json, or the files in its place) lacks a part or is damaged; get its files again.`,
      { cause: error },
    );
  }
}

/** Whether its file may have a field "Regex", whose letters JSON can also write as escapes. */
function bringsPatterns(folder: string): boolean {
  try {
    return /"Regex"|\\u00(?:52|65|67|78)/.test(readText(join(folder, "tokenizer.json"), "tokenizer"));
  } catch {
    return false; // the reader says what is wrong with it, or does without
  }
}
