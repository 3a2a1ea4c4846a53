import type { Adapter } from "../../adapters/adapter.js";
import { formatFixed } from "../../display/number-format.js";
import { type LossLine, type LossLines, readLossLines, weightMeasures } from "../conflict/foretold-loss.js";
import type { ForetoldLoss } from "./advice.js";

/** The second of two adapters as one of the first's encoder, where any encoder will do. */
export function ofSameEncoder(a: Adapter, b: Adapter, anyEncoder = false): Adapter {
  return anyEncoder ? { ...b, base: { ...b.base, encoder: a.base.encoder } } : b;
}

/**
 * What the weights of two adapters foretell that each loses in their plain average: by the measure that notebook 08's rows
 * choose where both starts are known, else by the best of those that need none.
 *
 * @throws naming the difference, where the two cannot be compared
 */
export function foretellLoss(
  a: Adapter,
  b: Adapter,
  { anyEncoder, lines = readLossLines() }: { anyEncoder?: boolean; lines?: LossLines } = {},
): ForetoldLoss {
  const named = ofSameEncoder(a, b, anyEncoder);
  const known = a.seed !== undefined && b.seed !== undefined && !anyEncoder;
  const line = lines.lines.find(({ measure }) => known || !weightMeasures[measure].needsStart);
  if (!line) throw new Error("There is no line for adapters whose start is not known.");
  const { of } = weightMeasures[line.measure];
  const values: [number, number] = [of(a, named), of(named, a)];
  const { label, intercept, slope, error, ninety, errorOfMean, rank } = line;
  return {
    points: [intercept + slope * values[0], intercept + slope * values[1]],
    ...{ by: label, values, error, ninety, errorOfMean, mean: lines.fittedOn.mean, rank },
    outside: [...new Set([...outsideOf(a, lines), ...outsideOf(b, lines), ...beyondSeen(values, line)])],
  };
}

/** What an adapter has that none of those had which the lines were fitted on. */
function outsideOf({ base, config }: Adapter, { fittedOn }: LossLines): string[] {
  const outside = [];
  if (base.encoder === undefined) outside.push("an encoder that is not known");
  else if (base.encoder.split(/[\\/]/).at(-1) !== fittedOn.encoder) outside.push(`the encoder ${base.encoder}`);
  if (config.method !== fittedOn.method) outside.push(`the method ${config.method}`);
  else if ("reductionFactor" in config && config.reductionFactor !== fittedOn.reductionFactor) {
    outside.push(`a reduction factor of ${config.reductionFactor}`);
  }
  return outside;
}

function beyondSeen(values: readonly number[], { from, to, label }: LossLine): string[] {
  const beyond = values.find((value) => value < from || value > to);
  if (beyond === undefined) return [];
  return [`${label} of ${formatFixed(beyond, 3)}, where ${formatFixed(from, 3)} to ${formatFixed(to, 3)} was seen`];
}
