import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { projectPath } from "#src/files/project.js";

const folder = mkdtempSync(path.join(tmpdir(), "signmix-export-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const browser = spawnSync(process.env.CHROME_PATH ?? "chromium", ["--version"]);
const noBrowser = browser.status === 0 ? false : "needs Chromium: install it, or name it in CHROME_PATH";

/** Whatever of this runs puts a letter into the page's title. */
const runs = (letter: string) => `document.title+='!${letter}'`;

const hostile = [
  `<script>${runs("script")}</script>`,
  `<img src=x onerror="${runs("onerror")}">`,
  `<svg onload="${runs("onload")}"></svg>`,
  `<svg><script>${runs("svg")}</script></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror="${runs("mutation")}">`,
  `<iframe srcdoc="<script>parent.${runs("iframe")}</script>"></iframe>`,
  `<a id="link" href="javascript:${runs("link")}">link</a>`,
  `<a href="&#106;avascript:${runs("entity")}">link</a>`,
  `<form action="javascript:${runs("form")}"><button id="send">send</button></form>`,
  `<meta http-equiv="refresh" content="0;url=data:text/html,gone">`,
  `<base href="https://signmix.invalid/">`,
  `<details open ontoggle="${runs("toggle")}">x</details>`,
  `<style>@import "https://signmix.invalid/x.css"; body { display: none }</style>`,
  `<object data="javascript:${runs("object")}"></object>`,
].join("\n");

/** Drawn by plotly, which understands some HTML in texts. */
const hostileFigure = {
  data: [
    {
      type: "scatter",
      x: [1, 2],
      y: [1, 2],
      mode: "text",
      text: [hostile, `<a href="javascript:${runs("plot")}">x</a>`],
    },
  ],
  layout: {
    title: { text: hostile },
    images: [{ source: "https://signmix.invalid/x.png", x: 0, y: 0, sizex: 1, sizey: 1 }],
    annotations: [{ text: `"></div><script>${runs("annotation")}</script>`, x: 1, y: 1 }],
  },
};

function hostileNotebook(): string {
  const display = (type: string) => ({ output_type: "display_data", metadata: {}, data: { [type]: hostile } });
  const outputs = [
    { output_type: "stream", name: `"><img src=x onerror="${runs("stream")}">`, text: hostile },
    { output_type: "error", ename: "E", evalue: hostile, traceback: [] },
    ...["text/html", "text/markdown", "text/plain", "image/svg+xml"].map(display),
    {
      output_type: "display_data",
      metadata: {},
      data: { "image/svg+xml": "<svg/>", "text/plain": "figure", "application/vnd.plotly.v1+json": hostileFigure },
    },
    {
      output_type: "display_data",
      metadata: {},
      data: { "image/svg+xml": "<svg/>", "text/plain": `"><script>${runs("alt")}</script>` },
    },
  ];
  const cells = [
    { cell_type: "markdown", id: "m", metadata: {}, source: `${hostile}\n\n[link](javascript:${runs("markdown")})` },
    { cell_type: "code", id: "c", metadata: {}, execution_count: 1, outputs, source: hostile },
  ];
  const metadata = { signmix: { title: `</title><script>${runs("title")}</script>` } };
  return JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 });
}

function exportHtml(...args: string[]) {
  return spawnSync(process.execPath, [projectPath("environment", "export-html.mjs"), ...args], { encoding: "utf8" });
}

const notebooks = path.join(folder, "notebooks");
const pages = path.join(folder, "pages");
mkdirSync(notebooks);
for (const name of ["hostile", `a"><img src=x onerror=document.title+='!name'>`]) {
  writeFileSync(path.join(notebooks, `${name}.ipynb`), hostileNotebook());
}

/** The scripts of a page with figures: two files beside it. */
const ownScripts = ['<script src="signmix-plotly.js" defer>', '<script src="signmix-figures.js" defer>'];

test("an exported page of a hostile notebook holds nothing that could run", () => {
  const { status, stderr } = exportHtml(notebooks, "--out", pages);
  assert.equal(status, 0, stderr);
  const files = readdirSync(pages).filter((name) => name.endsWith(".html"));
  assert.equal(files.length, 2);
  for (const file of files) {
    const page = readFileSync(path.join(pages, file), "utf8");
    assert.match(
      page,
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; [^"]*; script-src 'self'">/,
    );
    const [head, body] = page.split("</head>");
    assert.deepEqual(head.match(/<script[^>]*>/g), ownScripts);
    assert.doesNotMatch(body, /<script/i);
    assert.doesNotMatch(page, /<iframe|<object|<form|<base|<svg|href="javascript/i);
    const elements = page.replaceAll(/ data-figure="[^"]*"/g, ""); // text in quotes, which only JSON.parse reads
    assert.doesNotMatch(elements, /<[a-z][^>]*\son[a-z]+=/i);
  }
});

test("formulas become MathML, which needs no script", () => {
  const [from, to] = ["formulas", "formula-pages"].map((name) => path.join(folder, name));
  mkdirSync(from);
  const cells = [
    { cell_type: "markdown", metadata: {}, source: ["Let $\\delta_t$ be it:\n", "\n", "$$a = \\frac{b}{c}$$"] },
  ];
  writeFileSync(
    path.join(from, "formulas.ipynb"),
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
  );
  assert.equal(exportHtml(from, "--out", to).status, 0);
  const page = readFileSync(path.join(to, "formulas.html"), "utf8");
  assert.doesNotMatch(page, /<script|script-src/, "a page without figures runs nothing");
  assert.match(page, /<msub><mi>δ<\/mi><mi>t<\/mi><\/msub>/);
  assert.match(page, /<math[^>]*display="block"[\s\S]*<mfrac><mi>b<\/mi><mi>c<\/mi><\/mfrac>/);
});

interface Page {
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

test("a browser that opens the page runs no script of the notebook", {
  skip: noBrowser,
  timeout: 120_000,
}, async () => {
  const { openPage, waitFor } = await import(pathToFileURL(projectPath("environment", "chromium.mjs")).href);
  for (const file of readdirSync(pages).filter((name) => name.endsWith(".html"))) {
    const page: Page = await openPage(pathToFileURL(path.join(pages, file)).href, { width: 900, height: 900 });
    try {
      await sleep(1500);
      await page.evaluate(`document.querySelector("[data-figure]").scrollIntoView()`);
      await waitFor("The figure", 60, () =>
        page.evaluate(`document.querySelectorAll("[data-figure].drawn").length === 1`),
      );
      const links = `[...document.querySelectorAll(".plot a")].map((link) => link.href?.baseVal ?? link.href).join()`;
      assert.doesNotMatch((await page.evaluate(links)) as string, /javascript/);
      const clicks = `for (const link of document.querySelectorAll("a")) if (!link.href.includes?.(".html")) link.click?.()`;
      await page.evaluate(clicks);
      await sleep(500);
      const title = (await page.evaluate("document.title")) as string;
      assert.equal(title, `</title><script>${runs("title")}</script> · signmix`);
      const scripts = await page.evaluate(
        `document.body.appendChild(Object.assign(document.createElement("img"), { src: "x" })).setAttribute("onerror", "document.title = 'inline'")`,
      );
      assert.equal(scripts, undefined);
      await sleep(300);
      assert.equal(await page.evaluate("document.title"), title, "the policy lets inline handlers run");
      assert.ok(
        await page.evaluate("document.body.innerText.includes('document.title')"),
        "the source is shown as text",
      );
    } finally {
      await page.close();
    }
  }
});

test("the project's notebooks make a site: contents, scorecard and gallery, and every link leads to one of its pages", () => {
  const site = path.join(folder, "site");
  const { status, stderr } = exportHtml("--out", site);
  assert.equal(status, 0, stderr);
  const written = readdirSync(site);
  assert.deepEqual(
    written.filter((name) => name.endsWith(".js")),
    ["signmix-figures.js", "signmix-plotly.js"],
  );
  const tour = readFileSync(path.join(site, "00-tour.html"), "utf8");
  const figures = [...tour.matchAll(/data-figure="([^"]*)"><img src="data:image\/svg/g)];
  assert.equal(figures.length, 4, "each of the tour's figures stands beside its picture");
  assert.deepEqual(Object.keys(JSON.parse(figures[2][1].replaceAll("&quot;", '"'))), ["data", "layout"]);
  const files = written.filter((name) => name.endsWith(".html"));
  for (const name of ["index.html", "scorecard.html", "gallery.html", "00-tour.html"]) assert.ok(files.includes(name));
  const reached = new Set<string>();
  for (const file of files) {
    const page = readFileSync(path.join(site, file), "utf8");
    for (const [, target] of page.matchAll(/<a [^>]*href="([^"]*)"/g)) {
      if (/^https?:/.test(target)) continue;
      assert.ok(files.includes(decodeURIComponent(target)), `${file} leads to ${target}`);
      reached.add(target);
    }
    for (const [, source] of page.matchAll(/<img [^>]*src="([^"]{0,12})/g)) assert.equal(source, "data:image/s", file);
  }
  assert.deepEqual([...reached].sort(), files.sort(), "every page can be reached");
});

test("pages of others are not written over", () => {
  const page = path.join(pages, "hostile.html");
  writeFileSync(page, "mine");
  const refused = exportHtml(notebooks, "--out", pages);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /hostile\.html is not a page that this command made/);
  assert.equal(readFileSync(page, "utf8"), "mine");
  assert.equal(exportHtml(notebooks, "--out", pages, "--force").status, 0);
  assert.notEqual(readFileSync(page, "utf8"), "mine");
  assert.equal(exportHtml(notebooks, "--out", pages).status, 0, "its own pages are written anew");
});
