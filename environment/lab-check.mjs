// Tries JupyterLab for real: opens a notebook in headless Chromium, runs all its cells, takes pictures to look at.
// At the smoke profile, whatever the notebook's own: the check is of JupyterLab, and adds nothing to the committed results.
//   node environment/lab-check.mjs [NOTEBOOK] [FOLDER]     needs JupyterLab and Chromium (or CHROME_PATH)
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./build.mjs";
import { openPage, waitFor } from "./chromium.mjs";
import { findLab, labEnvironment } from "./lab.mjs";
import { Problem, runMain } from "./problem.mjs";
import { setUp } from "./setup.mjs";

const size = { width: 1280, height: 1400 }; // pixels
const mostScreens = 20;
const limit = 600; // seconds for all cells

const count = (selector) => `document.querySelectorAll(${JSON.stringify(selector)}).length`;
const codeCells = ".jp-Notebook .jp-CodeCell";
// The status bar's word: earlier signs of an idle kernel come before the notebook is connected with it.
const idle = `document.querySelector(".jp-StatusBar-Widget")?.innerText.includes("| Idle")`;

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts JupyterLab with settings of its own: no news, and all cells drawn, not only those in view. */
async function startLab([command, ...first], folder, home) {
  const settings = {
    "notebook-extension/tracker": { windowingMode: "none" },
    "apputils-extension/notification": { fetchNews: "false", checkForUpdates: false },
  };
  for (const [name, values] of Object.entries(settings)) {
    const file = path.join(home, "settings", "@jupyterlab", `${name}.jupyterlab-settings`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(values));
  }
  const own = { JUPYTER_CONFIG_DIR: home, JUPYTERLAB_WORKSPACES_DIR: path.join(home, "workspaces") };
  const env = { ...process.env, ...labEnvironment(), ...own, JUPYTERLAB_SETTINGS_DIR: path.join(home, "settings") };
  const port = await freePort();
  const where = [`--notebook-dir=${folder}`, `--port=${port}`, "--ServerApp.ip=127.0.0.1", "--no-browser"];
  const checkpoints = `--FileCheckpoints.checkpoint_dir=${path.join(home, "checkpoints")}`;
  const open = ["--allow-root", "--IdentityProvider.token=", "--ServerApp.password=", checkpoints];
  const lab = spawn(command, [...first, ...where, ...open], { env, stdio: "ignore" });
  const gone = new Promise((resolve) => lab.once("close", resolve));
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    ready: () => waitFor("JupyterLab", 90, () => fetch(`${url}/api`)),
    async stop() {
      lab.kill("SIGTERM");
      await Promise.race([gone, sleep(15_000)]);
    },
  };
}

async function runAllCells(page) {
  console.error("opening the notebook …");
  await waitFor("The notebook", 90, () => page.evaluate(count(codeCells)));
  await waitFor("The kernel", 90, () => page.evaluate(idle));
  const item = (label) =>
    `[...document.querySelectorAll(".lm-MenuBar-itemLabel, .lm-Menu-itemLabel")]` +
    `.find((one) => one.textContent === ${JSON.stringify(label)})?.getBoundingClientRect()`;
  for (const label of ["Run", "Run All Cells"]) {
    const place = `(() => { const box = ${item(label)}; return box && [box.x + 5, box.y + 5]; })()`;
    const [x, y] = await waitFor(`The menu ${label}`, 20, () => page.evaluate(place));
    await page.click(x, y);
  }
  console.error("running all cells …");
  const prompts = `[...document.querySelectorAll("${codeCells} .jp-InputPrompt")].map((one) => one.textContent)`;
  await waitFor("The end of the last cell", limit, async () => {
    const running = await page.evaluate(`(${prompts}).some((text) => !/\\d/.test(text)) || !${idle}`);
    return !running;
  });
}

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
  const found = findLab();
  if (!found) throw new Problem("JupyterLab is not installed: pip install jupyterlab plotly.");
  const notebook = path.resolve(process.argv[2] ?? path.join(root, "notebooks", "00-tour.ipynb"));
  const pictures = path.resolve(process.argv[3] ?? path.join(root, ".cache", "lab-check"));
  const home = mkdtempSync(path.join(tmpdir(), "signmix-lab-"));
  // A copy beside the original, so that its imports hold and the original stays as it is.
  const copy = path.join(path.dirname(notebook), `lab-check-${process.pid}.ipynb`);
  writeFileSync(
    copy,
    readFileSync(notebook, "utf8").replace(/const profile = \\"\w+\\"/, 'const profile = \\"smoke\\"'),
  );
  let lab;
  let page;
  try {
    console.error("starting JupyterLab …");
    lab = await startLab(found, path.dirname(notebook), home);
    await lab.ready();
    page = await openPage(`${lab.url}/lab/tree/${path.basename(copy)}`, size);
    try {
      await runAllCells(page);
    } finally {
      console.error("taking pictures …");
      await takePictures(page, pictures);
    }
    const tables = await page.evaluate(count(".jp-OutputArea-output table"));
    const live = await page.evaluate(count(".jp-Notebook .js-plotly-plot"));
    const still = await page.evaluate(count(".jp-RenderedSVG img, .jp-RenderedSVG svg"));
    const errors = await page.evaluate(
      count('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"], .jp-RenderedError'),
    );
    console.log(`${tables} tables, ${live} interactive figures, ${still} still figures, ${errors} errors: ${pictures}`);
    if (tables === 0 || live + still === 0 || errors > 0) {
      throw new Problem("A table or a figure is missing, or a cell wrote an error: look at the pictures.");
    }
  } finally {
    await page?.close();
    await lab?.stop();
    rmSync(copy, { force: true });
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
});
