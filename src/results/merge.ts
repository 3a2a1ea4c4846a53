import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileSynced } from "../files/atomic.js";
import { sha256OfFile } from "../files/hash.js";
import { readLines, resultOf } from "./canonical-rows.js";
import { exportRows, insertLine, readCommitted, storedRow } from "./committed.js";
import type { Database } from "./database.js";
import { differingFields } from "./recompute.js";
import type { ResultStore } from "./store.js";
import { storeError } from "./store-error.js";
import { unitName } from "./unit-name.js";

/** What a merge brought. */
export interface Merged {
  /** New rows of each kind. */
  rows: Record<string, number>;
  /** Adapter files copied. */
  adapters: number;
  /** What the rows were computed on; more than one means that numbers of several machines stand together. */
  ran: string[];
}

/** Where results of a profile lie. */
export interface ResultsPlace {
  /** Folder of canonical rows, with adapters of the first seed in `adapters/`. */
  folder: string;
  /** Folder of the working store, with adapters of other seeds in `adapters/`; nothing of it is merged where it is left out. */
  cache?: string;
}

/** Problems that are told one by one. */
const mostTold = 20;

/**
 * Merges results of the same profile from other folders: shards of one plan, run elsewhere, give the bytes that one run of
 * the whole gives. Each folder holds `<kind>.jsonl` files and perhaps `adapters/`; adapters that lie in a place's cache come
 * into the store's. Rows go through one by one, however many there are.
 *
 * @throws before anything is changed, where a file is damaged, or where two rows of one unit, or two adapters of one name,
 * differ; the message names them
 */
export function mergeResults(store: ResultStore, places: readonly ResultsPlace[]): Merged {
  const folders = places.map(({ folder }) => folder);
  const kinds = [...new Set([...store.storedKinds(), ...folders.flatMap(kindsIn)])].sort();
  const rows: Record<string, number> = {};
  return store.write((database) => {
    const problems: string[] = [];
    let untold = 0;
    const tell = (problem: string) => (problems.length < mostTold ? problems.push(problem) : untold++);
    for (const kind of kinds) {
      readCommitted(store.committed(kind));
      const merging = new KindMerge(database, kind, store.folder);
      for (const folder of folders) merging.take(folder, tell);
      rows[kind] = merging.added;
    }
    const copies = adapterCopies(store, places, problems);
    if (untold > 0) problems.push(`and ${untold} more`);
    if (problems.length > 0) throw new Error(`Nothing was merged:\n${problems.map((each) => `  ${each}`).join("\n")}`);
    copyAll(copies, () => {
      for (const kind of kinds) if (rows[kind] > 0) exportRows(store.committed(kind));
    });
    return { rows, adapters: copies.length, ran: ranOn(database) };
  });
}

/** Takes the rows of one kind from folder after folder. */
class KindMerge {
  added = 0;
  /** The folders so far, with the number of the first row that came from each. */
  private readonly sources: { folder: string; first: number }[];

  constructor(
    private readonly database: Database,
    private readonly kind: string,
    own: string,
  ) {
    this.sources = [{ folder: own, first: 0 }];
  }

  take(folder: string, tell: (problem: string) => void): void {
    const { database, kind } = this;
    const path = join(folder, `${kind}.jsonl`);
    let damaged = 0;
    let isFirst = true;
    for (const line of readLines(path)) {
      const known = line && storedRow(database, kind, line.key);
      if (!line) damaged++;
      else if (!known) {
        const number = insertLine(database, kind, line, "merged", 0);
        if (isFirst) this.sources.push({ folder, first: number });
        isFirst = false;
        this.added++;
      } else if (known.text !== line.text && differ(known.text, line.text)) {
        const other = this.sources.filter(({ first }) => first <= known.seq).at(-1)?.folder;
        tell(`${unitName(resultOf(line.text).unit)} has one row in ${other} and another in ${folder}`);
      }
    }
    if (damaged > 0) tell(`${path} has ${damaged} damaged line${damaged > 1 ? "s" : ""}`);
  }
}

/** Whether two lines of one unit say different things, whatever they were computed on. */
function differ(a: string, b: string): boolean {
  return differingFields(resultOf(a).row, resultOf(b).row).length > 0;
}

/** What the rows of a store were computed on. */
function ranOn(database: Database): string[] {
  const sql = "SELECT DISTINCT line ->> '$.row.ran' AS ran FROM rows WHERE ran IS NOT NULL ORDER BY ran";
  return database.all<{ ran: string }>(sql).map(({ ran }) => ran);
}

/** Kinds of which a folder holds canonical rows. */
export function kindsIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => name.match(/^([a-z][a-z-]*)\.jsonl$/)?.[1] ?? []);
}

interface Copy {
  from: string;
  to: string;
}

/** Adapter files that the store lacks. */
function adapterCopies(store: ResultStore, places: readonly ResultsPlace[], problems: string[]): Copy[] {
  const copies = new Map<string, Copy>();
  const take = (folder: string, into: string) => {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder).filter((each) => each.endsWith(".safetensors"))) {
      const from = join(folder, name);
      const to = join(into, name);
      const known = copies.get(to)?.from ?? (existsSync(to) ? to : undefined);
      if (known === undefined) copies.set(to, { from, to });
      else if (sha256OfFile(known) !== sha256OfFile(from)) problems.push(`${known} and ${from} differ`);
    }
  };
  for (const { folder, cache } of places) {
    take(join(folder, "adapters"), join(store.folder, "adapters"));
    if (cache) take(join(cache, "adapters"), join(store.cache, "adapters"));
  }
  return [...copies.values()];
}

/** Copies files, then does what needs them; where either fails, the copies go again. */
function copyAll(copies: readonly Copy[], then: () => void): void {
  const made: string[] = [];
  try {
    for (const { from, to } of copies) {
      made.push(to);
      try {
        writeFileSynced(to, [readFileSync(from)]);
      } catch (error) {
        throw storeError(error, "An adapter cannot be copied", to);
      }
    }
    then();
  } catch (error) {
    for (const path of made) rmSync(path, { force: true });
    throw error;
  }
}
