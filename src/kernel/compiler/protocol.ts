import type { Failure } from "../session/protocol.js";

/*
 * What the session asks of its compiler, which is a process of its own: it starts from a snapshot (see snapshot.ts), beside
 * the session and not before it. Both write lines of JSON.
 */

/** File descriptor of the compiler's answers; questions come on its standard input. */
export const answerPipe = 3;

/** `declarations` are what the cells before have declared: `declOutput` of the last one that ran. */
export type CompilerQuery =
  | { type: "convert"; declarations: string; code: string; label: string }
  | { type: "complete" | "inspect"; declarations: string; code: string; cursor: number }
  | { type: "isComplete"; code: string };

/** A cell, compiled; see tslab's converter.d.ts. */
export interface Converted {
  output?: string;
  declOutput?: string;
  diagnostics: { start: { offset: number }; code: number }[];
  hasToplevelAwait?: boolean;
  lastExpressionVar?: string;
}

/** What a cell's comments say of it, such as `@module name`. */
export interface CodeMetadata {
  module?: string;
  mode?: "node" | "browser";
}

/** The two source maps from the text that runs to the cell. */
export interface Maps {
  /** from the text that TypeScript first made to the cell */
  cellMap?: string;
  /** from the text that runs to the one that TypeScript first made */
  moduleMap?: string;
}

/** A cell that was compiled. */
export interface Compiled {
  metadata: CodeMetadata;
  /** undefined for a cell that is a module */
  converted?: Converted;
  maps?: Maps;
  /** what the compiler found wrong with the cell, as it is told */
  failure?: Failure;
  /** of a cell that is a module, as tslab tells them */
  diagnostics?: object[];
}

export type CompilerRequest = CompilerQuery & { id: number };

/** `thrown` is what TypeScript itself failed of. */
export type CompilerAnswer = { id: number; content?: unknown; thrown?: string };
