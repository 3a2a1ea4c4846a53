import { amongNames } from "./among-names.js";
import { refuseArgument, shownArgument } from "./arguments.js";
import { checkOptions } from "./options.js";

/** The kinds of values that declarations tell apart. */
export type Kind =
  | ("text" | "number" | "boolean" | "nothing" | "null" | "function")
  | ("list" | "array" | "indexed" | "object" | "Map" | "Set");

/** A form that a value may have, as a declaration says it. */
export interface Shape {
  kind: Kind;
  /** The type's name. */
  name?: string;
  /** Of a text: all there are. */
  values?: string[];
  /** Of a list: forms of its members; left out where any will do. */
  of?: Shape[];
  /** Of a list: how many members it has at least. */
  least?: number;
  /** Of an object: what it must have, with its kind where there is one. */
  fields?: Record<string, Kind | null>;
  /** Of an object with names of any kind: forms of what stands under each. */
  each?: Shape[];
  /** Of options: all there are. */
  known?: string[];
}

/** What a function takes, place by place. A place without `is` takes anything. */
export interface Taken {
  /** It answers with a promise. */
  isAsync?: boolean;
  takes: { name: string; optional?: boolean; rest?: boolean; is?: Shape[] }[];
}

/**
 * Functions by name, each of which checks what it is given before it does anything: that every argument is of a form that
 * its declaration names, and that options have no unknown name.
 *
 * @param taken what each takes; a function that is not listed stays as it is
 * @param prefix what stands before their names in messages, such as "mix."
 * @param onlyOptions whether the functions check the other arguments themselves
 */
export function guarded<T extends object>(
  members: T,
  taken: Readonly<Record<string, Taken>>,
  prefix: string,
  onlyOptions = false,
): T {
  const entries = Object.entries(members).map(([name, value]) => {
    const its = Object.hasOwn(taken, name) ? taken[name] : undefined;
    return [
      name,
      its && typeof value === "function" ? guard(value as AnyFunction, its, prefix + name, onlyOptions) : value,
    ];
  });
  return Object.fromEntries(entries) as T;
}

type AnyFunction = (...args: unknown[]) => unknown;

function guard(call: AnyFunction, { isAsync, takes }: Taken, whose: string, onlyOptions: boolean): AnyFunction {
  const checked = (...args: unknown[]) => {
    try {
      for (const [place, { name, optional, is }] of takes.entries()) {
        const value = args[place];
        if (is === undefined || (optional && value === undefined)) continue;
        if (!onlyOptions) checkArgument(value, is, whose, name);
        checkNames(value, is, whose);
      }
    } catch (error) {
      if (isAsync) return Promise.reject(error);
      throw error;
    }
    return onEmpty(() => call(...args), args, takes, whose);
  };
  Object.defineProperty(checked, "name", { value: call.name });
  Object.defineProperty(checked, "length", { value: call.length });
  return checked;
}

/**
 * What a function answers. Where it has stumbled and a list or an object that it was given is empty, that is what is said:
 * most work needs a member, and a declaration does not tell which.
 */
function onEmpty(call: () => unknown, args: readonly unknown[], takes: Taken["takes"], whose: string): unknown {
  const told = (error: unknown): never => {
    const empty = takes.filter(({ optional }, place) => !optional && isEmpty(args[place]));
    if (empty.length === 0 || !(error instanceof TypeError || error instanceof RangeError)) throw error;
    const names = empty.map(({ name }) => `"${name}"`).join(" and ");
    throw new Error(`${whose} has nothing to work on: ${names} ${empty.length === 1 ? "is" : "are"} empty.`, {
      cause: error,
    });
  };
  try {
    const answer = call();
    return answer instanceof Promise ? answer.catch(told) : answer;
  } catch (error) {
    return told(error);
  }
}

/** @throws naming the function, the argument, what it takes and what was given */
function checkArgument(value: unknown, is: readonly Shape[], whose: string, name: string): void {
  if (is.some((shape) => matches(value, shape))) return;
  const takes = `${whose} takes ${either(is.filter(({ kind }) => kind !== "nothing").map(described))} as "${name}"`;
  const words = is.find(({ values }) => values)?.values;
  if (typeof value === "string" && words) throw new Error(`${takes}; "${value}" was given${amongNames(value, words)}.`);
  const of = is.find((shape) => shape.kind === "list")?.of;
  if (Array.isArray(value) && of) {
    const stray = value.findIndex((member) => !of.some((shape) => matches(member, shape)));
    if (stray >= 0) {
      throw new Error(`${takes}; ${shownArgument(value[stray])} was given as number ${stray + 1} of ${value.length}.`);
    }
  }
  refuseArgument(value, takes);
}

function checkNames(value: unknown, is: readonly Shape[], whose: string): void {
  const known = is.flatMap((shape) => shape.known ?? []);
  if (known.length === 0 || typeof value !== "object" || value === null || Array.isArray(value)) return;
  checkOptions(value as Record<string, unknown>, Object.fromEntries(known.map((option) => [option, true])), whose);
}

function matches(value: unknown, { kind, values, of, least = 0, fields = {}, each }: Shape): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string" && (values === undefined || values.includes(value));
    case "nothing":
      return value === undefined;
    case "null":
      return value === null;
    case "list":
      // numbers may come in a typed array
      if (ArrayBuffer.isView(value)) return of === undefined || of.some((member) => member.kind === "number");
      if (!Array.isArray(value) || value.length < least) return false;
      return of === undefined || value.every((member) => of.some((shape) => matches(member, shape)));
    case "array":
      return ArrayBuffer.isView(value);
    case "indexed":
      return Array.isArray(value) || ArrayBuffer.isView(value);
    case "Map":
      return value instanceof Map;
    case "Set":
      return value instanceof Set;
    case "object":
      return isPlain(value) && hasFields(value, fields) && (each === undefined || hasEach(value, each));
    default:
      return typeof value === kind;
  }
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isPlain(value) && Object.keys(value).length === 0;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Promise);
}

function hasFields(value: Record<string, unknown>, fields: Record<string, Kind | null>): boolean {
  return Object.entries(fields).every(
    ([name, kind]) => value[name] !== undefined && (kind === null || matches(value[name], { kind })),
  );
}

function hasEach(value: Record<string, unknown>, each: readonly Shape[]): boolean {
  return Object.values(value).every((member) => each.some((shape) => matches(member, shape)));
}

function described({ kind, name, values, of, least, fields = {}, each }: Shape): string {
  switch (kind) {
    case "text":
      if (values === undefined) return "a text";
      return values.length === 1 ? `"${values[0]}"` : "one of its words";
    case "list": {
      const length = least ? ` of ${least} or more` : "";
      return of ? `a list${length} (each ${either(of.map(described))})` : `a list${length}`;
    }
    case "array":
      return `a ${name}`;
    case "indexed":
      return "a list or typed array";
    case "null":
      return "null";
    case "object": {
      const names = Object.keys(fields);
      const shown = names.length > 8 ? [...names.slice(0, 8), "…"] : names;
      const within = each ? ` (each ${either(each.map(described))})` : "";
      const own = (names.length === 0 ? "an object" : `an object of ${shown.join(", ")}`) + within;
      return name === undefined ? own : `${name}, ${own}`;
    }
    default:
      return `a ${kind}`;
  }
}

function either(forms: readonly string[]): string {
  return [...new Set(forms)].join(" or ");
}
