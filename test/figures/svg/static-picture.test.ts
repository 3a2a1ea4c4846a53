import assert from "node:assert/strict";
import { test } from "node:test";
import { Resvg } from "@resvg/resvg-js";
import { JSDOM } from "jsdom";
import { drawSvg } from "#src/figures/svg/static-picture.js";
import { boxOf } from "#src/figures/svg/text-box.js";
import { textWidth } from "#src/figures/svg/text-width.js";
import { figures } from "../figures.js";

/** Bounding boxes of all text in a drawing, in the drawing's own pixels. */
function textBoxes(svg: string) {
  const { window } = new JSDOM(`<body>${svg}</body>`);
  return [...window.document.querySelectorAll("text")].map((text) => {
    let { left, top, right, bottom } = boxOf(text, true);
    for (let at = text.parentElement; at && at.tagName !== "BODY"; at = at.parentElement) {
      const shift = /^translate\(([-\d.]+),?\s*([-\d.]*)\)$/.exec(at.getAttribute("transform") ?? "");
      const [x, y] = shift ? [Number(shift[1]), Number(shift[2] || 0)] : [0, 0];
      [left, right, top, bottom] = [left + x, right + x, top + y, bottom + y];
    }
    return { text: text.textContent ?? "", left, top, right, bottom };
  });
}

for (const [kind, figure] of Object.entries(figures)) {
  test(`a ${kind} figure is drawn to equal bytes, on white paper, with no label cut off`, async () => {
    const svg = await drawSvg(figure);
    assert.equal(await drawSvg(figure), svg);
    const { width, height } = figure.layout;
    assert.match(svg, /^<svg[^>]*><rect x="0" y="0"[^>]*fill: rgb\(255, 255, 255\)/);
    const boxes = textBoxes(svg);
    assert.ok(boxes.length > 5, "axis labels are drawn");
    const cut = boxes.filter((box) => box.left < 0 || box.top < 0 || box.right > width || box.bottom > height);
    assert.deepEqual(cut, []);
    for (const trace of figure.data) {
      if (trace.showlegend === false || !trace.name || figure.layout.showlegend === false) continue;
      if (figure.data.length > 1) assert.ok(svg.includes(trace.name), `the legend names ${trace.name}`);
    }
  });
}

test("each heatmap cell is a rectangle of its own, and missing cells stay empty", async () => {
  const svg = await drawSvg(figures.heatmap);
  assert.ok(!svg.includes("<image"));
  const picture = /shape-rendering="crispEdges">(.*?)<\/svg>/s.exec(svg)?.[1] ?? "";
  assert.equal(picture.match(/<rect /g)?.length, 12); // 4 × 4 without the diagonal
});

test("the colours arrive at the pixels of a rendered picture", async () => {
  const svg = await drawSvg(figures.bar);
  const { pixels, width } = new Resvg(svg, { font: { loadSystemFonts: false } }).render();
  const seen = new Set<string>();
  for (let at = 0; at < pixels.length; at += 4) seen.add(pixels.subarray(at, at + 3).toString("hex"));
  assert.equal(width, 760);
  assert.ok(seen.has("0072b2"), "the first series is blue"); // palette[0]
});

test("widths of text grow with its size, its weight and its letters", () => {
  assert.equal(textWidth("", 12), 0);
  assert.equal(textWidth("00", 10), 2 * 6.36);
  assert.ok(textWidth("W", 12) > 3 * textWidth("i", 12));
  assert.ok(textWidth("bold", 12, true) > textWidth("bold", 12));
});
