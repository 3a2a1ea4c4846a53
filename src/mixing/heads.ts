import { type Head, requireHead } from "../adapters/head.js";
import { float32 } from "../engine/tensor-data.js";
import { requireList } from "../files/arguments.js";
import { requireOptions } from "../files/options.js";
import { mixtureName } from "./average.js";
import { settleCoefficients } from "./coefficients.js";
import { type Numbers, summationOrder, weightedSum } from "./weighted-sum.js";

/**
 * Averages classification heads, as AdapterHub's `average_head`. A mixture of adapters is tested with each domain's own
 * head, so the study never does this; it is for heads of one task trained apart.
 * Throws where the heads differ in labels, layers or shapes.
 */
export function mixHeads(
  heads: readonly Head[],
  options: { coefficients?: readonly number[]; name?: string } = {},
): Head {
  requireList(heads, "mixHeads takes a list of heads");
  for (const head of heads) requireHead(head, "mixHeads");
  requireOptions(options, "mixHeads", "coefficients");
  if (heads.length === 0) throw new Error("A mixture needs at least one head.");
  const kind = ({ labels, config }: Head) => JSON.stringify([labels, config.input, config.layers, config.activation]);
  const shapes = ({ tensors }: Head) =>
    JSON.stringify(
      Object.keys(tensors)
        .sort()
        .map((name) => [name, tensors[name].shape]),
    );
  for (const head of heads.slice(1)) {
    if (kind(head) !== kind(heads[0]) || shapes(head) !== shapes(heads[0])) {
      throw new Error(
        `The heads "${heads[0].name}" and "${head.name}" differ in labels, form or size and cannot be mixed.`,
      );
    }
  }
  const given = settleCoefficients(heads.length, options.coefficients, true);
  const order = summationOrder(heads, given.values);
  const coefficients = { values: order.map((i) => given.values[i]), divisor: given.divisor };
  const tensors = Object.entries(heads[0].tensors).map(([name, { shape }]) => {
    const terms = order.map((i) => heads[i].tensors[name].data as Numbers);
    return [name, float32(shape.slice(), new Float32Array(weightedSum(terms, coefficients)))];
  });
  const { config, labels } = heads[0];
  const name = mixtureName(heads, options.name);
  return { name, config, labels: labels.slice(), tensors: Object.fromEntries(tensors) };
}
