import { existsSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { projectPath } from "../files/project.js";
import { terminalText } from "../files/shown.js";
import { canonicalLine, resultOf, type StoredResult } from "./canonical-rows.js";
import {
  type Committed,
  dropRow,
  exportedKeys,
  exportRows,
  insertLine,
  isUnchanged,
  readCommitted,
  stampOf,
  storedLines,
  storedRow,
} from "./committed.js";
import { Database } from "./database.js";
import { StoreError } from "./store-error.js";
import { type Row, type Unit, unitKey } from "./unit.js";

export type { StoredResult } from "./canonical-rows.js";

/** Where results live and how the store speaks. */
export interface StoreOptions {
  /** Folder of canonical rows; `data/results` by default. */
  folder?: string;
  /** Folder of the working store and of uncommitted files; by default `.cache/results`, or `.cache` in another `folder`. */
  cache?: string;
  /** Receives one sentence when a damaged file is set aside. */
  warn?: (message: string) => void;
}

/**
 * Results of one profile, by unit key. The working store is an embedded database, to which any number of processes add rows
 * at once; each row is on the disk when `add` returns. The committed files hold the same rows as canonical lines, sorted by
 * key, which are the same bytes in whatever order the rows came: `settle` exports them, whole, and every reading call takes
 * in a file that was changed from outside. A damaged line is reported, its file kept aside, and its unit computed again.
 *
 * A store that may not be written can be read.
 *
 * @throws StoreError, of any call, naming the file and the remedy where it cannot be read or written
 */
export class ResultStore {
  readonly folder: string;
  readonly cache: string;
  private readonly warn: (message: string) => void;
  private readonly database: Database;
  /** Committed files as this process knows them, by kind, and the opening of the database for which that holds. */
  private readonly seen = new Map<string, string>();
  private boundAt = 0;

  constructor(
    readonly profile: string,
    { folder, cache, warn }: StoreOptions = {},
  ) {
    this.folder = join(folder ?? projectPath("data", "results"), profile);
    this.cache = join(cache ?? (folder ? join(folder, ".cache") : projectPath(".cache", "results")), profile);
    this.warn = warn ?? ((message) => process.stderr.write(`${terminalText(message)}\n`));
    this.database = new Database(this.cache);
  }

  /**
   * The result of a unit, or undefined where there is none yet.
   *
   * @param since takes only what was computed after this moment, which `beginFresh` gives
   */
  get(unit: Unit, since?: number): StoredResult | undefined {
    this.refresh(unit.kind);
    const fresh = since === undefined ? "" : " AND seq > ? AND origin = 'computed'";
    const sql = `SELECT line FROM rows WHERE kind = ? AND key = ?${fresh}`;
    const found = this.database.get<{ line: string }>(
      sql,
      unit.kind,
      unitKey(unit),
      ...(since === undefined ? [] : [since]),
    );
    return found && resultOf(found.line);
  }

  /** All results of a kind, sorted by key. */
  all(kind: string): StoredResult[] {
    return [...this.each(kind)];
  }

  /** The results of a kind, sorted by key, one after the other: a million do not lie in memory at once. */
  *each(kind: string): Generator<StoredResult, void> {
    this.refresh(kind);
    for (const { text } of storedLines(this.database, kind)) yield resultOf(text);
  }

  /** How many results of a kind there are. */
  count(kind: string): number {
    this.refresh(kind);
    return this.database.get<{ n: number }>("SELECT count(*) AS n FROM rows WHERE kind = ?", kind)?.n ?? 0;
  }

  /** Stores a unit's row, in place of an older one of the same unit. */
  add(unit: Unit, row: Row): StoredResult {
    const result = { key: unitKey(unit), unit, row };
    const line = canonicalLine(result);
    this.write((database) => {
      const before = storedRow(database, unit.kind, line.key);
      insertLine(database, unit.kind, line, "computed", before?.text === line.text ? before.exported : 0);
    });
    return result;
  }

  /** Notes how long a unit took. Times are of one machine, so they stand beside the rows and are never exported. */
  addTime(unit: Unit, seconds: number): void {
    const sql = "INSERT OR REPLACE INTO times (kind, key, seconds) VALUES (?, ?, ?)";
    this.write((database) => void database.run(sql, unit.kind, unitKey(unit), seconds));
  }

  /** Seconds that units of a kind took here, as far as they were computed here and are still stored; the last time of each. */
  times(kind: string): number[] {
    if (!this.database.exists()) return [];
    this.refresh(kind);
    const sql = "SELECT seconds FROM times JOIN rows USING (kind, key) WHERE kind = ? ORDER BY seq";
    return this.database.all<{ seconds: number }>(sql, kind).map(({ seconds }) => seconds);
  }

  /** Exports the rows of a kind, with those that other processes have added, where the committed file lacks some. */
  settle(kind: string): void {
    if (!this.database.exists()) return;
    this.refresh(kind);
    if (!this.mustExport(kind)) return;
    this.write(() => {
      readCommitted(this.committed(kind));
      if (this.mustExport(kind)) exportRows(this.committed(kind));
    });
    this.remember(kind);
  }

  /** Kinds of which there are results, sorted. */
  storedKinds(): string[] {
    const files = existsSync(this.folder) ? readdirSync(this.folder) : [];
    const committed = files.flatMap((name) => name.match(/^([a-z][a-z-]*)\.jsonl$/)?.[1] ?? []);
    const sql = "SELECT DISTINCT kind FROM rows";
    const working = this.database.exists() ? this.database.all<{ kind: string }>(sql).map(({ kind }) => kind) : [];
    return [...new Set([...committed, ...working])].sort();
  }

  /** Stores results that were computed elsewhere, in place of some of its own, and exports the kind; all of it or nothing. */
  replace(kind: string, dropped: readonly StoredResult[], added: readonly StoredResult[]): void {
    this.write(() => {
      readCommitted(this.committed(kind));
      for (const { key } of dropped) dropRow(this.database, kind, key, "another row took its place");
      for (const result of added) insertLine(this.database, kind, canonicalLine(result), "replaced", 0);
      exportRows(this.committed(kind));
    });
    this.remember(kind);
  }

  /**
   * Begins a fresh run, or takes up one of this name that did not end: what `get` finds since the moment returned was computed
   * by it.
   */
  beginFresh(name: string): number {
    return this.write(() => {
      const last = "coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'rows'), 0)";
      this.database.run(`INSERT OR IGNORE INTO fresh (name, since) VALUES (?, ${last})`, name);
      return this.database.get<{ since: number }>("SELECT since FROM fresh WHERE name = ?", name)?.since ?? 0;
    });
  }

  /** Ends a fresh run: the next of this name computes everything again. */
  endFresh(name: string): void {
    this.write(() => void this.database.run("DELETE FROM fresh WHERE name = ?", name));
  }

  /**
   * What the working store knows of a kind that its committed file may not: keys of rows that were not exported yet, and of
   * rows that stood in the file when it was last read or written. Changes nothing.
   */
  pending(kind: string): { waiting: string[]; exported: string[] } {
    if (!this.database.exists()) return { waiting: [], exported: [] };
    const sql = "SELECT key FROM rows WHERE kind = ? AND exported = 0 ORDER BY key";
    const waiting = this.database.all<{ key: string }>(sql, kind).map(({ key }) => key);
    const exported = isUnchanged(this.committed(kind)) ? [] : exportedKeys(this.database, kind);
    return { waiting, exported };
  }

  /** A stored result, without taking in the committed file. */
  peek(kind: string, key: string): StoredResult | undefined {
    const found = this.database.exists() ? storedRow(this.database, kind, key) : undefined;
    return found && resultOf(found.text);
  }

  /** @throws where rows cannot be stored, so that nothing is computed in vain */
  demandWritable(): void {
    this.bind();
    this.database.demandWritable();
  }

  /** Does several things as one, while no other process writes; what the database keeps of it is undone where it throws. */
  write<T>(work: (database: Database) => T): T {
    this.demandWritable();
    return this.database.transaction(() => work(this.database));
  }

  /** The committed file of a kind. */
  committed(kind: string): Committed {
    const { database, warn } = this;
    return { database, kind, path: join(this.folder, `${kind}.jsonl`), aside: join(this.cache, "damaged"), warn };
  }

  /** Closes the working store, which opens again when it is used; the end of the process closes it too. */
  close(): void {
    this.database.close();
  }

  /** Takes in the committed file of a kind if it is not the one that this process knows. */
  private refresh(kind: string): void {
    this.bind();
    if (this.seen.get(kind) === this.known(kind)) return;
    readCommitted(this.committed(kind));
    this.remember(kind);
  }

  private remember(kind: string): void {
    this.seen.set(kind, this.known(kind));
  }

  private known(kind: string): string {
    return `${this.database.openings} ${stampOf(this.committed(kind).path)}`;
  }

  private mustExport(kind: string): boolean {
    const sql = `SELECT EXISTS (SELECT 1 FROM rows WHERE kind = ?1 AND exported = 0)
      OR EXISTS (SELECT 1 FROM files WHERE kind = ?1 AND dirty = 1) AS needed`;
    return this.database.get<{ needed: number }>(sql, kind)?.needed === 1;
  }

  /** One working store belongs to one folder of committed rows: those of two would mix. */
  private bind(): void {
    const { database } = this;
    if (this.boundAt === database.openings) return;
    const here = relative(this.cache, this.folder);
    const known = database.get<{ value: string }>("SELECT value FROM about WHERE name = 'folder'")?.value;
    const elsewhere = known === undefined ? undefined : resolve(this.cache, known);
    if (elsewhere !== undefined && elsewhere !== resolve(this.folder) && existsSync(elsewhere))
      throw new StoreError(
        `${database.path} is the working store of the results in ${elsewhere}; for ${this.folder} give another folder with --cache.`,
      );
    if (known !== here && !database.isReadOnly)
      database.run("INSERT OR REPLACE INTO about (name, value) VALUES ('folder', ?)", here);
    this.boundAt = database.openings;
  }
}
