import { mean } from "simple-statistics";
import type { MethodLevel } from "../../figures/figure.js";
import { madeFrom } from "../../results/origin.js";
import type { BaselineRow } from "../train/baseline-unit.js";
import type { FloorRow } from "./mixtures.js";

/** Levels that are nearer to each other than this, a share, are drawn as one. */
const INDISTINCT = 0.005;

/**
 * Floors of each method's mixtures, averaged over domains: the most frequent label, and the head without its adapter or with
 * one as it was before training. These two are one level where no method tells them apart.
 */
export function floorLevels(floors: readonly FloorRow[], baselines: readonly BaselineRow[]): MethodLevel[] {
  const methods = [...new Set(floors.map(({ method }) => method))];
  const majority = mean(baselines.map((row) => row.majority));
  const heads = methods.map((method) => {
    const own = floors.filter((row) => row.method === method);
    return { method, without: mean(own.map((row) => row.withoutAdapter)), start: mean(own.map((row) => row.start)) };
  });
  const areOne = heads.every(({ without, start }) => Math.abs(without - start) < INDISTINCT);
  const levels = heads.flatMap(({ method, without, start }) => [
    { method, name: "most frequent label", y: majority },
    ...(areOne
      ? [{ method, name: "own head, adapter absent or untrained", y: without }]
      : [
          { method, name: "own head, no adapter", y: without },
          { method, name: "own head, untrained adapter", y: start },
        ]),
  ]);
  return madeFrom(levels, floors, baselines);
}
