/** Every item compared with every other. [items, items] */
export function compareAll<T>(items: readonly T[], compare: (a: T, b: T) => number): number[][] {
  return items.map((a) => items.map((b) => compare(a, b)));
}

/** Mean over the pairs of a set of positions. */
export function meanOverPairs(matrix: readonly (readonly number[])[], set: readonly number[]): number {
  const values = set.flatMap((i, a) => set.slice(a + 1).map((j) => matrix[i][j]));
  return sumOf(values) / values.length;
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
