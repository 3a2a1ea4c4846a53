import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from "@photostructure/sqlite";
import { StoreError, storeError } from "./store-error.js";

/** What a statement takes and gives. */
export type Value = string | number | null;

/** Marks an SQLite file as a working store of this project ("smix"), and the shape of its tables. */
const applicationId = 0x736d6978;
const schemaVersion = 1;

const schema = `
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
  -- Rows in the order in which they came. "line" is the line of the committed file. "origin": computed here, read from the
  -- committed file, or merged from another folder. "exported": 1 once the line stands in the committed file.
  CREATE TABLE IF NOT EXISTS rows (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, key TEXT NOT NULL, line TEXT NOT NULL, origin TEXT NOT NULL, exported INTEGER NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS rows_by_key ON rows (kind, key);
  CREATE INDEX IF NOT EXISTS rows_waiting ON rows (kind) WHERE exported = 0;
  -- Rows that another took the place of, or that went from the committed file: the last of each unit, and why it went.
  CREATE TABLE IF NOT EXISTS dropped (
    kind TEXT NOT NULL, key TEXT NOT NULL, line TEXT NOT NULL, why TEXT NOT NULL, PRIMARY KEY (kind, key));
  -- The committed files as they were last read or written. "dirty": 1 where rows that they hold were forgotten since.
  CREATE TABLE IF NOT EXISTS files (
    kind TEXT PRIMARY KEY, stamp TEXT NOT NULL, hash TEXT NOT NULL, settled INTEGER NOT NULL, dirty INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS times (
    kind TEXT NOT NULL, key TEXT NOT NULL, seconds REAL NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
  -- Fresh runs that have not ended: what they computed came after the row "since".
  CREATE TABLE IF NOT EXISTS fresh (name TEXT PRIMARY KEY, since INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  -- For whoever opens this file with a tool: SELECT row ->> '$.accuracy' FROM results WHERE kind = 'evaluate'.
  CREATE VIEW IF NOT EXISTS results AS
    SELECT kind, key, line -> '$.row' AS row, line -> '$.unit.settings' AS settings, line ->> '$.unit.code' AS code,
      origin, exported FROM rows;
`;

/**
 * The embedded database of a working store, one SQLite file that any number of processes read and write. It is opened when it
 * is first used. Where it may not be written, reading goes on from a private copy and writing is refused with the reason.
 */
export class Database {
  private connection?: DatabaseSyncInstance;
  private readonly statements = new Map<string, StatementSyncInstance>();
  private refusal?: Error;
  private inode?: bigint;
  private opened = 0;
  private depth = 0;
  readonly path: string;

  constructor(private readonly folder: string) {
    this.path = join(folder, "results.sqlite");
  }

  /** How often it was opened: what was remembered of its content holds for one opening. */
  get openings(): number {
    this.open();
    return this.opened;
  }

  /** Whether there is a file yet; looking at it would make one. */
  exists(): boolean {
    return existsSync(this.path);
  }

  /** Runs a statement that changes something, and returns the number of its last new row. */
  run(sql: string, ...values: Value[]): number {
    return this.attempt(writing, () => Number(this.prepare(sql).run(...values).lastInsertRowid));
  }

  /** The first row of a query. */
  get<T>(sql: string, ...values: Value[]): T | undefined {
    return this.attempt(reading, () => this.prepare(sql).get(...values) as T | undefined);
  }

  /** All rows of a query. */
  all<T>(sql: string, ...values: Value[]): T[] {
    return this.attempt(reading, () => this.prepare(sql).all(...values) as T[]);
  }

  /**
   * Does several things as one, alone among all processes: all of it is stored, or, where it throws or the process is killed,
   * none. One inside another is part of it.
   */
  transaction<T>(work: () => T): T {
    if (this.depth > 0) return work();
    if (this.connection && !this.refusal && inodeOf(this.path) !== this.inode) this.close(); // it was moved away
    this.control("BEGIN IMMEDIATE");
    this.depth++;
    try {
      const result = work();
      this.control("COMMIT");
      return result;
    } catch (error) {
      try {
        this.control("ROLLBACK");
      } catch {
        // SQLite has rolled back already, as it does on a full disk.
      }
      throw error;
    } finally {
      this.depth--;
    }
  }

  /** @throws the reason, where it is read from a private copy and what is written would be lost */
  demandWritable(): void {
    this.open();
    if (this.refusal) throw this.refusal;
  }

  /** Whether it is read from a private copy. */
  get isReadOnly(): boolean {
    this.open();
    return this.refusal !== undefined;
  }

  /** Closes the file; it is opened again when it is used again. */
  close(): void {
    const { connection } = this;
    if (!connection) return;
    this.connection = undefined;
    this.statements.clear();
    open.delete(this);
    try {
      if (!this.refusal) connection.exec("PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // What is in the log stays there, and the next process reads it.
    }
    connection.close();
  }

  private control(sql: string): void {
    this.attempt(writing, () => this.open().exec(sql));
  }

  private prepare(sql: string): StatementSyncInstance {
    const connection = this.open();
    const statement = this.statements.get(sql) ?? connection.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }

  private attempt<T>(doing: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeError(error, doing, this.path);
    }
  }

  private open(): DatabaseSyncInstance {
    if (this.connection) return this.connection;
    try {
      mkdirSync(this.folder, { recursive: true });
      for (const path of [this.folder, this.path])
        if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
      this.connection = openFile(this.path, journalFor(this.folder));
      this.inode = inodeOf(this.path);
      this.refusal = undefined;
    } catch (error) {
      const refusal = storeError(error, writing, this.path);
      if (!(refusal instanceof StoreError) || refusal === error || isBusyOrDamaged(error)) throw refusal;
      this.connection = openPrivateCopy(this.path);
      this.refusal = refusal;
    }
    this.opened++;
    open.add(this);
    return this.connection;
  }
}

const writing = "Results cannot be stored";
const reading = "Stored results cannot be read";
const isBusyOrDamaged = (error: unknown) => [5, 6, 11, 26].includes((error as { sqliteCode?: number }).sqliteCode ?? 0);

/** Databases that are open in this process, closed when it ends. */
const open = new Set<Database>();
process.once("exit", () => {
  for (const database of [...open]) database.close();
});

const inodeOf = (path: string): bigint | undefined => statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;

const waitMilliseconds = 120_000;

function openFile(path: string, journal: "WAL" | "DELETE" | "MEMORY"): DatabaseSyncInstance {
  const connection = new DatabaseSync(path, { timeout: waitMilliseconds });
  try {
    // A row took seconds to minutes to compute, so each commit waits for the disk. The cache holds the index of a million rows.
    connection.exec(
      "PRAGMA synchronous = FULL; PRAGMA cache_size = -98304; PRAGMA journal_size_limit = 16777216; PRAGMA wal_autocheckpoint = 128",
    );
    retryWhileBusy(() => connection.exec(`PRAGMA journal_mode = ${journal}`));
    const { user_version: version } = connection.prepare("PRAGMA user_version").get() as { user_version: number };
    if (version > schemaVersion)
      throw new StoreError(
        `${path} is of a newer version of this project; use that, or give another folder with --cache.`,
      );
    if (version < schemaVersion) connection.exec(`BEGIN IMMEDIATE; ${schema} COMMIT`);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Turning the log on needs the file alone for a moment, for which SQLite does not wait. */
function retryWhileBusy(work: () => void): void {
  const end = Date.now() + waitMilliseconds;
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      if ((error as { sqliteCode?: number }).sqliteCode !== 5 || Date.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20); // sleeps, in milliseconds
    }
  }
}

/**
 * A copy, which vanishes with the process, of a database that may not be written; an empty one where there is none. The copy
 * takes in what a killed process left in the log, which a read-only file could not.
 */
function openPrivateCopy(path: string): DatabaseSyncInstance {
  const folder = mkdtempSync(join(tmpdir(), "signmix-store-"));
  try {
    const copy = join(folder, basename(path));
    for (const part of ["", "-wal"].filter((each) => existsSync(path + each))) {
      copyFileSync(path + part, copy + part);
      chmodSync(copy + part, 0o600); // a copy takes over that it may not be written
    }
    const connection = openFile(copy, "MEMORY");
    if (process.platform === "win32") process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    return connection;
  } finally {
    if (process.platform !== "win32") rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A write-ahead log, with which readers and a writer do not wait for each other, needs memory that processes share; a disk that
 * several machines share has none, so there it is a rollback journal.
 */
function journalFor(folder: string): "WAL" | "DELETE" {
  return sharedDisks.has(statfsSync(folder).type >>> 0) ? "DELETE" : "WAL";
}

/** Types of file systems over a network or through a server, as statfs(2) of Linux names them. */
const sharedDisks = new Set([
  ...[0x6969, 0x517b, 0xfe534d42, 0xff534d42], // NFS, SMB
  ...[0x0bd00bd0, 0x47504653, 0x00c36400, 0x19830326, 0xaad7aaea, 0x5346414f], // Lustre, GPFS, Ceph, BeeGFS, PanFS, AFS
  ...[0x65735546, 0x01021997], // FUSE, 9P
]);
