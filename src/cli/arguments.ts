import { Command, CommanderError, Option } from "commander";
import { UsageError } from "./command.js";

/** What an option takes: some text, or nothing. */
export interface OptionSpec {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  readonly short?: string;
}

type ValueOf<O extends OptionSpec> = O["type"] extends "boolean"
  ? boolean
  : O extends { readonly multiple: true }
    ? string[]
    : string;

/** The options given, by name; those that were not given are absent. */
export type Values<T extends Record<string, OptionSpec>> = { [K in keyof T]?: ValueOf<T[K]> };

/**
 * Reads the arguments of one command.
 *
 * @param options by name without dashes
 * @throws UsageError naming an option that there is not, with the nearest that there is, one that lacks its value, or an
 * argument where none is taken
 */
export function readArguments<T extends Record<string, OptionSpec>>(
  args: readonly string[],
  options: T,
  { positionals = true }: { positionals?: boolean } = {},
): { values: Values<T>; positionals: string[] } {
  const parser = new Command().exitOverride().helpOption(false).allowExcessArguments(positionals);
  parser.configureOutput({ writeErr: () => {} }).showSuggestionAfterError();
  for (const [name, { type, multiple, short }] of Object.entries(options)) {
    const flags = `${short ? `-${short}, ` : ""}--${name}${type === "string" ? " <value>" : ""}`;
    const option = new Option(flags);
    if (multiple) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
    parser.addOption(option);
  }
  if (positionals) parser.argument("[arguments...]");
  try {
    parser.parse([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) throw new UsageError(sentence(error.message));
    throw error;
  }
  const given = parser.opts();
  const values = Object.fromEntries(
    Object.keys(options).flatMap((name) => {
      const value = given[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return { values: values as Values<T>, positionals: parser.args };
}

/** Commander's "error: unknown option '--fast'\n(Did you mean --last?)" as a sentence. */
function sentence(message: string): string {
  const [first, ...rest] = message.replace(/^error: /, "").split("\n");
  const hint = rest.join(" ").replace(/^\((.*)\)$/, "$1");
  return `${first[0].toUpperCase()}${first.slice(1)}.${hint ? ` ${hint}` : ""}`;
}
