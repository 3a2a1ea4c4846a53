import type { Figure } from "../figures/figure.js";
import { figureText } from "../figures/figure-text.js";
import { requireOptions } from "../files/options.js";
import { terminalText } from "../files/shown.js";
import { cellDisplay } from "./kernel.js";
import { figureBundle, isFigure, shownRows, tableBundle } from "./shown.js";
import { isTable, type TableLike } from "./table.js";

/**
 * Shows a figure or a table as the output of the running cell; outside a notebook, as text on the console.
 *
 * A figure is one output in three forms: plotly's JSON (interactive in JupyterLab and VS Code), an SVG picture (everywhere
 * else), a line of text. A table is an arquero table, a danfojs data frame or plain rows: HTML and aligned text.
 * Always `await` it.
 * @param options.rows rows of a table shown at most; default 40
 * @param options.caption line over a table
 * @throws if the value is neither
 */
export async function show(
  shown: Figure | TableLike,
  options: { rows?: number; caption?: string } = {},
): Promise<void> {
  requireOptions(options, "show", "rows");
  const display = cellDisplay();
  const { rows = shownRows, caption } = options;
  if (isTable(shown)) {
    const bundle = tableBundle(shown, rows, caption);
    if (display) display(bundle);
    else console.log(terminalText(String(bundle["text/plain"])));
  } else if (isFigure(shown)) {
    if (display) display(await figureBundle(shown));
    else console.log(terminalText(figureText(shown)));
  } else {
    throw new Error("show(x): x must be a figure, an arquero table, a danfojs data frame or an array of rows.");
  }
}
