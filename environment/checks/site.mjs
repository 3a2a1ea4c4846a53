// node environment/checks/site.mjs: the site of `npm run export-html` in headless Chromium. No page may be wider than a phone, a
// tablet or a laptop; what axe-core finds (contrast, names of pictures, order of headings, …) is told, in light and dark.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root } from "../build.mjs";
import { runNode } from "../child.mjs";
import { openPage, waitFor } from "../chromium.mjs";
import { Problem, runMain } from "../problem.mjs";

const help = `node environment/checks/site.mjs [options]

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

runMain(async () => {
  const options = { pictures: { type: "string" }, help: { type: "boolean", short: "h", default: false } };
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
    const pages = readdirSync(exported).filter((name) => name.endsWith(".html"));
    for (const name of pages) {
      for (const [width, scheme] of [...widths.map((each) => [each, "light"]), [widths[1], "dark"]]) {
        const page = await openPage(pathToFileURL(path.join(exported, name)).href, { width, height: 900, scheme });
        try {
          await waitFor(name, 30, () => page.evaluate('document.readyState === "complete"'));
          const wide = await page.evaluate("document.documentElement.scrollWidth");
          if (wide > width) faults.push(`${name} at ${width}: ${wide} pixels wide`);
          if (width === widths[1]) faults.push(...(await faultsOf(page)).map((one) => `${name}, ${scheme}: ${one}`));
          if (values.pictures)
            writeFileSync(path.join(values.pictures, `${name}-${width}-${scheme}.png`), await page.picture());
        } finally {
          await page.close();
        }
      }
      console.error(`${name}: looked at`);
    }
    console.log(
      faults.length > 0
        ? faults.join("\n")
        : `${pages.length} pages: nothing wider than its window, and nothing that axe-core finds.`,
    );
    return faults.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
