import { type Adapter, requireAdapters } from "../adapters/adapter.js";
import { checkOptions } from "../files/options.js";
import { signMapOf } from "./adapter-signs.js";
import { chanceLevel, type SetForm } from "./chance.js";
import { assertComparable } from "./comparable.js";
import {
  compareSigns,
  groupFractions,
  type SignDifference,
  type SignDifferenceOptions,
  signDifferenceOptionNames,
  type ZeroRule,
} from "./sign-difference.js";
import { assertSameTensors, popcount, type SignMap } from "./sign-map.js";

/** How the signs of a set are compared. */
export interface SetDifferenceOptions extends SignDifferenceOptions {
  /** `meanPairwise` (default): mean over all pairs. `anchored`: mean over j of FSD(target, j). `anyConflict`: below. */
  form?: SetForm;
  /** Position of the target in the set, for `anchored`; 0 by default. */
  target?: number;
}

/** Sign difference of a set, with its parts and the level that fair coins would reach with no zeros. */
export type SetDifference = Pick<SignDifference, "overall" | "byTensor" | "byLayer" | "byModule" | "byPart" | "chance">;

/**
 * FSD of a set of two or more adapters, in one of three forms.
 *
 * `anyConflict` is the share of positions where the set holds at least one positive and one negative weight. `ownSign`
 * counts positions where the signs (−, 0, +) are not all equal; `bothNonZero` divides by positions where at least two
 * are non-zero.
 *
 * By hand, 2×3: a = [1 −2 0; 3 −4 5], b = [1 2 −1; −3 −4 0], c = [−1 2 1; 3 −4 0]. The pairs ab, ac, bc have 2, 2 and 3
 * opposite signs of 6: mean pairwise 7/18, anchored at a 2/6. Any conflict 4/6, at all but the last two positions.
 */
export function setSignDifference(adapters: readonly Adapter[], options: SetDifferenceOptions = {}): SetDifference {
  requireAdapters(adapters, "setSignDifference");
  checkOptions(options, { ...signDifferenceOptionNames, form: true, target: true }, "setSignDifference");
  assertComparable(adapters, { anyEncoder: options.anyEncoder, anyRank: options.space === "product" });
  return compareSetSigns(
    adapters.map((adapter) => signMapOf(adapter, options)),
    options,
  );
}

/** FSD of packed sign maps of the same tensors. */
export function compareSetSigns(
  maps: readonly SignMap[],
  options: Pick<SetDifferenceOptions, "form" | "target" | "zeros"> = {},
): SetDifference {
  const { form = "meanPairwise", target = 0, zeros = "never" } = options;
  if (maps.length < 2) throw new Error(`The sign difference of a set needs two adapters or more, not ${maps.length}.`);
  if (!(target in maps)) throw new Error(`There is no adapter ${target} in this set of ${maps.length} to anchor at.`);
  assertSameTensors(maps);
  const chance = chanceLevel(form, maps.length);
  if (form === "anyConflict") return { ...anyConflict(maps, zeros), chance };
  const pairs: SignDifference[] = [];
  for (let i = 0; i < maps.length; i++) {
    for (let j = i + 1; j < maps.length; j++) {
      if (form === "anchored" && i !== target && j !== target) continue;
      pairs.push(compareSigns(maps[i], maps[j], zeros));
    }
  }
  return { ...meanOf(pairs), chance };
}

function meanOf(pairs: readonly SignDifference[]): Omit<SetDifference, "chance"> {
  const mean = (pick: (pair: SignDifference) => number) =>
    pairs.reduce((sum, pair) => sum + pick(pair), 0) / pairs.length;
  const meanBy = (field: "byTensor" | "byLayer" | "byModule" | "byPart") =>
    Object.fromEntries(Object.keys(pairs[0][field]).map((key) => [key, mean((pair) => pair[field][key])]));
  return {
    overall: mean((pair) => pair.overall),
    byTensor: meanBy("byTensor"),
    byLayer: meanBy("byLayer"),
    byModule: meanBy("byModule"),
    byPart: meanBy("byPart"),
  };
}

interface ConflictCounts {
  conflicts: number;
  positions: number;
}

function anyConflict(maps: readonly SignMap[], zeros: ZeroRule): Omit<SetDifference, "chance"> {
  const perTensor = maps[0].tensors.map(({ name, size, word }) => {
    const counts: ConflictCounts = { conflicts: 0, positions: zeros === "bothNonZero" ? 0 : size };
    for (let w = word; w < word + Math.ceil(size / 32); w++) addWord(maps, w, zeros, counts);
    return { name, counts };
  });
  const fraction = (parts: ConflictCounts[]) => {
    const conflicts = parts.reduce((sum, part) => sum + part.conflicts, 0);
    const positions = parts.reduce((sum, part) => sum + part.positions, 0);
    return positions === 0 ? 0 : conflicts / positions;
  };
  return { overall: fraction(perTensor.map(({ counts }) => counts)), ...groupFractions(perTensor, fraction) };
}

/** Adds the conflicts of 32 positions. Bits of padding are zero in every map, and so never in conflict. */
function addWord(maps: readonly SignMap[], w: number, zeros: ZeroRule, counts: ConflictCounts): void {
  let anyPositive = 0;
  let anyNegative = 0;
  let allPositive = -1;
  let allNegative = -1;
  let once = 0;
  let twice = 0;
  for (const { negative, nonZero } of maps) {
    const below = negative[w];
    const above = nonZero[w] & ~below;
    anyPositive |= above;
    anyNegative |= below;
    allPositive &= above;
    allNegative &= below;
    twice |= once & nonZero[w];
    once |= nonZero[w];
  }
  // ~once: all zero.
  counts.conflicts += popcount(zeros === "ownSign" ? ~(allPositive | allNegative | ~once) : anyPositive & anyNegative);
  if (zeros === "bothNonZero") counts.positions += popcount(twice);
}
