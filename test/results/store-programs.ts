import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { canonicalLine } from "#src/results/canonical-rows.js";
import { ResultStore } from "#src/results/store.js";
import { type Row, type Unit, unitKey } from "#src/results/unit.js";

/** One step of a process that works on a store. */
export type Step =
  | { do: "add"; units: number[]; salt?: number }
  | { do: "plan"; units: number[]; fresh?: boolean; salt?: number }
  | { do: "forget"; units: number[] }
  | { do: "replace"; units: number[] }
  | { do: "merge"; from: string }
  | { do: "settle" }
  | { do: "count" };

/** What a process does; `at` is the call to a function that changes a file at which it is killed, or gets `error`. */
export interface Program {
  root: string;
  steps: Step[];
  at?: number;
  error?: string;
  /** The user as whom it runs; only root may choose. */
  user?: number;
}

export const squareUnit = (n: number): Unit => ({ kind: "square", settings: { n }, code: "v1" });

/** The row of a unit; rows of other salts tell when it was computed. */
export const squareRow = (n: number, salt = 0): Row => ({ value: n * n, salt, text: "x".repeat(n % 50) });

/** The canonical file of these units. */
export function canonicalText(salts: ReadonlyMap<number, number>): string {
  const lines = [...salts].map(([n, salt]) => {
    const unit = squareUnit(n);
    return canonicalLine({ key: unitKey(unit), unit, row: squareRow(n, salt) });
  });
  return lines
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ text }) => `${text}\n`)
    .join("");
}

export const newRoot = (): string => mkdtempSync(join(tmpdir(), "signmix-store-"));
export const canonicalFile = (root: string): string => join(root, "a", "smoke", "square.jsonl");
export const readCanonical = (root: string): string =>
  existsSync(canonicalFile(root)) ? readFileSync(canonicalFile(root), "utf8") : "";

export function openStore(root: string, warn: (message: string) => void = () => {}): ResultStore {
  return new ResultStore("smoke", { folder: join(root, "a"), cache: join(root, "b"), warn });
}

/** What came of a process. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The lines that it wrote. */
  lines: string[];
}

/**
 * Runs a program in a process of its own.
 *
 * @param killAfter is killed when it has written so many lines
 * @param wrapper a command in front of it, such as strace with its options
 */
export async function runProgram(program: Program, killAfter = Infinity, wrapper: string[] = []): Promise<Ended> {
  const [command, ...args] = [
    ...wrapper,
    process.execPath,
    fileURLToPath(new URL("./store-program.js", import.meta.url)),
    JSON.stringify(program),
  ];
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
    if (text.split("\n").length > killAfter) child.kill("SIGKILL");
  });
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, lines: text.split("\n").slice(0, -1) };
}

/** The numbers in lines that begin with a word. */
export const numbersOf = (lines: readonly string[], word: string): number[] =>
  lines.filter((line) => line.startsWith(`${word} `)).map((line) => Number(line.slice(word.length + 1)));
