import { type Figure, heading, headOf, plain, type Trace } from "./figure.js";

/** Pixels of one line of a legend. */
const LEGEND_LINE = 22;

/**
 * Several figures as the panels of one, in reading order: each keeps its axes and gets its title over it; series of the
 * same name share one legend entry.
 * @param options.sharedY panels have the same range of values, and only the first of a row names the axis
 * @param options.sharedX the same of the other axis: only the lowest panel of a column names it, which saves room
 * @param options.columns panels in a row; default 2
 */
export function gridFigure(
  panels: readonly { title: string; figure: Figure }[],
  options: {
    title: string;
    subtitle?: string;
    columns?: number;
    width?: number;
    panelHeight?: number;
    sharedY?: boolean;
    sharedX?: boolean;
  },
): Figure {
  if (panels.length === 0) throw new Error("gridFigure needs at least one panel.");
  const { columns = 2, width = 960, panelHeight = 260, sharedY = false, sharedX = false } = options;
  const rows = Math.ceil(panels.length / columns);
  const { title, top } = heading(options.title, options.subtitle, width);
  const base = panels[0].figure.layout;
  const gap = { x: columns > 3 ? 0.05 : 0.09, y: (sharedX ? 66 : 90) / (rows * panelHeight) };
  const cell = { width: (1 - gap.x * (columns - 1)) / columns, height: (1 - gap.y * (rows - 1)) / rows };
  const data: Trace[] = [];
  const axes: Record<string, object> = {};
  const annotations: object[] = [];
  const named = new Set<string>();
  panels.forEach(({ title: panelTitle, figure }, index) => {
    const suffix = index === 0 ? "" : String(index + 1);
    const left = (index % columns) * (cell.width + gap.x);
    const bottom = 1 - cell.height - Math.floor(index / columns) * (cell.height + gap.y);
    axes[`xaxis${suffix}`] = {
      ...(figure.layout.xaxis as object),
      domain: [left, left + cell.width],
      anchor: `y${suffix}`,
      ...(sharedX && index > 0 ? { matches: "x" } : {}),
      ...(sharedX && index + columns < panels.length ? { title: undefined } : {}),
    };
    axes[`yaxis${suffix}`] = {
      ...(figure.layout.yaxis as object),
      domain: [Math.max(0, bottom), bottom + cell.height],
      anchor: `x${suffix}`,
      ...(sharedY && index > 0 ? { matches: "y" } : {}),
      ...(sharedY && index % columns > 0 ? { title: undefined } : {}),
    };
    annotations.push({
      text: `<b>${plain(panelTitle)}</b>`,
      x: left,
      y: bottom + cell.height,
      xref: "paper",
      yref: "paper",
      xanchor: "left",
      yanchor: "bottom",
      showarrow: false,
    });
    for (const trace of figure.data) {
      const name = trace.name ?? "";
      const first = !named.has(name) && trace.showlegend !== false;
      if (first) named.add(name);
      data.push({
        ...trace,
        xaxis: `x${suffix}`,
        yaxis: `y${suffix}`,
        legendgroup: trace.legendgroup ?? name,
        showlegend: first,
      });
    }
  });
  const free = rows * columns - panels.length;
  const last = panels.length % columns;
  // The legend takes the free cells of the last row where there are two or more, and leaves the panels the whole width.
  const inside = free >= 2 ? { x: last * (cell.width + gap.x), xanchor: "left", y: cell.height, yanchor: "top" } : {};
  // A legend beside the panels that is taller than they are would be cut off.
  const legend = free >= 2 ? 0 : LEGEND_LINE * named.size;
  const height = top + 56 + Math.max(rows * panelHeight, legend);
  const shown = panels.some(({ figure }) => figure.layout.showlegend !== false);
  return {
    data,
    layout: {
      ...base,
      ...axes,
      width,
      height,
      title,
      meta: headOf(options),
      annotations,
      showlegend: shown,
      legend: { ...(base.legend as object), ...inside },
      margin: { ...base.margin, t: top + 20 },
    },
  };
}
