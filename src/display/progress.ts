import { randomBytes } from "node:crypto";
import { terminalText } from "../files/shown.js";
import { cellDisplay } from "./kernel.js";

/** Tells how far a long job is. */
export interface Progress {
  /** @param done units finished so far @param note what is being done, such as a domain's name */
  update(done: number, note?: string): void;
  /** The last word; it holds no time, so that a committed notebook stays equal. */
  finish(note?: string): void;
}

/** 75 → "1 min 15 s" */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

const secondsBetween = { notebook: 0.5, terminal: 5 };

/**
 * Progress of a job of `total` units: in a notebook one output that is replaced as the job goes on, in a terminal a line on
 * stderr every few seconds.
 */
export function createProgress(label: string, total: number): Progress {
  const display = cellDisplay();
  const id = randomBytes(8).toString("hex");
  const started = performance.now();
  let last = Number.NEGATIVE_INFINITY;
  let shown = false;

  function put(text: string): void {
    if (display) display({ "text/plain": text }, id, shown);
    else process.stderr.write(`${terminalText(text)}\n`);
    shown = true;
  }

  return {
    update(done, note = "") {
      const now = performance.now();
      const elapsed = (now - started) / 1000;
      if (now - last < 1000 * (display ? secondsBetween.notebook : secondsBetween.terminal)) return;
      last = now;
      const left = done > 0 && done < total ? `, about ${formatSeconds((elapsed / done) * (total - done))} left` : "";
      put(`${label}: ${done} of ${total}${note && ` (${note})`}, ${formatSeconds(elapsed)}${left}`);
    },
    finish(note = "") {
      put(`${label}: ${total} of ${total}${note && `, ${note}`}`);
    },
  };
}
