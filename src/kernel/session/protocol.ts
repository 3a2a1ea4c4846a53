/*
 * What the kernel's two processes tell each other. The first holds Jupyter's sockets and never runs a reader's code, so it
 * always answers; the second, the session, compiles and runs cells. They speak in lines of JSON over pipes of their own:
 * the session writes its pipe synchronously, which keeps the order of everything that a cell puts out and makes a cell that
 * prints faster than it is read wait.
 */

/** File descriptors of the session beside the standard three. */
export const sessionPipe = { out: 3, in: 4, watch: 5 } as const;

/** Those of the compiler that the kernel has started for the session. */
export const compilerPipe = { requests: 6, answers: 7 } as const;

export type Bundle = Record<string, unknown>;

/** What a failure is to Jupyter. */
export interface Failure {
  ename: string;
  evalue: string;
  traceback: string[];
}

export interface ExecuteCommand {
  type: "execute";
  /** names the execution; its outputs carry it */
  cell: string;
  /** whole number that names it too, rising from 1, for flags in shared memory */
  number: number;
  code: string;
  /** what a reader calls the cell: the number in brackets beside it; undefined for code that is not counted */
  count: number | undefined;
  silent: boolean;
  userExpressions: Record<string, string>;
  allowStdin: boolean;
}

export interface QueryCommand {
  type: "complete" | "inspect" | "isComplete";
  id: string;
  code: string;
  /** in Unicode characters, as Jupyter counts */
  cursor: number;
  detail?: number;
}

export interface CommCommand {
  type: "comm";
  id: string;
  cell: string;
  message: "comm_open" | "comm_msg" | "comm_close";
  content: Record<string, unknown>;
  metadata: Record<string, unknown>;
  buffers: string[];
}

/** To the session. */
export type Command =
  | ExecuteCommand
  | QueryCommand
  | CommCommand
  | { type: "commInfo"; id: string; target: string | undefined }
  | { type: "input"; value: string }
  | { type: "interrupt"; number: number }
  | { type: "exit" };

export interface ExecuteResult {
  status: "ok" | "error";
  failure?: Failure;
  userExpressions: Record<string, object>;
}

/** From the session. `cell` names the execution that an output belongs to. */
export type Report =
  | { type: "ready" }
  | { type: "stream"; cell: string; name: "stdout" | "stderr"; text: string }
  | { type: "publish"; cell: string; message: string; content: object; metadata?: object; buffers?: string[] }
  | { type: "ask"; cell: string; prompt: string; password: boolean }
  | { type: "done"; cell: string; result: ExecuteResult; marks: { 1: boolean; 2: boolean } }
  | { type: "reply"; id: string; content: object };

/** Where the bytes of native libraries on descriptors 1 and 2 stop belonging to an execution. */
export function markOf(nonce: string, number: number): string {
  return `\0${nonce}:${number}\0`;
}
