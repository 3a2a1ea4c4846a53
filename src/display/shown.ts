import type { Figure } from "../figures/figure.js";
import { figureText } from "../figures/figure-text.js";
import { drawSvg } from "../figures/svg/static-picture.js";
import { kernelDoor, type MimeBundle } from "./kernel.js";
import { isTable, type TableLike, tableContent } from "./table.js";
import { htmlTable, textTable } from "./table-print.js";

/** The method by which a value says how a notebook shows it as the last value of a cell: Deno's convention. */
const displayMethod = Symbol.for("Jupyter.display");

/** Rows of a table shown at most. */
export const shownRows = 40;

/** A figure in three forms: plotly's JSON (interactive in JupyterLab and VS Code), an SVG picture, a line of text. */
export async function figureBundle(figure: Figure): Promise<MimeBundle> {
  const layout: Partial<Figure["layout"]> = figure.layout; // one written by hand may have no size
  const sized = { ...figure, layout: { ...figure.layout, width: layout.width ?? 760, height: layout.height ?? 440 } };
  return {
    "application/vnd.plotly.v1+json": figure,
    "image/svg+xml": await drawSvg(sized),
    "text/plain": figureText(figure),
  };
}

/** A table in two forms: HTML and aligned text. */
export function tableBundle(table: TableLike, rows = shownRows, caption?: string): MimeBundle {
  const content = tableContent(table);
  return { "text/html": htmlTable(content, rows, caption), "text/plain": textTable(content, rows, caption) };
}

/** The same figure, which shows itself as the last value of a cell. */
export function shownFigure(figure: Figure): Figure {
  return showsItself(figure, () => figureBundle(figure));
}

/** The same table, which shows itself as the last value of a cell. */
export function shownTable<T extends TableLike>(table: T): T {
  return showsItself(table, () => tableBundle(table));
}

/** The same value, which shows itself as text, Markdown understood, as the last value of a cell. */
export function shownText<T extends object>(value: T, text: string): T {
  return showsItself(value, () => ({ "text/markdown": text, "text/plain": text }));
}

function showsItself<T extends object>(value: T, bundle: () => MimeBundle | Promise<MimeBundle>): T {
  return Object.defineProperty(value, displayMethod, { value: bundle, configurable: true });
}

/** Whether a value is a plotly figure. */
export function isFigure(value: unknown): value is Figure {
  if (typeof value !== "object" || value === null || !("data" in value) || !("layout" in value)) return false;
  return Array.isArray(value.data) && typeof value.layout === "object" && value.layout !== null;
}

// In this project's kernel every figure, arquero table and data frame shows itself, whoever made it.
kernelDoor()?.addRenderer((value) => {
  if (isFigure(value)) return figureBundle(value);
  return isTable(value) && !Array.isArray(value) ? tableBundle(value) : undefined;
});
