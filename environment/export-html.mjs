// npm run export-html: executed notebooks as pages for a browser and nothing else, with pictures of their figures, over which plotly
// lays figures that answer to the mouse. The project's own notebooks make a site: contents, scorecard and gallery beside them.
//   npm run export-html -- [FOLDER OF NOTEBOOKS] [--out FOLDER] [--pictures] [--force]     --pictures: screenshots, light and dark; needs Chromium
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import createPurifier from "dompurify";
import { JSDOM } from "jsdom";
import { marked } from "marked";
import markedKatex from "marked-katex-extension";
import { buildSource, root } from "./build.mjs";
import { openPage } from "./chromium.mjs";
import { Problem, runMain } from "./problem.mjs";

const style = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1f2328; --faint: #59636e; --line: #d1d9e0; --code: #f6f8fa; --link: #0b5cad; --bad: #a40e26; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171c; --ink: #e2e6ea; --faint: #9aa4af; --line: #363d46; --code: #1d2229; --link: #7db7ff; --bad: #ff8a8a; }
}
body { background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; margin: 0; }
main, nav { max-width: 52rem; margin: 0 auto; padding: 0 1rem; }
nav { padding-top: 1rem; font-size: 0.9rem; }
a { color: var(--link); }
pre, code { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; background: var(--code); border-radius: 4px; }
code { padding: 0.1em 0.3em; }
pre { padding: 0.7rem 0.9rem; overflow-x: auto; border: 1px solid var(--line); }
pre code { padding: 0; }
.output { margin: 0.6rem 0 1.2rem; overflow-x: auto; }
.output pre { border: 0; background: none; color: var(--faint); padding: 0 0.9rem; margin: 0; }
.output pre.stderr { color: var(--bad); }
.output img { background: #ffffff; border: 1px solid var(--line); border-radius: 6px; max-width: 100%; height: auto; }
.figure { position: relative; width: fit-content; max-width: 100%; }
.figure img { display: block; box-sizing: border-box; }
.figure .plot { position: absolute; left: 1px; top: 1px; transform-origin: 0 0; border-radius: 6px; overflow: hidden; }
main img { max-width: 100%; height: auto; }
main a, main code { overflow-wrap: anywhere; }
p { overflow-wrap: break-word; }
.katex:has(> math[display="block"]) { display: block; overflow-x: auto; overflow-y: hidden; }
table { border-collapse: collapse; font-size: 0.85rem; display: block; max-width: 100%; overflow-x: auto; }
th, td { padding: 0.25rem 0.7rem; border-bottom: 1px solid var(--line); }
blockquote { border-left: 3px solid var(--line); margin-left: 0; padding-left: 1rem; color: var(--faint); }
`;

await buildSource();
const { isFigure } = await import("../dist/display/shown.js");
const { htmlText, terminalText } = await import("../dist/files/shown.js");
const { writeFileAtomic } = await import("../dist/files/atomic.js");
const { readNotebook } = await import("../dist/runner/notebook.js");

// MathML, which browsers draw by themselves: no script, no font
marked.use(markedKatex({ output: "mathml", throwOnError: false, nonStandard: true }));

/** What a page may load: its own style and pictures inside it. A page without figures runs nothing. */
const policy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-src 'none'";

/** What a page with figures may run beside: the files that are written next to it, by name, and no script inside the page. */
const scripts = {
  "signmix-plotly.js": createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min"),
  "signmix-figures.js": path.join(root, "environment", "site", "figures.js"),
};
const scriptPolicy = `${policy}; script-src 'self'`;
const scriptTags = Object.keys(scripts).map((name) => `<script src="${name}" defer></script>`);

/** By which a page that this command made is known, so that it may be written anew. */
const generator = '<meta name="generator" content="signmix export-html">';

const purifier = createPurifier(new JSDOM("").window);

/** HTML that a notebook brought, without what runs, loads, sends or takes the page's place. */
function safeHtml(html) {
  return purifier.sanitize(html, {
    USE_PROFILES: { html: true, mathMl: true },
    ALLOW_DATA_ATTR: false,
    ADD_TAGS: ["semantics", "annotation"],
    FORBID_TAGS: ["style", "form", "input", "button", "textarea", "select", "dialog", "audio", "video"],
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|data:image\/(?:png|jpeg|gif);|[^:]*$)/i,
  });
}

const markdown = (text) => safeHtml(marked.parse(text));

/** Links of a page: those to notebooks lead to their pages, those to what the site does not have are words alone. */
function siteLinks(html, names) {
  return html.replaceAll(/<a [^>]*?href="([^"]*)"[^>]*>(.*?)<\/a>/gs, (link, target, words) => {
    if (/^(?:https?:|mailto:)/.test(target)) return link;
    const [file] = target.split("#");
    const name = path.posix.basename(file).replace(/\.(?:ipynb|html)$/, "");
    const isHere = names.includes(name) && !/(?:^|\/)solutions\//.test(file);
    return isHere ? `<a href="${encodeURIComponent(name)}.html">${words}</a>` : words;
  });
}

/** A picture with the figure that it shows as JSON, for the script that lays one over the other. */
function figureHtml(picture, figure) {
  return `<div class="figure" data-figure="${htmlText(JSON.stringify(figure))}">${picture}</div>`;
}

/** A figure as a picture: inside the page itself, yet with names of its own, since two SVGs may use the same. */
function picture(svg, words) {
  return `<img src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}" alt="${htmlText(words)}">`;
}

const plotlyType = "application/vnd.plotly.v1+json";

function outputHtml(output) {
  if (output.output_type === "stream") {
    return `<pre tabindex="0" class="${output.name === "stderr" ? "stderr" : "stdout"}">${htmlText(output.text)}</pre>`;
  }
  if (output.output_type === "error")
    return `<pre tabindex="0" class="stderr">${htmlText(String(output.evalue ?? ""))}</pre>`;
  const of = (type) => (typeof output.data[type] === "string" ? output.data[type] : "");
  if (of("image/svg+xml")) {
    const shown = picture(of("image/svg+xml"), of("text/plain"));
    const figure = output.data[plotlyType];
    return isFigure(figure) ? figureHtml(shown, { data: figure.data, layout: figure.layout }) : shown;
  }
  if (of("text/html")) return safeHtml(of("text/html"));
  if (of("text/markdown")) return markdown(of("text/markdown"));
  return `<pre tabindex="0">${htmlText(of("text/plain"))}</pre>`;
}

function cellHtml(cell, names) {
  if (cell.type === "markdown") return siteLinks(markdown(cell.source), names);
  if (cell.type !== "code") return "";
  const outputs = cell.outputs.map(outputHtml).filter(Boolean);
  const shown = outputs.length > 0 ? `<div class="output">${outputs.join("\n")}</div>` : "";
  return `<pre tabindex="0"><code>${htmlText(cell.source)}</code></pre>\n${shown}`;
}

/** A notebook as a page; `names` are all notebooks of the folder, for the way to the one before and the one after. */
export function pageOf(notebook, name, names, isSite = false) {
  const title = String(notebook.metadata.signmix?.title ?? name);
  const at = names.indexOf(name);
  const contents = isSite ? '<a href="index.html">Contents</a>' : "";
  const link = (other, word) =>
    other ? `<a href="${encodeURIComponent(other)}.html">${word} ${htmlText(other)}</a>` : "";
  const way = [contents, link(names[at - 1], "←"), link(names[at + 1], "→")].filter(Boolean).join(" · ");
  const cells = notebook.cells.map((cell) => cellHtml(cell, names)).filter(Boolean);
  return pageText(title, way, cells.join("\n"));
}

function pageText(title, way, content) {
  const draws = content.includes('<div class="figure" data-figure="');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${draws ? scriptPolicy : policy}">
${generator}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${htmlText(title)} · signmix</title>
<style>${style}</style>${draws ? `\n${scriptTags.join("\n")}` : ""}
</head>
<body>
<nav>${way}</nav>
<main>
${content}
</main>
</body>
</html>
`;
}

const textOf = (...names) => readFileSync(path.join(root, ...names), "utf8");

/** The gallery, with its pictures inside the page and without the files that they were drawn from. */
function galleryHtml(names) {
  const text = textOf("figures", "README.md").replaceAll(/ \(\[data\]\([^)]*\)\)/g, "");
  const pictures = text.replaceAll(/!\[([^\]]*)\]\(([^)]*\.svg)\)/g, (_, words, file) =>
    picture(textOf("figures", ...file.split("/")), words),
  );
  return siteLinks(markdown(pictures), names);
}

/** Contents, scorecard and gallery, by the names of their pages. */
function sitePages(notebooks) {
  const names = notebooks.map(([name]) => name);
  const [, scorecard = ""] = /^## Scorecard\n([\s\S]*?)^## /m.exec(textOf("README.md")) ?? [];
  const [, idea = ""] = /^## The idea in five sentences\n([\s\S]*?)^## /m.exec(textOf("README.md")) ?? [];
  const list = notebooks.map(([name, { metadata }]) => {
    const { title = name, claim = "" } = metadata.signmix ?? {};
    return `* [${name.slice(0, 2)} ${title}](${name}.html): ${claim}`;
  });
  const contents =
    `# signmix\n\n${idea}\n## Pages\n\n${list.join("\n")}\n\n` +
    "[Scorecard](scorecard.html): the paper's claims, each decided by a rule\n\n[Gallery](gallery.html): all figures\n";
  const all = [...names, "index", "scorecard", "gallery"];
  const way = '<a href="index.html">Contents</a>';
  return {
    index: pageText("Contents", "", siteLinks(markdown(contents), all)),
    scorecard: pageText("Scorecard", way, siteLinks(markdown(`# Scorecard\n${scorecard}`), all)),
    gallery: pageText("Gallery", way, galleryHtml(all)),
  };
}

async function takePictures(files, out) {
  for (const file of files) {
    for (const scheme of ["light", "dark"]) {
      const page = await openPage(pathToFileURL(file).href, { width: 960, height: 1200, scheme });
      try {
        const target = path.join(out, `${path.basename(file, ".html")}-${scheme}.png`);
        writeFileSync(target, await page.picture({ whole: true }));
        console.log(target);
      } finally {
        await page.close();
      }
    }
  }
}

runMain(async () => {
  const { values, positionals } = parseArgs({
    options: { out: { type: "string" }, pictures: { type: "boolean" }, force: { type: "boolean" } },
    allowPositionals: true,
  });
  const folder = path.resolve(positionals[0] ?? path.join(root, "notebooks"));
  const out = path.resolve(values.out ?? path.join(root, ".cache", "html"));
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".ipynb"))
    .map((file) => file.replace(/\.ipynb$/, ""))
    .sort();
  if (names.length === 0) throw new Problem(`There is no notebook in ${folder}: name a folder of executed notebooks.`);
  const pageFile = (name) => path.join(out, `${name}.html`);
  const isSite = folder === path.join(root, "notebooks");
  const notebooks = names.map((name) => [name, readNotebook(path.join(folder, `${name}.ipynb`))]);
  const own = isSite ? Object.entries(sitePages(notebooks)) : [];
  const others = [...names, ...own.map(([name]) => name)]
    .map(pageFile)
    .filter((file) => existsSync(file) && !readFileSync(file, "utf8").includes(generator));
  if (others.length > 0 && !values.force) {
    throw new Problem(`${others[0]} is not a page that this command made: name another --out, or say --force.`);
  }
  const pages = [
    ...notebooks.map(([name, notebook]) => [pageFile(name), pageOf(notebook, name, names, isSite)]),
    ...own.map(([name, page]) => [pageFile(name), page]),
  ];
  mkdirSync(out, { recursive: true });
  for (const [name, source] of Object.entries(scripts))
    writeFileAtomic(path.join(out, name), readFileSync(source, "utf8"));
  const files = pages.map(([file, page]) => {
    writeFileAtomic(file, page);
    console.log(terminalText(file));
    return file;
  });
  if (values.pictures) await takePictures(files, out);
});
