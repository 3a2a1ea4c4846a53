/** A number that other programs must read as a float: Python tells `1.0` from `1`, JavaScript does not. */
export class Float {
  constructor(readonly value: number) {}
}

/** Marks a number as a float for {@link jsonText}, which writes it with a point or an exponent: `1.0`, not `1`. */
export function float(value: number): Float {
  return new Float(value);
}

/**
 * A value as JSON text, as `JSON.stringify(value, null, spaces)` writes it, but every {@link float} as a float.
 *
 * @throws naming the place of a number that is not finite, which JSON would turn into null
 */
export function jsonText(value: unknown, spaces: number = 0): string {
  return write(value, "", spaces === 0 ? "" : "\n", " ".repeat(spaces));
}

/**
 * @param path where the value stands, for messages
 * @param newline what precedes a closing bracket: a line break and the indentation so far, or nothing
 */
function write(value: unknown, path: string, newline: string, indent: string): string {
  const number = value instanceof Float ? value.value : value;
  if (typeof number === "number" && !Number.isFinite(number)) {
    throw new Error(`${path || "The value"} is ${number}, which no file may hold.`);
  }
  if (value instanceof Float) {
    const text = JSON.stringify(value.value);
    return /^-?\d+$/.test(text) ? `${text}.0` : text;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") {
    return write((value as { toJSON(): unknown }).toJSON(), path, newline, indent);
  }
  const inner = newline + indent;
  const at = (key: string | number) => (path === "" ? `${key}` : `${path}.${key}`);
  const items = Array.isArray(value)
    ? value.map((item, i) => write(item, at(i), inner, indent))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined && typeof item !== "function")
        .map(([key, item]) => `${JSON.stringify(key)}:${indent && " "}${write(item, at(key), inner, indent)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return items.length === 0 ? open + close : open + inner + items.join(`,${inner}`) + newline + close;
}
