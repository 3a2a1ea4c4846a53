import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { renameOver } from "./atomic.js";
import { hasHash } from "./hash.js";
import type { HubFile, HubKind } from "./hub-listing.js";
import { noteTemporary, temporaryName } from "./temporary.js";

/*
 * The cache of Python's huggingface_hub: <cache>/models--owner--name/refs/<revision> holds a commit, snapshots/<commit>
 * the files, as links to blobs. It is only ever read.
 */

/** What Python's cache holds of a revision, or undefined. */
export interface PythonSnapshot {
  commit: string;
  folder: string;
  /** Paths with "/". */
  names: string[];
}

export function pythonSnapshot(cache: string, id: string, kind: HubKind, revision: string): PythonSnapshot | undefined {
  if (revision.split("/").some((part) => part === "" || part === "." || part === "..")) return undefined;
  const home = join(cache, `${kind}s--${id.replaceAll("/", "--")}`);
  try {
    const commit = /^[0-9a-f]{40}$/.test(revision)
      ? revision
      : readFileSync(join(home, "refs", ...revision.split("/")), "utf8").trim();
    if (!/^[0-9a-f]{40}$/.test(commit)) return undefined;
    const folder = join(home, "snapshots", commit);
    const found = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const names = found.filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile());
    return { commit, folder, names: names.map((name) => name.replaceAll("\\", "/")) };
  } catch {
    return undefined; // nothing of it is there
  }
}

/** Copies a file from Python's cache to ours, if its size and hash are those that the hub states; whether it was. */
export function copyFromPython(snapshot: PythonSnapshot | undefined, file: HubFile, target: string): boolean {
  if (!snapshot?.names.includes(file.name)) return false;
  const source = join(snapshot.folder, ...file.name.split("/"));
  if (!existsSync(source) || statSync(source).size !== file.size) return false;
  mkdirSync(dirname(target), { recursive: true });
  const temporary = temporaryName(target);
  const forget = noteTemporary(temporary);
  try {
    copyFileSync(source, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    if (!hasHash(temporary, file.hash)) return false;
    renameOver(temporary, target);
    return true;
  } finally {
    rmSync(temporary, { force: true });
    forget?.();
  }
}
