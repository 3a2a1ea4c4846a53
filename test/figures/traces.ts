import type { Figure, Trace } from "#src/figures/figure.js";

/** The traces of a figure that have a name in its legend, by name; of panels, those of one, counted from 1. */
export function traces(figure: Figure, panel = 1): Record<string, Trace> {
  const axis = panel === 1 ? [undefined, "x"] : [`x${panel}`];
  const own = figure.data.filter(
    (trace) => trace.name !== undefined && axis.includes(trace.xaxis as string | undefined),
  );
  return Object.fromEntries(own.map((trace) => [trace.name, trace]));
}

/** The band around a line: the lower and upper edge that its polygon is drawn from. */
export function bandOf(figure: Figure, name: string): { low: unknown[]; high: unknown[] } {
  const polygon = figure.data.find((trace) => trace.legendgroup === name && trace.fill === "toself");
  const y = polygon?.y as unknown[];
  const half = y.length / 2;
  return { high: y.slice(0, half), low: y.slice(half).reverse() };
}

/** Titles of the axes. */
export function axisTitles({ layout }: Figure): [string, string] {
  const title = (axis: unknown) => (axis as { title: { text: string } }).title.text;
  return [title(layout.xaxis), title(layout.yaxis)];
}
