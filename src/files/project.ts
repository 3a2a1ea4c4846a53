import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of something inside the project, from its path relative to the project's root. */
export function projectPath(...parts: string[]): string {
  return join(dirname(fileURLToPath(import.meta.url)), "..", "..", ...parts);
}
