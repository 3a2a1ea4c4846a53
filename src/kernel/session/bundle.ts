import { inspect } from "node:util";
import type { Bundle } from "./protocol.js";
import { isArquero, isDataFrame, tableBundle } from "./table.js";

/** The method by which a value says how a notebook shows it: Deno's convention. */
export const displayMethod = Symbol.for("Jupyter.display");

/**
 * Promises of a process that follows asynchronous calls carry marks of Node's, which its console would show as if they were
 * the reader's properties.
 */
export function hidePromiseMarks(): void {
  const value = function (this: Promise<unknown>) {
    for (const mark of Object.getOwnPropertySymbols(this)) {
      if (/^(trigger_)?async_id_symbol$|^kResourceStore$/.test(mark.description ?? "")) {
        Object.defineProperty(this, mark, { enumerable: false });
      }
    }
    return this; // and the console goes on as ever
  };
  Object.defineProperty(Promise.prototype, inspect.custom, { value, configurable: true, writable: true });
}

/** A value as text: that of Node.js' own console. */
function plain(value: unknown): string {
  try {
    return inspect(value);
  } catch (error) {
    return `[${typeof value} that cannot be shown: ${error instanceof Error ? error.message : "its own method failed"}]`;
  }
}

function isBundle(value: unknown): value is Bundle {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const types = Object.keys(value);
  return types.length > 0 && types.every((type) => type.includes("/"));
}

/** How a library shows values of its own that say nothing themselves; undefined where a value is none of them. */
export type Renderer = (value: object) => Bundle | Promise<Bundle> | undefined;

const renderers: Renderer[] = [];

/** The latest renderer is asked first. */
export function addRenderer(renderer: Renderer): void {
  renderers.unshift(renderer);
}

/**
 * What a front end is sent of a value: text always, and what else the value or its kind offers.
 * @throws what the value's own display method throws
 */
export async function bundleOf(value: unknown): Promise<Bundle> {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    return { "text/plain": plain(value) };
  }
  const method = (value as { [displayMethod]?: unknown })[displayMethod];
  if (typeof method === "function") {
    const own: unknown = await method.call(value);
    if (!isBundle(own)) {
      throw new TypeError(`Symbol.for("Jupyter.display") gave ${plain(own)}: it must give an object of MIME types.`);
    }
    const bundle = Object.fromEntries(Object.entries(own).map(([type, content]) => [type, encoded(content)]));
    return "text/plain" in bundle ? bundle : { ...bundle, "text/plain": plain(value) };
  }
  for (const renderer of renderers) {
    try {
      const bundle = await renderer(value);
      if (bundle) return bundle;
    } catch {
      // something that only looks like what the library shows
    }
  }
  if (isArquero(value) || isDataFrame(value)) {
    try {
      return tableBundle(value);
    } catch {
      // something that only looks like a table
    }
  }
  return { "text/plain": plain(value) };
}

/** Bytes of a picture as base64, as Jupyter has them. */
export function encoded(content: unknown): unknown {
  return content instanceof Uint8Array ? Buffer.from(content).toString("base64") : content;
}
