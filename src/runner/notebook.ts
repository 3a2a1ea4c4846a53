import { createHash } from "node:crypto";
import { writeFileAtomic } from "../files/atomic.js";
import { isObject, parseJson } from "../files/json.js";
import { jsonText } from "../files/json-text.js";
import { readText } from "../files/text-file.js";

/** A Jupyter notebook, nbformat 4.5, with each source as one text. */
export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
}

export interface Cell {
  id: string;
  type: "code" | "markdown" | "raw";
  source: string;
  metadata: Record<string, unknown>;
  /** code cells only */
  outputs: Output[];
  executionCount: number | null;
}

/** An output as nbformat stores it, with texts not yet split into lines. */
export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | {
      output_type: "display_data" | "execute_result";
      data: Record<string, unknown>;
      metadata: Record<string, unknown>;
      execution_count?: number | null;
    }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/** The tags of a cell, such as `parameters`. */
export function cellTags(cell: Cell): string[] {
  return Array.isArray(cell.metadata.tags) ? cell.metadata.tags.map(String) : [];
}

function joined(text: unknown): string {
  if (Array.isArray(text)) return text.filter((line) => typeof line === "string").join("");
  return typeof text === "string" ? text : "";
}

type Stored = Record<string, unknown>;

function readOutput(output: Stored): Output {
  if (output.output_type === "stream") return { ...output, text: joined(output.text) } as Output;
  if (output.output_type === "error") return output as Output;
  const data = Object.entries(isObject(output.data) ? output.data : {});
  return {
    ...output,
    data: Object.fromEntries(data.map(([type, value]) => [type, isJson(type) ? value : joined(value)])),
  } as Output;
}

/**
 * Reads a notebook.
 * @throws if the file is no notebook of nbformat 4
 */
export function readNotebook(file: string): Notebook {
  return parseNotebook(readText(file, "notebook"), file);
}

/** {@link readNotebook} on the file's text; `name` is named in errors. */
export function parseNotebook(text: string, name: string): Notebook {
  let stored: unknown;
  try {
    stored = parseJson(text, name, { budget: "notebook" });
  } catch (error) {
    const { message } = (error as Error).cause as Error;
    throw new Error(`${name} is not JSON (${message}): is it a notebook, and saved completely?`, { cause: error });
  }
  if (!isObject(stored) || stored.nbformat !== 4 || !Array.isArray(stored.cells)) {
    throw new Error(`${name} is not a notebook of nbformat 4: open it in Jupyter and save it again.`);
  }
  const cells = stored.cells.map((cell: unknown, index): Cell => {
    if (!isObject(cell) || !["code", "markdown", "raw"].includes(cell.cell_type as string)) {
      throw new Error(
        `${name}: cell ${index + 1} is no cell of code, Markdown or raw text; remove it, or save it anew.`,
      );
    }
    const outputs = cell.outputs ?? [];
    if (!Array.isArray(outputs) || !outputs.every(isObject)) {
      throw new Error(`${name}: the outputs of cell ${index + 1} are no list of outputs; clear them in Jupyter.`);
    }
    const source = joined(cell.source);
    const id = createHash("sha256").update(`${index}\0${source}`).digest("hex").slice(0, 8);
    return {
      id: typeof cell.id === "string" ? cell.id : id,
      type: cell.cell_type as Cell["type"],
      source,
      metadata: isObject(cell.metadata) ? cell.metadata : {},
      outputs: outputs.map(readOutput),
      executionCount: (cell.execution_count as number | null) ?? null,
    };
  });
  return { cells, metadata: isObject(stored.metadata) ? stored.metadata : {} };
}

/** Values of these types are stored as JSON, all others as text split into lines. */
function isJson(mimeType: string): boolean {
  return mimeType === "application/json" || mimeType.endsWith("+json");
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function storedOutput(output: Output): object {
  if (output.output_type === "stream") return { name: output.name, output_type: "stream", text: lines(output.text) };
  if (output.output_type === "error") return output;
  const { output_type, metadata } = output;
  const entries = Object.entries(output.data).sort(([a], [b]) => (a < b ? -1 : 1));
  const data = Object.fromEntries(
    entries.map(([type, value]) => [type, isJson(type) || typeof value !== "string" ? value : lines(value)]),
  );
  const count = output_type === "execute_result" ? { execution_count: output.execution_count ?? null } : {};
  return { data, ...count, metadata, output_type };
}

/** The notebook as Jupyter writes it: nbformat 4.5, one space of indent, keys in Jupyter's order. */
export function notebookText({ cells, metadata }: Notebook): string {
  const stored = cells.map((cell) => {
    const { id, metadata: cellMetadata } = cell;
    const source = lines(cell.source);
    if (cell.type !== "code") return { cell_type: cell.type, id, metadata: cellMetadata, source };
    const outputs = cell.outputs.map(storedOutput);
    return { cell_type: "code", execution_count: cell.executionCount, id, metadata: cellMetadata, outputs, source };
  });
  return `${jsonText({ cells: stored, metadata, nbformat: 4, nbformat_minor: 5 }, 1)}\n`;
}

/** Writes a notebook whole or not at all. */
export function writeNotebook(file: string, notebook: Notebook): void {
  writeFileAtomic(file, notebookText(notebook));
}
