/**
 * Names of class numbers among the features that the `datasets` library keeps of a table, by column; undefined where it
 * keeps none.
 */
export function featureNames(features: unknown): Record<string, string[]> | undefined {
  if (typeof features !== "object" || features === null) return undefined;
  const named = Object.entries(features).flatMap(([column, feature]) => {
    const { _type: type, names } = (feature ?? {}) as { _type?: unknown; names?: unknown };
    const fits = type === "ClassLabel" && Array.isArray(names) && names.every((name) => typeof name === "string");
    return fits ? [[column, names as string[]] as const] : [];
  });
  return named.length > 0 ? Object.fromEntries(named) : undefined;
}
