import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeTrained, type TrainedAdapter } from "../results/trained-file.js";
import type { Study } from "./study.js";

const loaded = new Map<string, TrainedAdapter>();

/**
 * Where the adapter of a hash is kept: with the committed results for the first seed, in the cache for the others,
 * which can be trained again to the same bytes.
 */
export function adapterPath(study: Study, hash: string, seed: number): string {
  const { folder, cache } = study.store;
  return join(seed === study.settings.seeds[0] ? folder : cache, "adapters", `${hash}.safetensors`);
}

/** Whether an adapter's file is there. */
export function hasAdapter(study: Study, hash: string): boolean {
  return placesOf(study, hash).some((path) => existsSync(path));
}

/**
 * A trained adapter and its head, by the adapter's hash.
 * @throws if the file is missing; training the domain again restores it
 */
export function trainedAdapter(study: Study, hash: string): TrainedAdapter {
  const known = loaded.get(hash);
  if (known) return known;
  const path = placesOf(study, hash).find((place) => existsSync(place));
  if (!path) throw new Error(`The trained adapter ${hash} is missing; train its domain again to restore it.`);
  const trained = decodeTrained(readFileSync(path));
  loaded.set(hash, trained);
  return trained;
}

function placesOf({ store }: Study, hash: string): string[] {
  return [store.folder, store.cache].map((folder) => join(folder, "adapters", `${hash}.safetensors`));
}
