import { SaxesParser } from "saxes";
import { Budget } from "../files/budget.js";
import { withFileSource } from "../files/byte-source.js";
import { shownValue } from "../files/shown.js";
import { openZip, type ZipArchive } from "../files/zip.js";
import type { GridRecord } from "./header.js";
import { checkCells } from "./table-size.js";

/** A sheet of a workbook, line by line. */
export interface SheetLines {
  records: GridRecord[];
  /** The sheet that was read. */
  sheet: string;
  /** Other sheets that are shown. */
  others: string[];
}

/** Columns of Excel's widest sheet. */
const MOST_COLUMNS = 16_384;

/**
 * Reads a sheet of an Excel workbook (.xlsx, ECMA-376): texts, numbers, truth values, and dates as ISO text; a cell with an
 * error is null. Formulas count with the value that was saved with them. The zip is read within limits and the XML as a stream of tags
 * without entities of its own; the libraries that were looked at allocate whatever sheet size the file states.
 *
 * @param sheet name, or place from 1; the first by default
 * @throws Error naming the file and what is wrong with it
 */
export function readExcel(path: string, sheet?: string | number): SheetLines {
  try {
    return withFileSource(path, (source) => readWorkbook(openZip(source, new Budget("table")), sheet));
  } catch (error) {
    throw new Error(`Cannot read ${path} as an Excel workbook: ${(error as Error).message}.`, { cause: error });
  }
}

type Attributes = Record<string, string>;

function readWorkbook(archive: ZipArchive, wanted?: string | number): SheetLines {
  const main = relations(archive, "_rels/.rels").find(({ type }) => type.endsWith("/officeDocument"))?.target;
  const workbook = main ?? "xl/workbook.xml";
  const sheets: { name: string; id: string; hidden: boolean }[] = [];
  let from1904 = false;
  read(archive, workbook, {
    open(name, attributes) {
      if (name === "workbookPr") from1904 = /^(1|true)$/.test(attributes.date1904 ?? "");
      if (name !== "sheet") return;
      const { name: title = "", state, ...rest } = attributes;
      const id = Object.entries(rest).find(([key]) => /(^|:)id$/.test(key))?.[1] ?? "";
      sheets.push({ name: title, id, hidden: state !== undefined && state !== "visible" });
    },
  });
  const shown = sheets.filter(({ hidden }) => !hidden);
  const chosen =
    typeof wanted === "number"
      ? sheets[wanted - 1]
      : wanted === undefined
        ? shown[0]
        : sheets.find(({ name }) => name === wanted);
  if (!chosen)
    throw new Error(
      `it has no sheet ${wanted ?? "that is shown"}; its sheets are ${sheets.map(({ name }) => name).join(", ")}`,
    );
  const folder = workbook.replace(/[^/]*$/, "");
  const links = relations(archive, `${folder}_rels/${workbook.slice(folder.length)}.rels`);
  const target = (fits: (link: Relation) => boolean) => {
    const link = links.find(fits);
    return link && (link.absolute ? link.target : resolve(folder, link.target));
  };
  const path = target(({ id }) => id === chosen.id);
  if (!path) throw new Error(`the sheet "${chosen.name}" has no part in the file`);
  const shared = target(({ type }) => type.endsWith("/sharedStrings"));
  const styles = target(({ type }) => type.endsWith("/styles"));
  const records = readSheet(archive, path, {
    strings: shared ? sharedStrings(archive, shared) : [],
    dates: styles ? dateStyles(archive, styles) : [],
    from1904,
  });
  return { records, sheet: chosen.name, others: shown.filter((other) => other !== chosen).map(({ name }) => name) };
}

interface Relation {
  id: string;
  type: string;
  target: string;
  absolute: boolean;
}

function relations(archive: ZipArchive, path: string): Relation[] {
  const found: Relation[] = [];
  if (!archive.names.includes(path)) return found;
  read(archive, path, {
    open(name, attributes) {
      if (name !== "Relationship") return;
      const { Id: id = "", Type: type = "", Target: target = "" } = attributes;
      found.push({ id, type, target: target.replace(/^\//, ""), absolute: target.startsWith("/") });
    },
  });
  return found;
}

/** `../media/x.xml` seen from a folder. */
function resolve(folder: string, target: string): string {
  const parts = folder.split("/").filter(Boolean);
  for (const part of target.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** Texts that cells point to; what tells only how a text is read aloud (`rPh`) is left out. */
function sharedStrings(archive: ZipArchive, path: string): string[] {
  const strings: string[] = [];
  let [text, inText, phonetic] = ["", false, false];
  read(archive, path, {
    open(name) {
      if (name === "si") text = "";
      else if (name === "rPh") phonetic = true;
      else if (name === "t") inText = !phonetic;
    },
    text(value) {
      if (inText) text += value;
    },
    close(name) {
      if (name === "si") strings.push(unescaped(text));
      else if (name === "rPh") phonetic = false;
      else if (name === "t") inText = false;
    },
  });
  return strings;
}

/** For each style of a cell whether it shows a number as a date. */
function dateStyles(archive: ZipArchive, path: string): boolean[] {
  const own = new Map<number, boolean>();
  const styles: boolean[] = [];
  let inCellStyles = false;
  const builtIn = (id: number) =>
    (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
  read(archive, path, {
    open(name, attributes) {
      if (name === "numFmt") {
        const { numFmtId, formatCode = "" } = attributes;
        // letters in quotes, in brackets or after a backslash are no parts of a date
        own.set(
          Number(numFmtId),
          /[ymdhs]/i.test(formatCode.replace(/"[^"]*"|\[[^\]]*\]|\\./g, "").replace(/general/i, "")),
        );
      } else if (name === "cellXfs") inCellStyles = true;
      else if (name === "xf" && inCellStyles) {
        const id = Number(attributes.numFmtId ?? 0);
        styles.push(own.get(id) ?? builtIn(id));
      }
    },
    close(name) {
      if (name === "cellXfs") inCellStyles = false;
    },
  });
  return styles;
}

interface CellContext {
  strings: readonly string[];
  dates: readonly boolean[];
  from1904: boolean;
}

function readSheet(archive: ZipArchive, path: string, context: CellContext): GridRecord[] {
  const records: GridRecord[] = [];
  let [line, column] = [0, 0];
  let fields: unknown[] = [];
  let cell: Attributes = {};
  let [value, inValue, phonetic] = ["", false, false];
  let cells = 0;
  read(archive, path, {
    open(name, attributes) {
      if (name === "row") {
        line = Number(attributes.r ?? line + 1);
        column = 0;
        fields = [];
      } else if (name === "c") {
        cell = attributes;
        column = cell.r === undefined ? column + 1 : columnOf(cell.r);
        if (!(column >= 1 && column <= MOST_COLUMNS)) {
          const where = cell.r === undefined ? `beyond column ${MOST_COLUMNS}` : `at ${shownValue(cell.r)}`;
          throw new Error(`it has a cell ${where}, in its line ${line}`);
        }
        value = "";
      } else if (name === "rPh") phonetic = true;
      else if (name === "v" || name === "t") inValue = !phonetic;
    },
    text(text) {
      if (inValue) value += text;
    },
    close(name) {
      if (name === "v" || name === "t") inValue = false;
      else if (name === "rPh") phonetic = false;
      else if (name === "c") {
        // a cell that has a format and no value is no field: a row's format may go on far beyond its last value
        const found = cellValue(cell, value, context);
        if (found !== undefined) fields[column - 1] = found;
      } else if (name === "row" && fields.some((field) => field !== undefined && field !== "")) {
        cells += fields.length;
        checkCells(records.length + 1, cells / (records.length + 1));
        records.push({ fields: Array.from(fields), line });
      }
    },
  });
  return records;
}

/** `B2` is column 2. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}(?=\d)/.exec(reference)?.[0] ?? "") column = 26 * column + letter.charCodeAt(0) - 64;
  return column;
}

function cellValue({ t: type = "n", s: style }: Attributes, value: string, context: CellContext): unknown {
  if (value === "") return type === "inlineStr" || type === "str" ? "" : undefined;
  switch (type) {
    case "s": {
      const text = context.strings[Number(value)];
      if (text === undefined) throw new Error(`a cell points to text ${value} of ${context.strings.length}`);
      return text;
    }
    case "str":
    case "inlineStr":
      return unescaped(value);
    case "b":
      return value === "1" || value === "true";
    case "e":
      return null;
    case "d":
      return value;
    default: {
      const number = Number(value);
      return context.dates[Number(style)] === true ? dateText(number, context.from1904) : number;
    }
  }
}

/** Days since 30 December 1899 (or 1 January 1904) as ISO text: the date, with the time where there is one. */
function dateText(days: number, from1904: boolean): string {
  const start = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const date = new Date(start + Math.round(days * 86_400) * 1000);
  if (Number.isNaN(date.getTime())) return String(days);
  const iso = date.toISOString();
  return Number.isInteger(days) ? iso.slice(0, 10) : iso.slice(0, 19);
}

/** Excel writes control characters as `_x000D_`, and such a text itself as `_x005F_x000D_`. */
function unescaped(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

interface Handlers {
  open?(name: string, attributes: Attributes): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Bytes that are handed to the parser at a time. */
const PIECE = 2 ** 16;

/** Walks through a part of the workbook; names come without their namespace's prefix. */
function read(archive: ZipArchive, path: string, { open, text, close }: Handlers): void {
  if (!archive.names.includes(path)) throw new Error(`its part "${path}" is missing`);
  const bytes = archive.read(path);
  const parser = new SaxesParser({});
  const bare = (name: string) => name.slice(name.indexOf(":") + 1);
  parser.on("opentag", ({ name, attributes }) => open?.(bare(name), attributes));
  parser.on("closetag", ({ name }) => close?.(bare(name)));
  parser.on("text", (value) => text?.(value));
  parser.on("cdata", (value) => text?.(value));
  parser.on("doctype", () => {
    throw new Error(`"${path}" declares a document type, as no spreadsheet does`);
  });
  parser.on("error", ({ message }) => {
    throw new Error(`"${path}" is no whole XML (${message})`);
  });
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let at = 0; at < bytes.length; at += PIECE) {
    parser.write(decoder.decode(bytes.subarray(at, at + PIECE), { stream: true }));
  }
  parser.write(decoder.decode()).close();
}
