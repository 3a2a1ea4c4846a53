import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { renameOver, writeFileAtomic } from "../files/atomic.js";
import { canonicalJson, sha256, sha256OfFile } from "../files/hash.js";
import { appendJsonLines, readJsonLines } from "../files/json-lines.js";
import { projectPath } from "../files/project.js";
import { type Row, type Unit, unitKey } from "./unit.js";

/** A stored result: the unit, its key and its row. */
export interface StoredResult {
  key: string;
  unit: Unit;
  row: Row;
}

/** Where results live and how the store speaks. */
export interface StoreOptions {
  /** Folder of canonical rows; `data/results` by default. */
  folder?: string;
  /** Folder of journals and uncommitted files; `.cache/results` by default. */
  cache?: string;
  /** Receives one sentence when a damaged file is set aside. */
  warn?: (message: string) => void;
}

/**
 * Results of one profile, by unit key. While a plan runs, rows are appended to a journal, one line each;
 * `settle` merges the journal into the canonical file, sorted by key, which is the same bytes in whatever order
 * the rows came. A line that is damaged is reported, the file is set aside, and its unit is computed again.
 */
export class ResultStore {
  readonly folder: string;
  readonly cache: string;
  private readonly warn: (message: string) => void;
  private readonly kinds = new Map<string, Map<string, StoredResult>>();

  constructor(
    readonly profile: string,
    options: StoreOptions = {},
  ) {
    this.folder = join(options.folder ?? projectPath("data", "results"), profile);
    this.cache = join(options.cache ?? projectPath(".cache", "results"), profile);
    this.warn = options.warn ?? ((message) => process.stderr.write(`${message}\n`));
  }

  /** The result of a unit, or undefined where there is none yet. */
  get(unit: Unit): StoredResult | undefined {
    return this.load(unit.kind).get(unitKey(unit));
  }

  /** All results of a kind, sorted by key. */
  all(kind: string): StoredResult[] {
    return [...this.load(kind).values()].sort(byKey);
  }

  /** Stores a unit's row at once, as one line of the journal. */
  add(unit: Unit, row: Row): StoredResult {
    const result = { key: unitKey(unit), unit, row };
    this.load(unit.kind).set(result.key, result);
    appendJsonLines(this.journalPath(unit.kind), checked(result));
    return result;
  }

  /** Notes how long a unit took. Times are of one machine, so they stand in the cache, beside the rows and not in them. */
  addTime(unit: Unit, seconds: number): void {
    appendJsonLines(this.timesPath(unit.kind), { key: unitKey(unit), seconds });
  }

  /** Seconds that units of a kind took here, as far as they were computed here and are still stored; the last time of each. */
  times(kind: string): number[] {
    const known = this.load(kind);
    const seconds = new Map<string, number>();
    for (const line of readJsonLines<{ key: string; seconds: number }>(this.timesPath(kind))) {
      if (known.has(line.key)) seconds.set(line.key, line.seconds);
    }
    return [...seconds.values()];
  }

  private timesPath(kind: string): string {
    return join(this.cache, "times", `${kind}.jsonl`);
  }

  /** Merges the journal of a kind into its canonical file. */
  settle(kind: string): void {
    if (!existsSync(this.journalPath(kind))) return;
    this.writeCanonical(kind);
    rmSync(this.journalPath(kind));
  }

  /** Forgets the results of these units, so that they are computed again; the old files are kept in the cache. */
  forget(units: Unit[]): void {
    for (const kind of new Set(units.map((unit) => unit.kind))) {
      const known = units.filter((unit) => unit.kind === kind).flatMap((unit) => this.get(unit) ?? []);
      if (known.length > 0) this.replace(kind, known, []);
    }
  }

  /** Kinds of which there are results, sorted. */
  storedKinds(): string[] {
    const names = [this.folder, this.cache].filter(existsSync).flatMap((folder) => readdirSync(folder));
    const kinds = names.map((name) => name.match(/^([a-z][a-z-]*)(\.journal)?\.jsonl$/)?.[1]);
    return [...new Set(kinds)].filter((kind) => kind !== undefined).sort();
  }

  /** Stores results that were computed elsewhere, in place of some of its own; the old files are kept in the cache. */
  replace(kind: string, dropped: readonly StoredResult[], added: readonly StoredResult[]): void {
    const results = this.load(kind);
    for (const { key } of dropped) results.delete(key);
    for (const result of added) results.set(result.key, result);
    this.setAside(this.canonicalPath(kind), "replaced");
    this.setAside(this.journalPath(kind), "replaced");
    this.writeCanonical(kind);
  }

  private writeCanonical(kind: string): void {
    const lines = this.all(kind).map((result) => `${canonicalJson(checked(result))}\n`);
    writeFileAtomic(this.canonicalPath(kind), lines.join(""));
  }

  private canonicalPath(kind: string): string {
    return join(this.folder, `${kind}.jsonl`);
  }

  private journalPath(kind: string): string {
    return join(this.cache, `${kind}.journal.jsonl`);
  }

  private load(kind: string): Map<string, StoredResult> {
    const known = this.kinds.get(kind);
    if (known) return known;
    const results = new Map<string, StoredResult>();
    this.kinds.set(kind, results);
    const damaged = [this.canonicalPath(kind), this.journalPath(kind)].filter((path) => !this.read(path, results));
    if (damaged.length > 0) {
      for (const path of damaged) this.setAside(path, "damaged");
      this.writeCanonical(kind);
    }
    return results;
  }

  /** Reads the sound lines of a file; false where one is damaged. */
  private read(path: string, into: Map<string, StoredResult>): boolean {
    const { results, damaged } = readResults(path);
    for (const result of results) into.set(result.key, result);
    if (damaged > 0) {
      this.warn(
        `${path}: ${damaged} damaged line${damaged > 1 ? "s" : ""}. The file is set aside; ` +
          `${into.size} sound results are kept and the rest is computed again.`,
      );
    }
    return damaged === 0;
  }

  private setAside(path: string, why: string): void {
    if (!existsSync(path)) return;
    const target = join(this.cache, why, `${basename(path)}.${sha256OfFile(path).slice(0, 12)}`);
    mkdirSync(dirname(target), { recursive: true });
    renameOver(path, target);
  }
}

function byKey(a: StoredResult, b: StoredResult): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** A result with a checksum of its canonical JSON. */
function checked(result: StoredResult): StoredResult & { check: string } {
  return { ...result, check: sha256(canonicalJson(result)).slice(0, 8) };
}

/**
 * The sound results of a canonical file or journal, and how many of its lines are damaged; nothing where there is no file.
 * A torn last line of a journal is a killed run's, and no damage.
 */
export function readResults(path: string): { results: StoredResult[]; damaged: number } {
  if (!existsSync(path)) return { results: [], damaged: 0 };
  const lines = readFileSync(path, "utf8").split("\n");
  const last = lines.pop();
  const parsed = lines.map(parseLine);
  const torn = last !== "" && !path.endsWith(".journal.jsonl") ? 1 : 0;
  const results = parsed.filter((result) => result !== undefined);
  return { results, damaged: parsed.length - results.length + torn };
}

function parseLine(line: string): StoredResult | undefined {
  try {
    const { check, ...result } = JSON.parse(line) as StoredResult & { check: string };
    return check === checked(result).check ? result : undefined;
  } catch {
    return undefined;
  }
}
