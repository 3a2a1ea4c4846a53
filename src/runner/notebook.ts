import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeFileAtomic } from "../files/atomic.js";

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
  return Array.isArray(text) ? text.join("") : String(text ?? "");
}

type Stored = Record<string, unknown>;

function readOutput(output: Stored): Output {
  if (output.output_type === "stream") return { ...output, text: joined(output.text) } as Output;
  if (output.output_type === "error") return output as Output;
  const data = Object.entries((output.data as Stored) ?? {});
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
  return parseNotebook(readFileSync(file, "utf8"), file);
}

/** {@link readNotebook} on the file's text; `name` is named in errors. */
export function parseNotebook(text: string, name: string): Notebook {
  let stored: { nbformat?: number; cells?: Stored[]; metadata?: Stored };
  try {
    stored = JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is not JSON (${(error as Error).message}): is it a notebook, and saved completely?`);
  }
  if (stored.nbformat !== 4 || !Array.isArray(stored.cells)) {
    throw new Error(`${name} is not a notebook of nbformat 4: open it in Jupyter and save it again.`);
  }
  const cells = stored.cells.map((cell, index): Cell => {
    const source = joined(cell.source);
    const id = createHash("sha256").update(`${index}\0${source}`).digest("hex").slice(0, 8);
    return {
      id: typeof cell.id === "string" ? cell.id : id,
      type: cell.cell_type as Cell["type"],
      source,
      metadata: (cell.metadata as Stored) ?? {},
      outputs: ((cell.outputs as Stored[]) ?? []).map(readOutput),
      executionCount: (cell.execution_count as number | null) ?? null,
    };
  });
  return { cells, metadata: stored.metadata ?? {} };
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
  return `${JSON.stringify({ cells: stored, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

/** Writes a notebook whole or not at all. */
export function writeNotebook(file: string, notebook: Notebook): void {
  writeFileAtomic(file, notebookText(notebook));
}
