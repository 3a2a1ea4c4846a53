import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { figureText } from "../display/show.js";
import { type TableLike, tableContent } from "../display/table.js";
import type { Figure } from "../figures/figure.js";
import { drawSvg } from "../figures/svg/static-picture.js";
import { writeFileAtomic, writeJsonAtomic } from "../files/atomic.js";
import { readJsonObject } from "../files/json.js";

/** How a figure or table came about: everything that must be equal for it to come out equal again. */
export interface Provenance {
  profile: string;
  seeds: readonly (number | string)[];
  /** name of the encoder */
  encoder: string;
  /** name of the data, such as "generated" */
  data: string;
  /** TensorFlow.js backend */
  backend: string;
  /** hash of the compiled modules it depends on */
  moduleHash: string;
  /** other choices worth naming */
  choices?: Record<string, unknown>;
}

interface Manifest {
  [id: string]: Provenance & { title: string; files: Record<string, string> };
}

/** Where figures are kept unless another folder is given: figures/ of the project. */
export const figuresFolder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "figures");

/** A folder's own name in place of its path, which would name this machine. */
function withoutPath(name: string): string {
  return /^([A-Za-z]:)?[\\/]|^\.\.?[\\/]/.test(name) ? basename(name.replaceAll("\\", "/")) : name;
}

function checkName(kind: string, name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw new Error(`${kind} "${name}" becomes a file name: use letters, digits, "-", "_" and "." only.`);
  }
}

function save(id: string, title: string, made: Provenance, contents: Record<string, string>, folder: string): void {
  checkName("figure id", id);
  checkName("profile", made.profile);
  const place = join(folder, made.profile);
  const files: Record<string, string> = {};
  for (const [name, text] of Object.entries(contents)) {
    writeFileAtomic(join(place, name), text);
    files[name] = createHash("sha256").update(text).digest("hex").slice(0, 16);
  }
  const manifestFile = join(place, "manifest.json");
  const manifest: Manifest = existsSync(manifestFile) ? (readJsonObject(manifestFile) as Manifest) : {};
  const { profile, seeds, backend, moduleHash, choices } = made;
  const [encoder, data] = [withoutPath(made.encoder), withoutPath(made.data)];
  manifest[id] = { title, profile, seeds, encoder, data, backend, moduleHash, ...(choices ? { choices } : {}), files };
  const sorted = Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1));
  writeJsonAtomic(manifestFile, Object.fromEntries(sorted));
}

/**
 * Writes `figures/<profile>/<id>.json` (plotly), `<id>.svg` (drawn without a browser) and the manifest's entry on how it
 * was made. Equal input gives equal bytes: nothing holds a clock time or a path of this machine.
 * @returns the figure, so that a cell can show what it saved
 * @throws if the id or profile cannot be a file name
 */
export async function saveFigure(
  figure: Figure,
  id: string,
  made: Provenance,
  folder = figuresFolder,
): Promise<Figure> {
  const svg = await drawSvg(figure);
  const json = `${JSON.stringify(figure)}\n`;
  save(id, figureText(figure), made, { [`${id}.json`]: json, [`${id}.svg`]: `${svg}\n` }, folder);
  return figure;
}

/**
 * Writes files of any text as `figures/<profile>/<id>.<ending>`, with the manifest's entry on how they were made.
 * @param contents text by ending, such as `jsonl`
 */
export function saveFiles(
  contents: Record<string, string>,
  id: string,
  title: string,
  made: Provenance,
  folder = figuresFolder,
): void {
  const named = Object.entries(contents).map(([ending, text]) => [`${id}.${ending}`, text]);
  save(id, title, made, Object.fromEntries(named), folder);
}

function csvField(value: unknown): string {
  const text =
    value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : `${value}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Writes a table as `figures/<profile>/<id>.csv`, with the manifest's entry on how it was made.
 * @returns the table, so that a cell can show what it saved
 */
export function saveTable<T extends TableLike>(
  rows: T,
  id: string,
  title: string,
  made: Provenance,
  folder = figuresFolder,
): T {
  const { columns, cells } = tableContent(rows);
  const lines = [columns, ...cells].map((row) => row.map(csvField).join(","));
  save(id, title, made, { [`${id}.csv`]: `${lines.join("\n")}\n` }, folder);
  return rows;
}
