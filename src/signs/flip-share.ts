import { type Adapter, requireAdapter, requireAdapters } from "../adapters/adapter.js";
import { requireOptions } from "../files/options.js";
import { byPlace, inScope, type ParameterScope } from "./adapter-signs.js";
import { assertComparable, type ComparableOptions } from "./comparable.js";
import { changeOf, type WeightView } from "./initialisation.js";
import { compareSigns, type SignDifference, type ZeroRule } from "./sign-difference.js";
import { packSigns, type SignMap } from "./sign-map.js";

/** How the flip share is counted. */
export interface FlipShareOptions extends Pick<ComparableOptions, "anyEncoder"> {
  /** `raw` (default) weights, or their `change` from the start, which must be known. */
  weights?: WeightView;
  parameters?: ParameterScope;
  zeros?: ZeroRule;
}

/**
 * Flip share of a target in a mixture: the share of the target's parameters whose sign in the plain average of `members`
 * differs from their sign in the target's own adapter, (1/N) Σ 1[θ_{t,i}·θ̄_i < 0]. A set of one has 0; in a set of two
 * the larger weight wins, so it is about half of their FSD. `members` holds the target.
 *
 * What Nguyen & Le (2024) call the fraction of weights changing direction, as inferred from their figures 5, 6, 14, 15.
 * For a mixture made in another way: `fractionOfSignDifference(target, mixture)`.
 *
 * By hand, 2×3: a = [1 −2 0; 3 −4 5], b = [1 2 −1; −3 −4 −7]. Their sum is [2 0 −1; 0 −8 −2]; of a one position flips
 * (5 against −2), 1/6; of b none.
 * Throws, naming the difference, where the adapters cannot be compared.
 */
export function flipShare(
  members: readonly Adapter[],
  target: Adapter,
  options: FlipShareOptions = {},
): SignDifference {
  requireAdapters(members, "flipShare");
  requireAdapter(target, "flipShare");
  if (!members.includes(target)) throw new Error(`"${target.name}" is not among the members of the mixture.`);
  return flipShares(members, options)[members.indexOf(target)];
}

/** Flip share of every member of a mixture, in their order. */
export function flipShares(members: readonly Adapter[], options: FlipShareOptions = {}): SignDifference[] {
  requireAdapters(members, "flipShares");
  requireOptions(options, "flipShares", "weights");
  if (members.length === 0) throw new Error("A mixture needs at least one adapter.");
  assertComparable(members, { anyEncoder: options.anyEncoder });
  const names = Object.keys(members[0].tensors)
    .filter((name) => inScope(members[0].tensors[name], options.parameters))
    .sort(byPlace);
  const numbers = members.map((member) => (options.weights === "change" ? changeOf(member) : rawOf(member)));
  const mixture = signsOf(names, (name) => sumOf(numbers.map((own) => own[name])));
  return numbers.map((own) =>
    compareSigns(
      signsOf(names, (name) => own[name]),
      mixture,
      options.zeros,
    ),
  );
}

type Numbers = Float32Array | Float64Array;

function rawOf({ tensors }: Adapter): Record<string, Numbers> {
  return Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data as Float32Array]));
}

function signsOf(names: readonly string[], valuesOf: (name: string) => Numbers): SignMap {
  return packSigns(
    names.map((name) => {
      const values = valuesOf(name);
      return { name, size: values.length, values: () => values };
    }),
  );
}

/** The sum in float64, whose signs are those of the mean. */
function sumOf(terms: readonly Numbers[]): Float64Array {
  const sum = new Float64Array(terms[0].length);
  for (const term of terms) for (let i = 0; i < sum.length; i++) sum[i] += term[i];
  return sum;
}
