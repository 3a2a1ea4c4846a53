import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, sha256OfFile } from "../files/hash.js";
import { type ResultStore, readResults, type StoredResult } from "./store.js";
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

/**
 * Merges results of the same profile from other folders: shards of one plan, run elsewhere, give the bytes that one run of
 * the whole gives. Each folder holds `<kind>.jsonl` files and perhaps `adapters/`.
 *
 * @throws before anything is changed, where a file is damaged, or where two rows of one unit, or two adapters of one name,
 * differ; the message names them
 */
export function mergeResults(store: ResultStore, folders: readonly string[]): Merged {
  const kinds = new Set(store.storedKinds());
  for (const folder of folders) for (const kind of kindsIn(folder)) kinds.add(kind);
  const problems: string[] = [];
  const additions = new Map<string, StoredResult[]>();
  const ran = new Set<string>();
  for (const kind of [...kinds].sort()) {
    const known = new Map(store.all(kind).map((result) => [result.key, { result, from: store.folder }]));
    const before = known.size;
    for (const folder of folders) {
      const path = join(folder, `${kind}.jsonl`);
      const { results, damaged } = readResults(path);
      if (damaged > 0) problems.push(`${path} has ${damaged} damaged line${damaged > 1 ? "s" : ""}`);
      for (const result of results) {
        const other = known.get(result.key);
        if (!other) known.set(result.key, { result, from: folder });
        else if (canonicalJson(other.result) !== canonicalJson(result))
          problems.push(`${unitName(result.unit)} has one row in ${other.from} and another in ${folder}`);
      }
    }
    for (const { result } of known.values()) if (typeof result.row.ran === "string") ran.add(result.row.ran);
    additions.set(
      kind,
      [...known.values()].slice(before).map(({ result }) => result),
    );
  }
  const copies = adapterCopies(store, folders, problems);
  if (problems.length > 0) throw new Error(`Nothing was merged:\n${problems.map((each) => `  ${each}`).join("\n")}`);
  for (const { from, to } of copies) {
    mkdirSync(join(to, ".."), { recursive: true });
    copyFileSync(from, to);
  }
  for (const [kind, added] of additions) if (added.length > 0) store.replace(kind, [], added);
  return {
    rows: Object.fromEntries([...additions].map(([kind, added]) => [kind, added.length])),
    adapters: copies.length,
    ran: [...ran].sort(),
  };
}

/** Kinds of which a folder holds canonical rows. */
export function kindsIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => name.match(/^([a-z][a-z-]*)\.jsonl$/)?.[1] ?? []);
}

/** Adapter files that the store lacks. */
function adapterCopies(store: ResultStore, folders: readonly string[], problems: string[]) {
  const copies = new Map<string, { from: string; to: string }>();
  for (const folder of folders.map((each) => join(each, "adapters")).filter((each) => existsSync(each))) {
    for (const name of readdirSync(folder).filter((each) => each.endsWith(".safetensors"))) {
      const from = join(folder, name);
      const to = join(store.folder, "adapters", name);
      const known = copies.get(name)?.from ?? (existsSync(to) ? to : undefined);
      if (known === undefined) copies.set(name, { from, to });
      else if (sha256OfFile(known) !== sha256OfFile(from)) problems.push(`${known} and ${from} differ`);
    }
  }
  return [...copies.values()];
}
