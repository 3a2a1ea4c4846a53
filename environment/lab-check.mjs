// Tries JupyterLab for real: opens a notebook in headless Chromium, runs all its cells, takes pictures to look at.
// At the smoke profile, whatever the notebook's own: the check is of JupyterLab, and adds nothing to the committed results.
//   node environment/lab-check.mjs [NOTEBOOK] [FOLDER]     needs JupyterLab and Chromium (or CHROME_PATH)
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./build.mjs";
import { count, runAllCells, withLab } from "./lab-session.mjs";
import { Problem, runMain } from "./problem.mjs";
import { setUp } from "./setup.mjs";
import { trySlider } from "./try-slider.mjs";

const mostScreens = 20;

/** Scrolls through the notebook; writes a picture of each screen. */
async function takePictures(page, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const view = `document.querySelector(".jp-NotebookPanel .jp-WindowedPanel-outer")`;
  const { whole, step } = await page.evaluate(`({ whole: ${view}.scrollHeight, step: ${view}.clientHeight - 60 })`);
  for (let at = 0; at * step < whole && at < mostScreens; at++) {
    await page.evaluate(`${view}.scrollTop = ${at * step}`);
    await sleep(1000); // figures are laid out
    writeFileSync(path.join(folder, `${String(at + 1).padStart(2, "0")}.png`), await page.picture());
  }
}

runMain(async () => {
  await setUp();
  const notebook = path.resolve(process.argv[2] ?? path.join(root, "notebooks", "00-tour.ipynb"));
  const pictures = path.resolve(process.argv[3] ?? path.join(root, ".cache", "lab-check"));
  // A copy beside the original, so that its imports hold and the original stays as it is.
  const copy = path.join(path.dirname(notebook), `lab-check-${process.pid}.ipynb`);
  writeFileSync(
    copy,
    readFileSync(notebook, "utf8").replace(/const profile = \\"\w+\\"/, 'const profile = \\"smoke\\"'),
  );
  try {
    await withLab(copy, async (page) => {
      try {
        await runAllCells(page);
      } finally {
        console.error("taking pictures …");
        await takePictures(page, pictures);
      }
      const tables = await page.evaluate(count(".jp-OutputArea-output table"));
      const live = await page.evaluate(count(".jp-Notebook .js-plotly-plot"));
      const still = await page.evaluate(count(".jp-RenderedSVG img, .jp-RenderedSVG svg"));
      const slid = await trySlider(page, ".js-plotly-plot");
      if (slid) console.log(`slider: ${slid.before} became ${slid.after}`);
      const errors = await page.evaluate(
        count('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"], .jp-RenderedError'),
      );
      console.log(
        `${tables} tables, ${live} interactive figures, ${still} still figures, ${errors} errors: ${pictures}`,
      );
      if (slid && slid.before === slid.after)
        throw new Problem("The slider was moved, and the marks of its figure were not.");
      if (tables === 0 || live + still === 0 || errors > 0) {
        throw new Problem("A table or a figure is missing, or a cell wrote an error: look at the pictures.");
      }
    });
  } finally {
    rmSync(copy, { force: true });
  }
});
