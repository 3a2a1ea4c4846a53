import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "csv-stringify/sync";
import { shownFigure, shownTable } from "../display/shown.js";
import { type TableLike, tableContent } from "../display/table.js";
import { type Figure, withSubtitle } from "../figures/figure.js";
import { figureText } from "../figures/figure-text.js";
import { drawSvg } from "../figures/svg/static-picture.js";
import { writeFileAtomic, writeJsonAtomic } from "../files/atomic.js";
import { type Drawn, type FigureRecord, type RecordWithKeys, recordOf, subtitleOf } from "./figure-record.js";

/** How a figure or table is saved. */
export interface SaveOptions {
  /** The rows that it was drawn from, where it was not drawn by a function of this project. */
  from?: readonly object[];
  /** How the adapters behind it came to be, in words, where that is not the study's regime: "both regimes". */
  regime?: string;
  /** Folder of all profiles; by default the study's, or else `figures/` of the project. */
  folder?: string;
}

type Manifest = Record<string, Partial<FigureRecord> & { title: string; files: Record<string, string> }>;

/** Where figures are kept unless another folder is given: figures/ of the project. */
export const figuresFolder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "figures");

/**
 * Writes `figures/<profile>/<id>.json` (plotly), `<id>.svg` (drawn without a browser) and the manifest's entry on what it was
 * drawn from: kinds and keys of units, regime, profile, encoder, data, code. Profile, regime, encoder, data and seeds also
 * stand under the figure's title. Equal rows give equal bytes: nothing holds a clock time or a path of this machine.
 *
 * @returns the figure with its subtitle, which shows itself as the last value of a cell
 * @throws if the id cannot be a file name, or it is not known from which rows the figure was drawn
 */
export async function saveFigure(study: Drawn, id: string, figure: Figure, options: SaveOptions = {}): Promise<Figure> {
  checkName("figure id", id);
  const drawn = drawnFrom(study, id, figure, options);
  const titled = withSubtitle(figure, subtitleOf(drawn.record));
  const svg = await drawSvg(titled);
  const contents = { [`${id}.json`]: `${JSON.stringify(titled)}\n`, [`${id}.svg`]: `${svg}\n` };
  save(id, figureText(titled), drawn, contents, folderOf(study, options));
  return shownFigure(titled);
}

/**
 * Writes a table as `figures/<profile>/<id>.csv`, with the manifest's entry on what it was made from.
 * @returns the table, which shows itself as the last value of a cell
 * @throws as `saveFigure`
 */
export function saveTable<T extends TableLike>(
  study: Drawn,
  id: string,
  table: T,
  title: string,
  options: SaveOptions = {},
): T {
  checkName("table id", id);
  const { columns, cells } = tableContent(table);
  const text = stringify([columns, ...cells], { cast: { boolean: String } });
  const drawn = drawnFrom(study, id, table, options);
  save(id, title, drawn, { [`${id}.csv`]: text }, folderOf(study, options));
  return shownTable(table);
}

/**
 * Writes files of any text as `figures/<profile>/<id>.<ending>`, with the manifest's entry on what they were made from.
 * @param contents text by ending, such as `jsonl`
 */
export function saveFiles(
  study: Drawn,
  id: string,
  contents: Record<string, string>,
  title: string,
  options: SaveOptions & { from: readonly object[] },
): void {
  checkName("id", id);
  const named = Object.entries(contents).map(([ending, text]) => [`${id}.${ending}`, text]);
  save(id, title, drawnFrom(study, id, options.from, options), Object.fromEntries(named), folderOf(study, options));
}

function drawnFrom(study: Drawn, id: string, made: object, { from, regime }: SaveOptions): RecordWithKeys {
  const found = recordOf(study, from ?? [made]);
  const drawn = regime === undefined ? found : { ...found, record: { ...found.record, regime } };
  if (Object.keys(drawn.record.units).length > 0) return drawn;
  throw new Error(
    `It is not known from which rows "${id}" was made. Say so: { from: rows }, where rows are what the study's functions ` +
      "returned; to show it without saving, use sm.show.",
  );
}

const folderOf = (study: Drawn, { folder }: SaveOptions): string => folder ?? study.figures ?? figuresFolder;

function checkName(kind: string, name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw new Error(`${kind} "${name}" becomes a file name: use letters, digits, "-", "_" and "." only.`);
  }
}

function save(
  id: string,
  title: string,
  { record, keys }: RecordWithKeys,
  contents: Record<string, string>,
  folder: string,
): void {
  for (const [name, list] of keys) {
    writeFileAtomic(join(folder, record.profile, "units", `${name}.txt`), `${list.join("\n")}\n`);
  }
  saveEntry(id, title, record, contents, folder);
}

/** Writes files of a figure, and an entry of the manifest of its profile with whatever is recorded of it. */
export function saveEntry(
  id: string,
  title: string,
  record: { profile: string },
  contents: Record<string, string>,
  folder = figuresFolder,
): void {
  const place = join(folder, record.profile);
  const files: Record<string, string> = {};
  for (const [name, text] of Object.entries(contents)) {
    writeFileAtomic(join(place, name), text);
    files[name] = createHash("sha256").update(text).digest("hex").slice(0, 16);
  }
  const manifestFile = join(place, "manifest.json");
  const manifest: Manifest = existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, "utf8")) : {};
  manifest[id] = { title, ...record, files };
  const sorted = Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1));
  writeJsonAtomic(manifestFile, Object.fromEntries(sorted));
  dropUnnamedLists(place, manifest);
}

/** Removes lists of keys that no entry names any more. */
function dropUnnamedLists(place: string, manifest: Manifest): void {
  const named = new Set(
    Object.values(manifest).flatMap(({ units }) => Object.values(units ?? {}).map(({ keys }) => `${keys}.txt`)),
  );
  const lists = join(place, "units");
  for (const name of existsSync(lists) ? readdirSync(lists) : []) {
    if (name.endsWith(".txt") && !named.has(name)) rmSync(join(lists, name));
  }
}
