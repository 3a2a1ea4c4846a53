import { terminalText } from "../files/shown.js";
import { cellDisplay } from "./kernel.js";

/**
 * Shows a sentence or two as text of the notebook; outside a notebook, on the console. Markdown is understood. Also shows
 * what a check says: a cell shows its last line by itself, and no more than that one.
 */
export function say(what: string | { readonly says: string }): void {
  const text = typeof what === "string" ? what : what.says;
  const display = cellDisplay();
  if (display) display({ "text/markdown": text, "text/plain": text });
  else console.log(terminalText(text));
}
