/** Most characters of a name or value that a message shows. */
const MOST_SHOWN = 120;

// C0 and C1 controls, DEL, line and paragraph separators, and marks that turn the direction of text
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not reach a terminal
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

/**
 * A name or value that a file brought, as a message may show it: control characters as escapes such as \u001b, and not
 * longer than a line.
 */
export function shown(text: unknown): string {
  const whole = typeof text === "string" ? text : holdsObjects(text) ? (JSON.stringify(text) ?? "") : String(text);
  const cut = whole.length > MOST_SHOWN ? `${whole.slice(0, MOST_SHOWN - 1)}…` : whole;
  return cut.replace(UNSAFE, escapeOf);
}

/** Objects, and lists of them, which would be "[object Object]" otherwise. */
function holdsObjects(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) ? value.some(holdsObjects) : Object.getPrototypeOf(value) === Object.prototype;
}

/** {@link shown} in quotes; what a file lacks is nothing, without quotes. */
export function quoted(value: unknown): string {
  return value === undefined ? "nothing" : `"${shown(value)}"`;
}

/** A value as a message may show it: in JSON, but for what JSON lacks, such as NaN or undefined. */
export function shownValue(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null)
    return shown(typeof value === "string" ? JSON.stringify(value) : value);
  try {
    return shown(JSON.stringify(value) ?? String(value));
  } catch {
    return Array.isArray(value) ? "a list" : "an object";
  }
}

/**
 * Text as a terminal may show it: control characters as escapes, but for line ends and tabs. Every command writes through
 * this, so that no name of a file moves the cursor, sets colours or a window's title. Text of JSON stays the same JSON.
 */
export function terminalText(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character === "\n" || character === "\t" ? character : escapeOf(character),
  );
}

/** Text as HTML shows it, also inside an attribute in quotes. */
export function htmlText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function escapeOf(character: string): string {
  const code = character.charCodeAt(0);
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  return `\\u${code.toString(16).padStart(4, "0")}`; // which JSON reads too
}
