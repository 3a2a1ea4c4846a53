import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectPath } from "./project.js";

/** A folder that holds a file of this name is a workplace: what runs in it writes there, and not among the committed files. */
export const workplaceFile = ".signmix-workplace";

/** Where a program that runs in a workplace reads and writes, absolute. */
export interface Workplace {
  folder: string;
  /** Canonical rows by profile, as in `data/results`. */
  results: string;
  /** The working store, and whatever else can be made again. */
  cache: string;
  /** Figures by profile. */
  figures: string;
}

/**
 * The workplace that a folder lies in, such as `class/`, or undefined where it lies in none.
 * @param from the folder; by default the one that the program, or the notebook, runs in
 */
export function workplace(from: string = process.cwd()): Workplace | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, workplaceFile))) {
      return {
        folder,
        results: join(folder, "results"),
        cache: join(folder, ".cache", "results"),
        figures: join(folder, "figures"),
      };
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/** Absolute path of something that can be made again: in the workplace's cache, or else in the project's. */
export function cachePath(...parts: string[]): string {
  const here = workplace();
  return here ? join(here.folder, ".cache", ...parts) : projectPath(".cache", ...parts);
}
