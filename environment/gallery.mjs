// npm run gallery: writes figures/README.md from the manifests of figures/. `-- --check` writes nothing and fails where it is out of date.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./build.mjs";
import { Problem, runMain } from "./problem.mjs";

const figures = path.join(root, "figures");
const target = path.join(figures, "README.md");
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/** Profiles whose figures are committed, the reader's first; smoke's and those of a reader's own data are not. */
function committedProfiles() {
  const first = ["classroom", "compact", "paper"];
  const place = (name) => (first.includes(name) ? first.indexOf(name) : first.length);
  return readdirSync(figures, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(figures, entry.name, "manifest.json")))
    .map((entry) => entry.name)
    .filter((name) => !name.startsWith("smoke") && !/-(data|own)$/.test(name))
    .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** Notebooks by the two digits with which their figures' names begin. */
function notebooksByNumber() {
  const folder = path.join(root, "notebooks");
  const names = readdirSync(folder).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
  return new Map(
    names.map((name) => {
      const { title } = readJson(path.join(folder, name)).metadata.signmix ?? {};
      return [name.slice(0, 2), { name, title: title ?? name.replace(/\.ipynb$/, "") }];
    }),
  );
}

/** The title of a figure, without the settings and the legend that follow it in its text form. */
const shortTitle = (title) => title.replace(/^Figure: /, "").split(/ · | \[/)[0];

/** The settings named under a figure's title that its profile does not already tell. */
function ownSettings(title) {
  const [, ...lines] = title.replace(/ \[[^[]*\]$/, "").split(" · ");
  return lines
    .join(" ")
    .split("; ")
    .filter((part) => part && !/^(profile|encoder|seeds?) |^\w+ text$/.test(part))
    .join("; ");
}

function entryText(profile, id, { title, files }) {
  const svg = `${id}.svg`;
  if (files[svg]) {
    const [name, settings] = [shortTitle(title), ownSettings(title)];
    const data = files[`${id}.json`] ? ` ([data](${profile}/${id}.json))` : "";
    return `**${name}**${data}${settings ? `: ${settings}` : ""}\n\n![${name}](${profile}/${svg})`;
  }
  const [file] = Object.keys(files);
  return `Table: [${title}](${profile}/${file})`;
}

function profileText(profile, notebooks) {
  const manifest = readJson(path.join(figures, profile, "manifest.json"));
  const entries = Object.entries(manifest);
  const facts = ({ encoder, data, seeds }) =>
    `Encoder ${encoder}, ${data} text, ${seeds.length > 1 ? "seeds" : "seed"} ${seeds.join(", ")}.`;
  const common = entries.length === 0 ? "" : facts(entries[0][1]);
  const parts = [`## ${profile}`, common];
  let section;
  for (const [id, entry] of entries) {
    const notebook = notebooks.get(id.slice(0, 2));
    const heading = notebook ? `### [${notebook.title}](../notebooks/${notebook.name})` : "### Others";
    if (heading !== section) parts.push(heading);
    section = heading;
    const odd = facts(entry) === common ? "" : `\n\n${facts(entry)}`;
    parts.push(entryText(profile, id, entry) + odd);
  }
  return parts.filter(Boolean).join("\n\n");
}

/** The gallery as the manifests have it. */
export function galleryText() {
  const profiles = committedProfiles();
  const notebooks = notebooksByNumber();
  const about =
    "What the notebooks draw, by profile. Each figure is a plotly description (`.json`) and a picture of it (`.svg`); each table a `.csv`. " +
    "`<profile>/manifest.json` tells how every one was made: encoder, data, seeds, backend, choices, and a hash of the code. " +
    "`npm run gallery` writes this page from the manifests.";
  const contents = profiles.map((name) => `[${name}](#${name})`).join(" · ");
  const pages = profiles.map((name) => profileText(name, notebooks));
  return `${["# Figures", about, contents, ...pages].filter(Boolean).join("\n\n")}\n`;
}

runMain(() => {
  const text = galleryText();
  if (process.argv.includes("--check")) {
    if (existsSync(target) && readFileSync(target, "utf8") === text) return;
    throw new Problem("figures/README.md is not what the manifests say: run npm run gallery.");
  }
  writeFileSync(target, text);
  console.log(path.relative(root, target));
});
