import { readFileSync } from "node:fs";
import type { AdapterMethod } from "../../adapters/methods.js";
import { projectPath } from "../../files/project.js";
import { type Regime, type Schedule, type Start, schedules, starts } from "../../study/regime.js";

/**
 * What accuracy is correlated with. `fsd` and `fsdOfChange`: anchored at the target, of all parameters, raw or of the change.
 * `flipShare`: of the target in the mixture. `distance`: mean distance that the partners moved, alone. `sameStart`: share of
 * the partners with the target's start, alone.
 */
export type ConflictMeasure = "fsd" | "flipShare" | "fsdOfChange" | "distance" | "sameStart";

/** What may be set beside accuracy, in the order of the specification curve. */
export const conflictMeasures: readonly ConflictMeasure[] = [
  "fsd",
  "flipShare",
  "fsdOfChange",
  "distance",
  "sameStart",
];

/** One way to ask how conflict goes with accuracy: a point of the specification curve. */
export interface Specification extends Regime {
  method: AdapterMethod;
  /** Adapters mixed. */
  size: number;
  measure: ConflictMeasure;
}

/** What is varied; by default all that the study may run. */
export interface SpecificationOptions {
  starts?: readonly Start[];
  schedules?: readonly Schedule[];
  methods?: readonly AdapterMethod[];
  /** Default 2, 3, 5 and 8. */
  sizes?: readonly number[];
  measures?: readonly ConflictMeasure[];
}

/** All combinations of start, schedule, method, size and measure, in this order. */
export function specifications(options: SpecificationOptions = {}): Specification[] {
  const methods = options.methods ?? (["pfeiffer", "houlsby", "lora"] as const);
  return (options.starts ?? starts).flatMap((start) =>
    (options.schedules ?? schedules).flatMap((schedule) =>
      methods.flatMap((method) =>
        (options.sizes ?? [2, 3, 5, 8]).flatMap((size) =>
          (options.measures ?? conflictMeasures).map((measure) => ({ start, schedule, method, size, measure })),
        ),
      ),
    ),
  );
}

/**
 * Why a specification has no correlation, or undefined where it has one: where partners all have the target's start, or
 * none has, same start does not vary; a mixture of all domains has one set of partners for each target.
 */
export function whyUndefined({ start, size, measure }: Specification, domains: number): string | undefined {
  if (size >= domains) return "each target has one mixture of all domains";
  if (measure === "sameStart" && start === "shared") return "all adapters have one start";
  if (measure === "sameStart" && start === "separate") return "no two adapters have one start";
  return undefined;
}

/** What was predicted of one specification before any of them was run. */
export interface Prediction extends Specification {
  /** Rank correlation with accuracy within targets; null where it is not defined. */
  expected: number | null;
  /** Where the correlation is expected to lie, as sure as 4 in 5; null where it is not defined. */
  low: number | null;
  high: number | null;
  reason: string;
}

/** The predictions of `data/predictions/specification-curve.json`, in the order of `specifications`. */
export function readPredictions(): Prediction[] {
  const path = projectPath("data", "predictions", "specification-curve.json");
  return (JSON.parse(readFileSync(path, "utf8")) as { predictions: Prediction[] }).predictions;
}

/** One name for a specification, to match what was found with what was predicted. */
export function specificationKey({ start, schedule, method, size, measure }: Specification): string {
  return [start, schedule, method, size, measure].join("/");
}
