import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../files/atomic.js";
import { sha256 } from "../files/hash.js";

/*
 * A command that computes everything again may run many plans, in many processes. All of them take the fresh run's name
 * from SIGNMIX_FRESH_RUN, so that the command, stopped and given again, computes what it had not computed yet.
 */

/** The variable that tells a command's processes the name of its fresh run. */
const VARIABLE = "SIGNMIX_FRESH_RUN";

/** The fresh run that this process is part of, where it is part of one. */
export function currentFreshRun(): string | undefined {
  return process.env[VARIABLE] || undefined;
}

/**
 * Begins the fresh run of a command, or takes up the one that did not end.
 *
 * @param cache folder in which unfinished runs are noted
 * @param command what tells the command from others, such as its arguments
 * @returns the environment of its processes, and what is called when all of it is computed
 */
export function beginFreshRun(
  cache: string,
  command: readonly string[],
): { environment: Record<string, string>; end(): void } {
  const note = join(cache, "fresh-runs", sha256(JSON.stringify(command)).slice(0, 32));
  if (!existsSync(note)) writeFileAtomic(note, randomBytes(16).toString("hex"));
  return {
    environment: { [VARIABLE]: `command ${readFileSync(note, "utf8")}` },
    end: () => rmSync(note, { force: true }),
  };
}
