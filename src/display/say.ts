import { terminalText } from "../files/shown.js";
import { cellDisplay } from "./kernel.js";

/** Shows a sentence or two as text of the notebook; outside a notebook, on the console. Markdown is understood. */
export function say(text: string): void {
  const display = cellDisplay();
  if (display) display({ "text/markdown": text, "text/plain": text });
  else console.log(terminalText(text));
}
