import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/*
 * A run (a notebook's kernel, its workers) has one scratch folder, whose path all its processes have in SIGNMIX_SCRATCH.
 * Each temporary file is noted there while it exists, so that whichever process outlives the others takes all away.
 */

/** The variable that tells a run's processes their scratch folder. */
const VARIABLE = "SIGNMIX_SCRATCH";

const PREFIX = "signmix-run-";

/** Makes the scratch folder of a run; the process that ends the run removes it by {@link removeScratch}. */
export function makeScratch(): string {
  removeAbandoned();
  return mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

/** The variables with which a process of a run is started. */
export function scratchEnvironment(folder: string): Record<string, string> {
  return { [VARIABLE]: folder };
}

/** The scratch folder of the run that this process is part of, where it is part of one. */
export function currentScratch(): string | undefined {
  return process.env[VARIABLE] || undefined;
}

/** Ends this process's part in a run. */
export function clearScratch(): void {
  delete process.env[VARIABLE];
}

/** What {@link removeScratch} of a scratch folder needs in a thread of its own, which loads this module anew. */
export function scratchToRemove(folder: string | undefined): { module: string; folder: string } | undefined {
  return folder ? { module: import.meta.url, folder } : undefined;
}

/** Removes a scratch folder and every temporary file that is noted in it. */
export function removeScratch(folder: string): void {
  if (!basename(folder).startsWith(PREFIX)) return; // never another folder, whatever a variable says
  let notes: string[] = [];
  try {
    notes = readdirSync(folder).filter((name) => name.endsWith(".note"));
  } catch {
    return; // gone already
  }
  for (const note of notes) {
    const path = textOf(join(folder, note));
    if (path && isTemporaryName(path)) rmSync(path, { recursive: true, force: true });
  }
  rmSync(folder, { recursive: true, force: true });
}

/** A name beside `path` that no other process takes. */
export function temporaryName(path: string): string {
  sweep(dirname(path));
  return `${path}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
}

/** Notes a temporary file of this run, where it is part of one; the function that is returned strikes the note. */
export function noteTemporary(path: string): (() => void) | undefined {
  const folder = currentScratch();
  if (!folder) return undefined;
  const note = join(folder, `${process.pid}-${randomBytes(4).toString("hex")}.note`);
  try {
    writeFileSync(note, path);
  } catch {
    return undefined; // the run has ended: its folder is gone
  }
  return () => rmSync(note, { force: true });
}

const swept = new Set<string>();

/** Removes what killed processes left in a folder, once a process and folder. */
function sweep(folder: string): void {
  if (swept.has(folder)) return;
  swept.add(folder);
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const owner = TEMPORARY.exec(name)?.[1];
    if (owner && !isAlive(Number(owner))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Removes scratch folders whose run was killed with all its processes. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (owner && !isAlive(Number(owner))) removeScratch(join(tmpdir(), name));
  }
}

const TEMPORARY = /\.(\d+)-[0-9a-f]{8}\.tmp$/;

function isTemporaryName(path: string): boolean {
  return TEMPORARY.test(path);
}

/** Whether a process of this machine is there, be it another user's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
