import type { CriterionContext, PruneScores } from "../scores.js";

/**
 * SynFlow within each module of an adapter, in one shot: |w| times the sum of |v| over the weights v of the module's other
 * matrix that follow or precede it, ∂R/∂w·w of R = 1ᵀ|up||down|1, or 1ᵀ|B||A|1 for LoRA. A weight that leads to nothing goes first. It
 * takes no texts. Tanaka et al. (2020), arXiv 2006.05467, equation 3; their network is the whole, and they prune in 100 rounds.
 *
 * @throws where one of a module's two matrices is missing, naming it
 */
export function synflow(values: PruneScores, { adapter }: CriterionContext): PruneScores {
  const scores: Record<string, Float64Array> = {};
  for (const [name, weights] of Object.entries(values)) {
    const found = /^(.*\.)(down\.weight|up\.weight|A|B)$/.exec(name);
    if (!found) {
      scores[name] = Float64Array.from(weights, Math.abs); // a bias ends the flow
      continue;
    }
    const [, module, part] = found;
    const other = `${module}${partners[part]}`;
    const flow = values[other];
    if (!flow) throw new Error(`SynFlow needs both matrices of a module; ${other} is not among those to prune.`);
    const inner = part === "down.weight" || part === "A";
    const columns = adapter.tensors[name].shape[1];
    const otherColumns = adapter.tensors[other].shape[1];
    const width = inner ? adapter.tensors[name].shape[0] : columns;
    const sums = new Float64Array(width); // of |v|, for each unit between the two matrices
    for (let i = 0; i < flow.length; i++) {
      sums[inner ? i % otherColumns : Math.floor(i / otherColumns)] += Math.abs(flow[i]);
    }
    scores[name] = Float64Array.from(
      weights,
      (value, i) => Math.abs(value) * sums[inner ? Math.floor(i / columns) : i % columns],
    );
  }
  return scores;
}

const partners: Record<string, string> = { "down.weight": "up.weight", "up.weight": "down.weight", A: "B", B: "A" };
