import { createContext, Script } from "node:vm";
import type { Tokenizer } from "./tokenizer.js";

const SECONDS = 2;
const CHARACTERS_A_SECOND = 50_000;

/** The one means by which Node ends a regular expression that is under way. */
const script = new Script("call()");
const place: { call?: () => unknown } = {};
const context = createContext(place);

/**
 * A tokenizer that gives up where a text takes too long.
 *
 * @param load loads it; this is limited, too
 * @param folder where its files are, for messages
 */
export function timeLimited(load: () => Tokenizer, folder: string): Tokenizer {
  const inTime = <T>(characters: number, call: () => T): T => {
    const seconds = SECONDS + characters / CHARACTERS_A_SECOND;
    place.call = call;
    try {
      return script.runInContext(context, { timeout: Math.ceil(1000 * seconds) }) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      throw new Error(
        `A regular expression in tokenizer.json of "${folder}" takes more than ${seconds.toFixed(1)} s for a text of ` +
          `${characters} characters, which is the limit; take the tokenizer from its publisher.`,
      );
    } finally {
      place.call = undefined;
    }
  };
  const tokenizer = inTime(0, load);
  return {
    ...tokenizer,
    encode: (text, pair, options) =>
      inTime(text.length + (pair?.length ?? 0), () => tokenizer.encode(text, pair, options)),
    tokenize: (text) => inTime(text.length, () => tokenizer.tokenize(text)),
  };
}
