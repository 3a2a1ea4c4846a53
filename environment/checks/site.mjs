// node environment/checks/site.mjs: the site of `npm run export-html` in headless Chromium. No page may be wider than a phone, a
// tablet or a laptop; what axe-core finds (contrast, names of pictures, order of headings, …) is told, in light and dark. Every figure
// must answer to the mouse, and the tour's slider must move its marks; without scripts the pictures must be there.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root } from "../build.mjs";
import { runNode } from "../child.mjs";
import { openPage, waitFor } from "../chromium.mjs";
import { Problem, runMain } from "../problem.mjs";
import { placeOf, trySlider } from "../try-slider.mjs";

const help = `node environment/checks/site.mjs [options]

  --only TEXT         looks at pages alone whose name holds it
  --pictures FOLDER   keeps a picture of the top of each page, by width and scheme

It needs Chromium, or CHROME_PATH.`;

const widths = [390, 900, 1280]; // a phone, a tablet, a laptop
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds wrong on an open page: rule and first place. */
async function faultsOf(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(`axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "best-practice"] })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + " at " + nodes.length + ": " + nodes[0].html.slice(0, 160)))`);
  return found ?? ["axe-core gave no answer"];
}

/** Scrolls through a page until every figure is drawn over its picture; how many are not. */
async function undrawn(page) {
  const left = `document.querySelectorAll("[data-figure]:not(.drawn)")`;
  await waitFor("The figures", 60, async () => {
    await page.evaluate(`${left}[0]?.scrollIntoView({ block: "center" })`);
    return (await page.evaluate(`${left}.length`)) === 0;
  }).catch(() => {});
  return page.evaluate(`${left}.length`);
}

/** Tries the mouse on the figures of the tour: a point says its value, and the slider moves its marks. */
async function handFaults(page) {
  const faults = [];
  const slid = await trySlider(page, ".plot");
  if (!slid) throw new Problem("No figure of the page has a slider.");
  if (!/^\d+%,\d+%$/.test(slid.before) || slid.before === slid.after) faults.push("the slider does not move its marks");
  const point = await placeOf(page, `document.querySelector(".plot .points path")`);
  if (!point) throw new Problem("No figure of the page has a point.");
  await page.click(...point);
  await sleep(1000);
  const told = `[...document.querySelectorAll(".hovertext")].map((one) => one.textContent).join()`;
  if (!/\d%/.test(await page.evaluate(told))) faults.push("a point under the mouse says nothing");
  return faults;
}

/** What is wrong with a page where no script may run: a picture that is not there. */
async function stillFaults(url) {
  const page = await openPage(url, { width: widths[1], height: 900, scripts: false });
  try {
    await sleep(1500);
    // a disabled page answers the debugger all the same
    const broken = `[...document.images].filter((one) => !one.complete || one.naturalWidth === 0).length`;
    const drawn = `document.querySelectorAll(".plot").length`;
    const [lost, live] = [await page.evaluate(broken), await page.evaluate(drawn)];
    return lost === 0 && live === 0 ? [] : [`without scripts ${lost} pictures are missing and ${live} figures drawn`];
  } finally {
    await page.close();
  }
}

runMain(async () => {
  const options = {
    only: { type: "string", default: "" },
    pictures: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  };
  const { values } = parseArgs({ options });
  if (values.help) return void console.log(help);
  const folder = mkdtempSync(path.join(tmpdir(), "signmix-site-"));
  const faults = [];
  try {
    const exported = path.join(folder, "site");
    const { code } = await runNode([path.join(root, "environment", "export-html.mjs"), "--out", exported], {
      cwd: root,
    });
    if (code !== 0) throw new Problem("The site could not be exported, see above.");
    const pages = readdirSync(exported).filter((name) => name.endsWith(".html") && name.includes(values.only));
    for (const name of pages) {
      for (const [width, scheme] of [...widths.map((each) => [each, "light"]), [widths[1], "dark"]]) {
        const page = await openPage(pathToFileURL(path.join(exported, name)).href, { width, height: 900, scheme });
        try {
          await waitFor(name, 30, () => page.evaluate('document.readyState === "complete"'));
          const wide = await page.evaluate("document.documentElement.scrollWidth");
          if (wide > width) faults.push(`${name} at ${width}: ${wide} pixels wide`);
          const missing = await undrawn(page);
          if (missing > 0) faults.push(`${name} at ${width}: ${missing} figures are pictures alone`);
          if (name.startsWith("00-"))
            faults.push(...(await handFaults(page)).map((one) => `${name} at ${width}: ${one}`));
          if (width === widths[1]) faults.push(...(await faultsOf(page)).map((one) => `${name}, ${scheme}: ${one}`));
          if (values.pictures)
            writeFileSync(path.join(values.pictures, `${name}-${width}-${scheme}.png`), await page.picture());
        } finally {
          await page.close();
        }
      }
      faults.push(
        ...(await stillFaults(pathToFileURL(path.join(exported, name)).href)).map((one) => `${name}: ${one}`),
      );
      console.error(`${name}: looked at`);
    }
    console.log(
      faults.length > 0
        ? faults.join("\n")
        : `${pages.length} pages: nothing wider than its window, nothing that axe-core finds, every figure answers to the mouse.`,
    );
    return faults.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
