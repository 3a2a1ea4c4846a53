import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createRandom } from "../../engine/random.js";
import type { Figure } from "../figure.js";
import { canvasContext, pictureOfCanvas, unpackPictures } from "./canvas.js";
import { boxOf, type SvgElement } from "./text-box.js";

/*
 * Plotly draws into a document; jsdom is one without a browser. jsdom knows no fonts and no canvas, so both are put in:
 * text is measured from a table (text-box.ts), and heatmaps are painted as rectangles (picture-canvas.ts).
 */

interface Plotly {
  toImage(figure: Figure, options: object): Promise<string>;
}

interface DrawingBoard {
  plotly: Plotly;
  setRandom(random: () => number): void;
}

let board: Promise<DrawingBoard> | undefined;

async function openBoard(): Promise<DrawingBoard> {
  const { JSDOM } = await import("jsdom");
  const { window } = new JSDOM("<!doctype html><body></body>", { runScripts: "outside-only" });
  // Functions that jsdom leaves out and plotly calls.
  Object.assign(window.URL, { createObjectURL: () => "blob:none", revokeObjectURL: () => {} });
  Object.assign(window, { matchMedia: () => ({ matches: false }) });
  Object.assign(window.HTMLCanvasElement.prototype, { getContext: canvasContext, toDataURL: pictureOfCanvas });
  const measure = {
    getBBox(this: SvgElement) {
      return boxOf(this, false);
    },
    getBoundingClientRect(this: SvgElement) {
      return boxOf(this, true);
    },
    getTotalLength: () => 0,
    getPointAtLength: () => ({ x: 0, y: 0 }),
  };
  Object.assign(window.SVGElement.prototype, measure);
  const source = createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min");
  window.eval(readFileSync(source, "utf8"));
  const inside = window as unknown as { Plotly: Plotly; Math: Math };
  return {
    plotly: inside.Plotly,
    setRandom(random) {
      inside.Math.random = random;
    },
  };
}

let turn: Promise<unknown> = Promise.resolve();

/**
 * Draws a figure as SVG text, without a browser: scatter, line, bar, box, violin and heatmap traces. Equal figures give
 * equal bytes; the first call loads plotly (about a second).
 * @throws if plotly refuses the figure
 */
export function drawSvg(figure: Figure): Promise<string> {
  // One at a time: figures share the document and its random numbers.
  const drawing = turn.then(() => drawAlone(figure));
  turn = drawing.catch(() => {});
  return drawing;
}

async function drawAlone(figure: Figure): Promise<string> {
  board ??= openBoard();
  const { plotly, setRandom } = await board;
  const json = JSON.stringify(figure);
  // Plotly names clip paths at random; names from the content keep them equal from run to run, and apart on one page.
  setRandom(createRandom(json).uniform);
  const { width, height } = figure.layout;
  const svg = await plotly.toImage(JSON.parse(json), { format: "svg", imageDataOnly: true, width, height });
  return unpackPictures(svg);
}
