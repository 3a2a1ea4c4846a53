import type { Message } from "../kernel/wire.js";
import type { Output } from "./notebook.js";

/** Keeps the outputs of a notebook's cells as the kernel's messages arrive, by the rules of Jupyter's own front ends. */
export interface OutputKeeper {
  /** Takes one iopub message; `outputs` are those of the cell that it belongs to. */
  receive(message: Message, outputs: Output[]): void;
}

type Display = Extract<Output, { data: Record<string, unknown> }>;

/** A carriage return takes the cursor to the start of its line: what follows overwrites it. */
function overwriteLines(text: string): string {
  if (!text.includes("\r")) return text;
  return text
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => line.replace(/\r+$/, "").split("\r").at(-1) ?? "")
    .join("\n");
}

export function createOutputKeeper(): OutputKeeper {
  /** Displays with an id, which later messages may replace, in any cell. */
  const displays = new Map<string, Display[]>();
  let clearAtNext = false;

  function add(output: Output, outputs: Output[]): void {
    if (clearAtNext) outputs.length = 0;
    clearAtNext = false;
    const last = outputs.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      last.text = overwriteLines(last.text + output.text);
    } else outputs.push(output);
  }

  return {
    receive({ header, content }, outputs) {
      const type = header.msg_type;
      if (type === "stream") {
        const { name, text } = content as { name: "stdout" | "stderr"; text: string };
        add({ output_type: "stream", name, text: overwriteLines(text) }, outputs);
      } else if (type === "display_data" || type === "execute_result" || type === "update_display_data") {
        const { data, metadata } = content as unknown as Display;
        const id = (content.transient as { display_id?: string } | undefined)?.display_id;
        for (const display of (id && displays.get(id)) || []) Object.assign(display, { data, metadata });
        if (type === "update_display_data") return;
        const display: Display = { output_type: type, data, metadata };
        if (type === "execute_result") display.execution_count = content.execution_count as number;
        if (id) displays.set(id, [...(displays.get(id) ?? []), display]);
        add(display, outputs);
      } else if (type === "error") {
        const { ename, evalue, traceback } = content as { ename: string; evalue: string; traceback: string[] };
        add({ output_type: "error", ename, evalue, traceback }, outputs);
      } else if (type === "clear_output") {
        if (content.wait) clearAtNext = true;
        else outputs.length = 0;
      }
    },
  };
}
