import { readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** One output in several forms, by MIME type; a front end shows the richest that it knows. */
export type MimeBundle = Record<string, unknown>;

/** Sends a bundle to the cell that ran when it was made; with an id, it may be sent again to replace the output. */
export type SendDisplay = (bundle: MimeBundle, displayId?: string, replace?: boolean) => void;

const door: unique symbol = Symbol.for("signmix.kernel");

interface TslabJupyter {
  lastWriteDisplayData: ((content: object, update: boolean) => void) | null;
}

/**
 * The channel to the running cell, or undefined outside a tslab kernel. Call it before the first `await`: afterwards
 * another cell may be running.
 */
export function cellDisplay(): SendDisplay | undefined {
  if (!("__tslab__" in globalThis)) return undefined; // set by tslab's executor
  const jupyter = createRequire(import.meta.url)("tslab/dist/jupyter.js") as TslabJupyter;
  const write = jupyter.lastWriteDisplayData;
  if (!write) return undefined;
  return (data, displayId, replace = false) => {
    write({ data, metadata: {}, transient: displayId ? { display_id: displayId } : {} }, replace);
  };
}

/** What this project's kernel does for the code that runs in it, as far as it is used here; see kernel/session/door.ts. */
export interface KernelDoor {
  addRenderer(renderer: (value: object) => MimeBundle | Promise<MimeBundle> | undefined): void;
  ask(prompt: string, options?: { password?: boolean }): Promise<string>;
  clear(wait?: boolean): void;
}

/** The door to this project's kernel, or undefined outside of it: in a terminal, or in tslab's own kernel. */
export function kernelDoor(): KernelDoor | undefined {
  return (globalThis as unknown as { [door]?: KernelDoor })[door];
}

const dist = dirname(dirname(fileURLToPath(import.meta.url)));
const loadedAt = Date.now();

/** Whether dist/ was built again after this process loaded it: then a notebook still runs the old code. */
export function kernelIsStale(folder = dist, since = loadedAt): boolean {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .some((file) => statSync(join(folder, file)).mtimeMs > since);
}

/** The sentence a notebook shows when {@link kernelIsStale}. */
export const staleKernelWarning =
  "dist/ is newer than this kernel: restart the kernel (Kernel menu) so that the notebook runs the code as it is now.";
