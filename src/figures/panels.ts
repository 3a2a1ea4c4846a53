import type { Figure } from "./figure.js";
import { gridFigure } from "./grid.js";

/**
 * One panel alone as it is; several in a grid whose vertical axes are alike, all side by side unless told otherwise.
 * @param subtitle of the grid
 */
export function panelsOf(
  panels: { title: string; figure: Figure }[],
  title: string,
  columns = panels.length,
  subtitle?: string,
): Figure {
  if (panels.length === 1) return panels[0].figure;
  const panelHeight = columns === 1 ? 220 : 320;
  return gridFigure(panels, { title, subtitle, columns, width: 1080, panelHeight, sharedY: true });
}
