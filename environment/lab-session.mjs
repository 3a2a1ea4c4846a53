// JupyterLab in headless Chromium, for the checks that drive it: lab-check.mjs and kernel-check.mjs.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openPage, waitFor } from "./chromium.mjs";
import { findLab, labEnvironment } from "./lab.mjs";
import { Problem } from "./problem.mjs";

const size = { width: 1280, height: 1400 }; // pixels
const limit = 600; // seconds for all cells

export const count = (selector) => `document.querySelectorAll(${JSON.stringify(selector)}).length`;
export const codeCells = ".jp-Notebook .jp-CodeCell";
// The status bar's word: earlier signs of an idle kernel come before the notebook is connected with it.
export const idle = `document.querySelector(".jp-StatusBar-Widget")?.innerText.includes("| Idle")`;

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

/** Runs all cells by the menu, and waits until the last has its number. */
export async function runAllCells(page) {
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

/** Opens a notebook in JupyterLab; everything that was started ends, and all that was written goes, when `use` is done. */
export async function withLab(notebook, use) {
  const found = findLab();
  if (!found) throw new Problem("JupyterLab is not installed: pip install jupyterlab plotly.");
  const home = mkdtempSync(path.join(tmpdir(), "signmix-lab-"));
  let lab;
  let page;
  try {
    console.error("starting JupyterLab …");
    lab = await startLab(found, path.dirname(notebook), home);
    await lab.ready();
    page = await openPage(`${lab.url}/lab/tree/${path.basename(notebook)}`, size);
    return await use(page);
  } finally {
    await page?.close();
    await lab?.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
