import { type Adapter, requireAdapter } from "../adapters/adapter.js";

/**
 * Whether two adapters started from the same tensors, that is from one seed and one configuration; undefined where the
 * start of either is not known, as for imports.
 */
export function sameStart(a: Adapter, b: Adapter): boolean | undefined {
  for (const one of [a, b]) requireAdapter(one, "sameStart");
  if (a.seed === undefined || b.seed === undefined) return undefined;
  const start = ({ config, seed }: Adapter) => JSON.stringify([String(seed), config]);
  return start(a) === start(b);
}
