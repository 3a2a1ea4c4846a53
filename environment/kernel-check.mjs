// Tries the kernel in JupyterLab, in headless Chromium: results, an error, a figure, completion by Tab, the tooltip of
// Shift-Tab, an interrupt and a run of all cells. Each step is checked, and leaves a picture to look at.
//   node environment/kernel-check.mjs [FOLDER]     needs JupyterLab and Chromium (or CHROME_PATH)
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./build.mjs";
import { waitFor } from "./chromium.mjs";
import { codeCells, count, idle, runAllCells, withLab } from "./lab-session.mjs";
import { Problem, runMain } from "./problem.mjs";
import { setUp } from "./setup.mjs";

/** Source and tags of each cell; the last is typed into. */
const cells = [
  ["const palette = { red: 1, green: 2, blue: 3 };\npalette"],
  ['import { table } from "arquero";\ntable({ word: ["<b>", "good"], count: [3, 12.5] })'],
  [
    'import * as sm from "signmix";\n' +
      'const kept = { name: "kept", categories: ["a", "b"], values: [0.4, 0.9] };\n' +
      'sm.figures.barFigure([kept], { title: "A figure shows itself", x: "domain", y: "share" })',
  ],
  ['function check(x: number): number {\n  if (x > 1) throw new RangeError("too much");\n  return x;\n}'],
  ['try {\n  check(2);\n} catch (error) {\n  throw new Error("outer", { cause: error });\n}', ["raises-exception"]],
  ["const words: string = 3;\nMath.flor(2);", ["raises-exception"]],
  ['for (let n = 0; n < 600; n++) console.log("line " + n);'],
  ["await Promise.resolve('the end')"],
  ["// typed into"],
];

function writeNotebook(file) {
  const stored = cells.map(([source, tags = []], at) => {
    return { cell_type: "code", id: `c${at}`, source, metadata: { tags }, outputs: [], execution_count: null };
  });
  const kernelspec = { name: "tslab", display_name: "TypeScript", language: "typescript" };
  writeFileSync(file, JSON.stringify({ cells: stored, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));
}

const cell = (at) => `[...document.querySelectorAll("${codeCells}")].at(${at})`;
const output = (at) => `${cell(at)}.querySelector(".jp-OutputArea")?.innerText ?? ""`;

async function check(page, pictures) {
  let step = 0;
  const picture = async (name) => {
    await sleep(800);
    writeFileSync(path.join(pictures, `${String(++step).padStart(2, "0")}-${name}.png`), await page.picture());
    console.log(`ok: ${name}`);
  };
  const says = (what, at, pattern) =>
    waitFor(what, 30, async () => pattern.test(await page.evaluate(output(at)))).then(() => {});
  /** Puts a text into the last cell in place of what it holds. */
  const write = async (text) => {
    await page.evaluate(`${cell(-1)}.scrollIntoView({ block: "center" })`);
    const [x, y] = await page.evaluate(
      `(() => { const box = ${cell(-1)}.querySelector(".cm-content").getBoundingClientRect(); return [box.x + 20, box.y + 8]; })()`,
    );
    await page.click(x, y);
    await page.press("a", { ctrl: true });
    await page.press("Backspace");
    await page.type(text);
  };

  await runAllCells(page);
  await says("The result", 0, /\{ red: 1, green: 2, blue: 3 \}/);
  await says("The table", 1, /word\s+count\s+<b>\s+3/);
  await waitFor("The figure", 30, () =>
    page.evaluate(`${cell(2)}.querySelector(".js-plotly-plot, svg, img") !== null`),
  );
  await page.evaluate(`${cell(0)}.scrollIntoView()`);
  await picture("results");
  await says(
    "The error",
    4,
    /Error: outer[\s\S]*cell 5:4:9[\s\S]*caused by RangeError: too much[\s\S]*cell 4:2:20 in check/,
  );
  await says("The type error", 5, /TS2322[\s\S]*TS2551.*Did you mean 'floor'/);
  await says("All prints", 6, /line 599/);
  await says("The end", 7, /'the end'/);
  await page.evaluate(`${cell(4)}.scrollIntoView()`);
  await picture("errors");

  await write("palette.");
  await page.press("Tab");
  const offered = `[...document.querySelectorAll(".jp-Completer .jp-Completer-item")].map((one) => one.innerText)`;
  await waitFor("The completion", 30, async () =>
    (await page.evaluate(offered))?.some((text) => text.includes("green")),
  );
  await picture("completion");
  await page.press("Escape");

  await write("Math.hypot(");
  await page.press("Tab", { shift: true });
  const tooltip = `document.querySelector(".jp-Tooltip")?.innerText ?? ""`;
  await waitFor("The tooltip", 30, async () => /hypot[\s\S]*square root/i.test(await page.evaluate(tooltip)));
  await picture("tooltip");
  await page.press("Escape");

  await write("while (true) {}");
  await page.press("Enter", { shift: true });
  await waitFor("The busy kernel", 30, () => page.evaluate(`!(${idle})`));
  await sleep(1000);
  await picture("busy");
  const interrupt = `document.querySelector('[data-command="notebook:interrupt-kernel"], [data-jp-item-name="interrupt"] button, [data-jp-item-name="interrupt"]')?.getBoundingClientRect()`;
  const [x, y] = await waitFor("The button", 10, () =>
    page.evaluate(
      `(() => { const box = ${interrupt}; return box && [box.x + box.width / 2, box.y + box.height / 2]; })()`,
    ),
  );
  await page.click(x, y);
  await says("The interruption", 8, /Interrupted: the cell was interrupted/);
  await waitFor("The idle kernel", 30, () => page.evaluate(idle));
  await picture("interrupted");

  await write("palette.red + 41");
  await page.press("Enter", { shift: true });
  await says("What was kept", -2, /42/);
  await picture("kept");
  return page.evaluate(count(codeCells));
}

runMain(async () => {
  await setUp();
  const pictures = path.resolve(process.argv[2] ?? path.join(root, ".cache", "kernel-check"));
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  // Outside of the project: a notebook anywhere imports from the installation.
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-kernel-check-"));
  const file = path.join(folder, "check.ipynb");
  writeNotebook(file);
  try {
    await withLab(file, async (page) => {
      try {
        await check(page, pictures);
      } catch (error) {
        writeFileSync(path.join(pictures, "failed.png"), await page.picture());
        throw error instanceof Problem ? error : new Problem(error.message);
      }
    });
    console.log(`All steps passed; pictures: ${pictures}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
