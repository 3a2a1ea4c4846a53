import type { ResultsContext } from "./context.js";
import { lackedAdapters } from "./recompute.js";
import type { StoredResult } from "./store.js";

/** Draws some of the results given, in a seeded order; what it draws may need adapters that are trained again. */
export type Draw = (shuffled: readonly StoredResult[], count: number) => StoredResult[];

/** As many adapters as a pair has may be trained for a result without its coming later for that. */
const PAIR = 2;

/**
 * A draw of stored results to be computed again. Results come in the order given where two adapters at most are trained again
 * for each beside those that others need already; then those for which fewest are. Results that name an adapter which is gone, and which
 * today's encoder and texts do not train, are not drawn.
 */
export async function drawing(context: ResultsContext): Promise<Draw> {
  const lacked = lackedAdapters(context);
  const trainable = new Set<string>();
  for (const { unit, row } of context.store.storedKinds().flatMap((kind) => context.store.all(kind))) {
    if (typeof row.adapter !== "string" || context.hasAdapter(row.adapter)) continue;
    if (await context.hasTodaysInputs(unit)) trainable.add(row.adapter);
  }
  const planned = new Set<string>();
  return (shuffled, count) => {
    const left = shuffled
      .map((result) => ({ result, lacks: lacked(result.unit) }))
      .filter(({ lacks }) => lacks.every((adapter) => trainable.has(adapter)));
    const drawn: StoredResult[] = [];
    while (drawn.length < count && left.length > 0) {
      const costs = left.map(({ lacks }) => Math.max(PAIR, lacks.filter((adapter) => !planned.has(adapter)).length));
      const [{ result, lacks }] = left.splice(costs.indexOf(Math.min(...costs)), 1);
      for (const adapter of lacks) planned.add(adapter);
      drawn.push(result);
    }
    return drawn;
  };
}
