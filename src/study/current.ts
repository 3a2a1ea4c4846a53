import type { Study } from "./study.js";

let current: Study | undefined;

/** Notes the study that a notebook has opened. */
export function noteStudy(study: Study): void {
  current = study;
}

/**
 * The study that this program opened last, those opened with `quiet` left out.
 * @throws if there is none
 */
export function currentStudy(): Study {
  if (current) return current;
  throw new Error("No study is open: run the notebook's cells from its first one, then this cell again.");
}
