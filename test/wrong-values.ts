import type { Adapter } from "#src/adapters/adapter.js";
import type { Head } from "#src/adapters/head.js";

/** Values of wrong types, with how a test calls them: one of each kind that a slip gives. */
export function wrongValues(adapter: Adapter, head: Head): readonly [string, unknown][] {
  return [
    ["undefined", undefined],
    ["null", null],
    ["7", 7],
    ["NaN", Number.NaN],
    ['"x"', "x"],
    ["[]", []],
    ["{}", {}],
    ["[7]", [7]],
    ["[undefined]", [undefined]],
    ["() => 1", () => 1],
    // what trainAdapter gives, and what a call without await does
    ["{ adapter, head }", { adapter, head }],
    ["a promise", Promise.resolve(adapter)],
  ];
}

/** What a function says when it refuses its arguments; "" where it takes them. */
export async function refusalOf(call: (...args: unknown[]) => unknown, args: readonly unknown[]): Promise<string> {
  try {
    await call(...args);
    return "";
  } catch (error) {
    return `${(error as Error).constructor.name}: ${(error as Error).message}`;
  }
}
