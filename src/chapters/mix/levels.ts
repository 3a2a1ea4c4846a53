import { mean } from "simple-statistics";
import type { MethodLevel } from "../../figures/figure.js";
import { madeFrom } from "../../results/origin.js";
import type { BaselineRow } from "../train/baseline-unit.js";
import type { FloorRow } from "./mixtures.js";

/** Floors of each method's mixtures, averaged over domains: the most frequent label, and the head without its adapter. */
export function floorLevels(floors: readonly FloorRow[], baselines: readonly BaselineRow[]): MethodLevel[] {
  const methods = [...new Set(floors.map(({ method }) => method))];
  const majority = mean(baselines.map((row) => row.majority));
  const levels = methods.flatMap((method) => {
    const own = floors.filter((row) => row.method === method);
    return [
      { method, name: "most frequent label", y: majority },
      { method, name: "own head, no adapter", y: mean(own.map((row) => row.withoutAdapter)) },
      { method, name: "own head, untrained adapter", y: mean(own.map((row) => row.start)) },
    ];
  });
  return madeFrom(levels, floors, baselines);
}
