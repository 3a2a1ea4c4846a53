/** A number that other programs must read as a float: Python tells `1.0` from `1`, JavaScript does not. */
export class Float {
  constructor(readonly value: number) {}
}

/** Marks a number as a float for {@link toJson}, which writes it with a point or an exponent: `1.0`, not `1`. */
export function float(value: number): Float {
  return new Float(value);
}

/** JSON as `JSON.stringify(value, null, spaces)` writes it, but every {@link float} as a float. */
export function toJson(value: unknown, spaces = 0): string {
  return write(value, spaces === 0 ? "" : "\n", " ".repeat(spaces));
}

/** @param newline what precedes a closing bracket: a line break and the indentation so far, or nothing */
function write(value: unknown, newline: string, indent: string): string {
  if (value instanceof Float) {
    const text = JSON.stringify(value.value);
    return /^-?\d+$/.test(text) ? `${text}.0` : text;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const inner = newline + indent;
  const items = Array.isArray(value)
    ? value.map((item) => write(item, inner, indent))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}:${indent && " "}${write(item, inner, indent)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return items.length === 0 ? open + close : open + inner + items.join(`,${inner}`) + newline + close;
}
