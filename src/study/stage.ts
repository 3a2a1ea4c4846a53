import { isAbsolute, join, relative } from "node:path";
import type { ResultsPlace } from "../results/merge.js";
import { type Outcome, type PlanOptions, runPlan, type UnitRunner } from "../results/plan.js";
import { type Shard, shardName } from "../results/shard.js";
import { ResultStore } from "../results/store.js";
import type { Unit } from "../results/unit.js";
import { runnerOf } from "./run.js";
import type { Study } from "./study.js";

/**
 * Computes one shard's units, those of them that it has not stored yet. The study's own store is read and not written, so
 * that every shard of a stage plans from the same rows: rows, adapters and masks go to a folder of the shard, which
 * `mergeResults` takes in. Killed and started again, a shard goes on where it was.
 */
export async function runShard(study: Study, units: Unit[], shard: Shard, options: PlanOptions = {}): Promise<void> {
  const own = shardStore(study.store, shard);
  await runPlan(units, own, movedTo(own, study.store, runnerOf(study)), options);
}

/** Where a shard's rows, and its adapters, are kept: beside the working store of the study. */
export function shardStore({ cache, profile }: ResultStore, shard: Shard): ResultStore {
  return new ResultStore(profile, { folder: join(shardsFolder(cache), shardName(shard)) });
}

/** The place of a shard by its folder's name, as `mergeResults` takes it. */
export function shardPlace({ cache, profile }: ResultStore, name: string): ResultsPlace {
  const folder = join(shardsFolder(cache), name);
  return { folder: join(folder, profile), cache: join(folder, ".cache", profile) };
}

/** The folder of all shards of a study, in that of its working store. */
export const shardsFolder = (cache: string): string => join(cache, "shards");

/** Runs units with the files that belong to them in another store's folders. */
function movedTo(to: ResultStore, from: ResultStore, run: UnitRunner): UnitRunner {
  const places = [
    [from.cache, to.cache],
    [from.folder, to.folder],
  ];
  const moved = (path: string): string => {
    for (const [before, after] of places) {
      const inside = relative(before, path);
      if (!inside.startsWith("..") && !isAbsolute(inside)) return join(after, inside);
    }
    return path;
  };
  return (units, take, signal) =>
    run(
      units,
      ({ files, ...outcome }: Outcome, index) =>
        take({ ...outcome, files: files?.map(({ path, bytes }) => ({ path: moved(path), bytes })) }, index),
      signal,
    );
}
