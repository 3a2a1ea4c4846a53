import { createProgress, type Progress } from "../display/progress.js";
import type { RunOptions } from "./run.js";

/** Shows how far an experiment is: one updating output in a notebook, lines on stderr in a terminal. */
export function planProgress(label: string): RunOptions {
  let progress: Progress | undefined;
  return {
    onProgress({ done, total, reused, last }) {
      progress ??= createProgress(label, total);
      if (done < total) progress.update(done, nameOf(last?.settings.domain));
      // How many were reused depends on what was stored before, so the last word does not say it.
      else if (reused < total || last === undefined) progress.finish();
    },
  };
}

function nameOf(domain: unknown): string {
  return (domain as { name?: string } | undefined)?.name ?? "";
}
