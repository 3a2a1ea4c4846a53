import { textWidth } from "./text-width.js";

/** A rectangle in pixels, in the form of the DOM's bounding boxes. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** As much of a DOM element as is read here (jsdom's, or a browser's). */
export interface SvgElement {
  readonly tagName: string;
  readonly textContent: string | null;
  readonly parentElement: SvgElement | null;
  readonly children: Iterable<SvgElement>;
  readonly childNodes: Iterable<unknown>;
  readonly style?: { getPropertyValue(name: string): string };
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<SvgElement>;
}

interface Corners {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const ascent = 0.93; // of the font size, above the baseline
const descent = 0.24;
const lineHeight = 1.3; // plotly's distance of baselines

function toBox(corners: Corners | undefined): Box {
  const { left, top, right, bottom } = corners ?? { left: 0, top: 0, right: 0, bottom: 0 };
  return { x: left, y: top, width: right - left, height: bottom - top, left, top, right, bottom };
}

function union(all: (Corners | undefined)[]): Corners | undefined {
  const boxes = all.filter((box): box is Corners => box !== undefined);
  if (boxes.length === 0) return undefined;
  return {
    left: Math.min(...boxes.map((box) => box.left)),
    top: Math.min(...boxes.map((box) => box.top)),
    right: Math.max(...boxes.map((box) => box.right)),
    bottom: Math.max(...boxes.map((box) => box.bottom)),
  };
}

/** A style property, looked for on the element and then on those around it. */
function inherited(element: SvgElement, property: "font-size" | "font-weight" | "text-anchor"): string {
  for (let at: SvgElement | null = element; at; at = at.parentElement) {
    const value = at.style?.getPropertyValue(property) || at.getAttribute(property);
    if (value) return value;
  }
  return "";
}

function isBold(weight: string): boolean {
  return weight === "bold" || Number(weight) >= 600;
}

/** Width of an element's text, each run in its own size and weight. */
function runWidth(element: SvgElement): number {
  const size = Number.parseFloat(inherited(element, "font-size")) || 12;
  const bold = isBold(inherited(element, "font-weight"));
  let sum = 0;
  for (const child of element.childNodes) {
    if (isElement(child)) sum += runWidth(child);
    else sum += textWidth((child as { textContent: string | null }).textContent ?? "", size, bold);
  }
  return sum;
}

function isElement(node: unknown): node is SvgElement {
  return (node as { nodeType: number }).nodeType === 1;
}

function textCorners(text: SvgElement): Corners {
  const size = Number.parseFloat(inherited(text, "font-size")) || 12;
  const lines = [...text.querySelectorAll("tspan.line")];
  const width = Math.max(...(lines.length > 0 ? lines : [text]).map(runWidth));
  const x = Number(text.getAttribute("x") ?? 0);
  const y = Number(text.getAttribute("y") ?? 0);
  const anchor = inherited(text, "text-anchor");
  const left = anchor === "middle" ? x - width / 2 : anchor === "end" ? x - width : x;
  const bottom = y + descent * size + Math.max(0, lines.length - 1) * lineHeight * size;
  return { left, top: y - ascent * size, right: left + width, bottom };
}

/** Applies an SVG transform list of translations, rotations and scales. */
function transformed(box: Corners, transform: string): Corners {
  let corners = [
    [box.left, box.top],
    [box.right, box.top],
    [box.left, box.bottom],
    [box.right, box.bottom],
  ];
  const steps = [...transform.matchAll(/(translate|rotate|scale)\(([^)]*)\)/g)].reverse();
  for (const [, kind, list] of steps) {
    const [a = 0, b, c = 0] = list.split(/[\s,]+/).map(Number);
    if (kind === "translate") corners = corners.map(([x, y]) => [x + a, y + (b ?? 0)]);
    else if (kind === "scale") corners = corners.map(([x, y]) => [x * a, y * (b ?? a)]);
    else {
      const angle = (a * Math.PI) / 180;
      const [cos, sin, centre] = [Math.cos(angle), Math.sin(angle), b ?? 0];
      corners = corners.map(([x, y]) => [
        centre + (x - centre) * cos - (y - c) * sin,
        c + (x - centre) * sin + (y - c) * cos,
      ]);
    }
  }
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

function corners(element: SvgElement, withTransform: boolean): Corners | undefined {
  let box: Corners | undefined;
  if (element.tagName === "text") box = element.textContent ? textCorners(element) : undefined;
  else if (element.tagName === "rect") {
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(element.getAttribute(name) ?? 0));
    box = { left: x, top: y, right: x + width, bottom: y + height };
  } else if (element.tagName === "g" || element.tagName === "svg") {
    box = union([...element.children].map((child) => corners(child, true)));
  } else if (element.tagName === "tspan") {
    const size = Number.parseFloat(inherited(element, "font-size")) || 12;
    box = { left: 0, top: -ascent * size, right: runWidth(element), bottom: descent * size };
  }
  const transform = element.getAttribute("transform");
  return box && withTransform && transform ? transformed(box, transform) : box;
}

/**
 * Bounding box of an SVG text, rectangle or group of them; other shapes count as empty (plotly asks only for labels).
 * @param withTransform whether the element's own transform is applied (as getBoundingClientRect does, and getBBox does not)
 */
export function boxOf(element: SvgElement, withTransform: boolean): Box {
  return toBox(corners(element, withTransform));
}
