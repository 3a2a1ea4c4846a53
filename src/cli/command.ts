/** Where a command writes: results to `out`, progress and remarks to `err`. */
export interface CommandOutput {
  out(text: string): void;
  err(text: string): void;
  /** What is being done now: one line, without its end, to `err`. */
  progress(text: string): void;
  /** Columns of the terminal; lines are kept within them where they can be. */
  width: number;
}

/** One command of `signmix`. */
export interface Command {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** The whole help text. */
  help: string;
  /** Does the work and returns the exit code, 0 if nothing. An error ends with exit code 1, a `UsageError` with 2. */
  run(args: string[], output: CommandOutput): Promise<number | undefined>;
}

/** A command was called in a way it does not understand. */
export class UsageError extends Error {}

/** A number given as an option. */
export function numberOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new UsageError(`--${name} takes a number, not "${text}".`);
  return value;
}

/** One of a list of words given as an option. */
export function wordOption<T extends string>(
  name: string,
  text: string | undefined,
  words: readonly T[],
): T | undefined {
  if (text === undefined || words.includes(text as T)) return text as T | undefined;
  throw new UsageError(`--${name} is one of ${words.join(", ")}, not "${text}".`);
}
