import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { adapterHash } from "../adapters/adapter.js";
import type { ResultsContext } from "./context.js";
import { type ResultStore, readResults } from "./store.js";
import { decodeTrained } from "./trained-file.js";

/** The state of one kind's rows. */
export interface KindState {
  kind: string;
  rows: number;
  /** Rows of an older state of the code, which today's units do not find. */
  stale: number;
  /** Lines that cannot be read, or whose checksum is wrong. */
  damaged: number;
}

/** The state of a profile's stored results. */
export interface ResultsState {
  kinds: KindState[];
  adapters: { files: number; damaged: string[]; missing: number };
  /** What the rows were computed on. */
  ran: string[];
}

/** Looks at stored results without changing a file. `codeOf` gives the code hash that a unit has today. */
export function checkResults(store: ResultStore, codeOf: ResultsContext["codeOf"]): ResultsState {
  const ran = new Set<string>();
  const named = new Set<string>();
  const kinds = store.storedKinds().map((kind): KindState => {
    const paths = [join(store.folder, `${kind}.jsonl`), join(store.cache, `${kind}.journal.jsonl`)];
    const parts = paths.map(readResults);
    const results = new Map(parts.flatMap((part) => part.results).map((result) => [result.key, result]));
    for (const { row } of results.values()) {
      if (typeof row.ran === "string") ran.add(row.ran);
      if (typeof row.adapter === "string") named.add(row.adapter);
    }
    return {
      kind,
      rows: results.size,
      stale: [...results.values()].filter(({ unit }) => unit.code !== codeOf(unit)).length,
      damaged: parts.reduce((sum, { damaged }) => sum + damaged, 0),
    };
  });
  const places = [store.folder, store.cache].map((folder) => join(folder, "adapters"));
  const files = places.filter(existsSync).flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const kept = files.filter((file) => file.endsWith(".safetensors"));
  const damaged = kept.filter((file) => !isSound(file));
  const held = new Set(kept.map(hashInName));
  const missing = [...named].filter((hash) => !held.has(hash)).length;
  return { kinds, adapters: { files: kept.length, damaged, missing }, ran: [...ran].sort() };
}

const hashInName = (file: string) => file.replace(/^.*[\\/]/, "").replace(/\.safetensors$/, "");

/** Whether a file holds the adapter whose hash is its name. */
function isSound(file: string): boolean {
  try {
    return adapterHash(decodeTrained(readFileSync(file)).adapter).startsWith(hashInName(file));
  } catch {
    return false;
  }
}
