import type { Figure } from "../figures/figure.js";
import { drawSvg } from "../figures/svg/static-picture.js";
import { cellDisplay } from "./kernel.js";
import { isTable, type TableLike, tableContent } from "./table.js";
import { htmlTable, textTable } from "./table-print.js";

function isFigure(value: unknown): value is Figure {
  return typeof value === "object" && value !== null && "data" in value && "layout" in value;
}

/** Title and series of a figure in one line, for front ends that show only text. */
export function figureText({ data, layout }: Figure): string {
  const title = (layout.title as { text?: string } | undefined)?.text ?? "";
  const words = title
    .replaceAll("<br>", " · ")
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
  const names = [
    ...new Set(data.filter((trace) => trace.showlegend !== false).map((trace) => trace.name ?? trace.type)),
  ];
  return `Figure: ${words} [${names.join(", ")}]`;
}

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
  const display = cellDisplay();
  if (isTable(shown)) {
    const { rows = 40, caption } = options;
    const content = tableContent(shown);
    const text = textTable(content, rows, caption);
    if (display) display({ "text/html": htmlTable(content, rows, caption), "text/plain": text });
    else console.log(text);
  } else if (isFigure(shown)) {
    const text = figureText(shown);
    if (!display) return console.log(text);
    display({
      "application/vnd.plotly.v1+json": shown,
      "image/svg+xml": await drawSvg(shown),
      "text/plain": text,
    });
  } else {
    throw new Error("show(x): x must be a figure, an arquero table, a danfojs data frame or an array of rows.");
  }
}
