import * as reader from "./tokenizer.js";

/**
 * Loads the tokenizer of a folder in the Hugging Face layout: from `tokenizer.json`, or from `vocab.txt` (WordPiece), or
 * from `vocab.json` and `merges.txt` (byte-level BPE), with `tokenizer_config.json` where there is one. It is tried on a
 * word, so that what is missing from its files shows here and not in the middle of a run.
 *
 * @throws naming the folder, if it has none of these files, or if they are damaged or ask for what is not computed
 */
export function loadTokenizer(folder: string): reader.Tokenizer {
  try {
    const tokenizer = reader.loadTokenizer(folder);
    tokenizer.encode("a");
    return tokenizer;
  } catch (error) {
    const { message } = error as Error;
    // what JavaScript says of a part that is missing, by itself or in a library's sentence
    const accident = [TypeError, RangeError, SyntaxError].some((kind) => error instanceof kind);
    if (!accident && !/\bundefined\b/.test(message))
      throw message.includes(folder) ? error : new Error(`"${folder}": ${message}`, { cause: error });
    throw new Error(
      `The tokenizer of "${folder}" (tokenizer.json, or the files in its place) lacks a part or is damaged; get its files again.`,
      { cause: error },
    );
  }
}
