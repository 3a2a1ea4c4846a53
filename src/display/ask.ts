import { createInterface } from "node:readline/promises";
import { kernelDoor } from "./kernel.js";

/**
 * Asks the reader for a line of text: in a notebook below the running cell, in a terminal there.
 * @param options.password whether what is typed stays hidden (in a notebook)
 * @throws if nobody can answer: in a headless run, or in a kernel without input
 */
export async function ask(prompt: string, options: { password?: boolean } = {}): Promise<string> {
  const door = kernelDoor();
  if (door) return door.ask(prompt, options);
  if (!process.stdin.isTTY) throw new Error("ask(…): nobody can answer here; give the value in the code.");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(prompt);
  } finally {
    terminal.close();
  }
}
