// Moves a slider of a plotly figure by hand, in a page of Chromium: for the check of JupyterLab, and for that of the exported site.
import { setTimeout as sleep } from "node:timers/promises";

/** The middle of what a script finds, or another share of its width; it is scrolled into view first. undefined where there is none. */
export async function placeOf(page, element, share = 0.5) {
  await page.evaluate(`${element}?.scrollIntoView({ block: "center" })`);
  await sleep(500);
  return page.evaluate(
    `(() => { const b = ${element}?.getBoundingClientRect(); return b && [b.x + ${share} * b.width, b.y + b.height / 2]; })()`,
  );
}

/**
 * Puts the first slider elsewhere.
 * @param figures CSS selector of the figures among which it is
 * @returns what the marks of its figure said before and after; undefined where no figure has a slider
 */
export async function trySlider(page, figures) {
  const plot = `[...document.querySelectorAll("${figures}")].find((one) => one.querySelector(".slider-container"))`;
  const place = await placeOf(page, `${plot}?.querySelector(".slider-rail-touch-rect")`, 0.8);
  if (!place) return undefined;
  const marks = () =>
    page.evaluate(`[...${plot}.querySelectorAll(".textpoint text")].map((one) => one.textContent).join()`);
  const before = await marks();
  await page.click(...place);
  await sleep(1000);
  return { before, after: await marks() };
}
