import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { adapterHash } from "../adapters/adapter.js";
import { readLines, resultOf, type StoredResult } from "./canonical-rows.js";
import type { ResultsContext } from "./context.js";
import type { ResultStore } from "./store.js";
import { decodeTrained } from "./trained-file.js";

/** The state of one kind's rows. */
export interface KindState {
  kind: string;
  rows: number;
  /** Rows of an older state of the code, which today's units do not find. */
  stale: number;
  /** Lines of the committed file that cannot be read, or whose checksum is wrong. */
  damaged: number;
}

/** A kind of which the working store and the committed file hold different rows. */
export interface Apart {
  kind: string;
  /** Rows of the working store that are not in the committed file yet, as a killed run leaves them. */
  waiting: number;
  /** Rows that were in the committed file when it was last read or written here, and are not any more. */
  gone: number;
}

/** The state of a profile's stored results. */
export interface ResultsState {
  kinds: KindState[];
  apart: Apart[];
  adapters: { files: number; damaged: string[]; missing: number };
  /** What the rows were computed on. */
  ran: string[];
}

/** Looks at stored results without changing a file. `codeOf` gives the code hash that a unit has today. */
export function checkResults(store: ResultStore, codeOf: ResultsContext["codeOf"]): ResultsState {
  const ran = new Set<string>();
  const named = new Set<string>();
  const apart: Apart[] = [];
  const kinds = store.storedKinds().map((kind): KindState => {
    const keys = new Set<string>();
    const state = { kind, rows: 0, stale: 0, damaged: 0 };
    const see = ({ key, unit, row }: StoredResult) => {
      if (keys.has(key)) return;
      keys.add(key);
      state.rows++;
      if (unit.code !== codeOf(unit)) state.stale++;
      if (typeof row.ran === "string") ran.add(row.ran);
      if (typeof row.adapter === "string") named.add(row.adapter);
    };
    for (const line of readLines(store.committed(kind).path)) {
      if (line) see(resultOf(line.text));
      else state.damaged++;
    }
    const { waiting, exported } = store.pending(kind);
    const gone = exported.filter((key) => !keys.has(key)).length - state.damaged;
    const added = waiting.flatMap((key) => (keys.has(key) ? [] : (store.peek(kind, key) ?? [])));
    for (const result of added) see(result);
    if (added.length > 0 || gone > 0) apart.push({ kind, waiting: added.length, gone: Math.max(0, gone) });
    return state;
  });
  const places = [store.folder, store.cache].map((folder) => join(folder, "adapters"));
  const files = places.filter(existsSync).flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const kept = files.filter((file) => file.endsWith(".safetensors"));
  const damaged = kept.filter((file) => !isSound(file));
  const held = new Set(kept.map(hashInName));
  const missing = [...named].filter((hash) => !held.has(hash)).length;
  return { kinds, apart, adapters: { files: kept.length, damaged, missing }, ran: [...ran].sort() };
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
