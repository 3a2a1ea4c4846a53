import { type Cell, cellTags, type Notebook } from "./notebook.js";

/** A value that the parameters cell declares: its kind tells how a value from the command line is read. */
export interface Parameter {
  name: string;
  kind: "string" | "number" | "boolean" | "list";
  /** the default, as the cell writes it */
  default: string;
}

/** What a command line can put in place of a parameter's default. */
export type ParameterValue = string | number | boolean | (string | number)[];

const declaration = /^\s*(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*(?::\s*([^=]+?))?\s*=\s*(.+?)\s*;?\s*(?:\/\/.*)?$/;

function kindOf(annotation: string | undefined, value: string): Parameter["kind"] {
  const type = annotation ?? "";
  if (/\[\]|Array</.test(type) || value.startsWith("[")) return "list";
  if (/\bstring\b/.test(type) || /^["'`]/.test(value)) return "string";
  if (/\bnumber\b/.test(type) || /^[-+]?[\d.]/.test(value)) return "number";
  if (/\bboolean\b/.test(type) || /^(true|false)\b/.test(value)) return "boolean";
  return "string";
}

/** The parameters a notebook declares, one `const name = default;` a line, in its cell tagged `parameters`. */
export function declaredParameters(notebook: Notebook): Parameter[] {
  const cell = notebook.cells.find((one) => cellTags(one).includes("parameters"));
  if (!cell) return [];
  return cell.source.split("\n").flatMap((line) => {
    const match = declaration.exec(line);
    return match ? [{ name: match[1], kind: kindOf(match[2], match[3]), default: match[3] }] : [];
  });
}

/**
 * Reads a value from the command line as the kind that its parameter has.
 * @throws if the text is no such value
 */
export function parseParameter({ name, kind }: Parameter, text: string): ParameterValue {
  if (kind === "string") return text;
  if (kind === "boolean") {
    if (text === "true" || text === "false") return text === "true";
    throw new Error(`Parameter ${name} is true or false, not "${text}".`);
  }
  if (kind === "number") {
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value)) return value;
    throw new Error(`Parameter ${name} is a number, not "${text}".`);
  }
  const items = text.split(",").map((item) => item.trim());
  const numbers = items.map(Number);
  return items.every((item, at) => item !== "" && Number.isFinite(numbers[at])) ? numbers : items;
}

/**
 * A copy of the notebook with a cell tagged `injected-parameters` after the one tagged `parameters`, as papermill puts it;
 * one that is there from an earlier run goes. Without values nothing is put in.
 * @throws if a value has no parameter of its name
 */
export function injectParameters(notebook: Notebook, values: Record<string, ParameterValue>): Notebook {
  const cells = notebook.cells.filter((cell) => !cellTags(cell).includes("injected-parameters"));
  const names = Object.keys(values);
  if (names.length === 0) return { ...notebook, cells };
  const known = declaredParameters(notebook).map((parameter) => parameter.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const choice = known.length > 0 ? `choose among ${known.join(", ")}` : "it has no cell tagged parameters";
    throw new Error(`This notebook has no parameter ${unknown.join(", ")}: ${choice}.`);
  }
  const lines = names.map((name) => `const ${name} = ${JSON.stringify(values[name])};`);
  const injected: Cell = {
    id: "injected-parameters",
    type: "code",
    source: ["// Parameters", ...lines].join("\n"),
    metadata: { tags: ["injected-parameters"] },
    outputs: [],
    executionCount: null,
  };
  const at = cells.findIndex((cell) => cellTags(cell).includes("parameters")) + 1;
  return { ...notebook, cells: [...cells.slice(0, at), injected, ...cells.slice(at)] };
}
