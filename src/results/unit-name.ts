import type { Json, Unit } from "./unit.js";
import { unitKey } from "./unit.js";

/** A unit in words for a message: its kind, domains, method and seed where it has them, and the start of its key. */
export function unitName(unit: Unit): string {
  const { domain, domains, config, seed, method, recipe } = unit.settings as Record<string, Json | undefined>;
  const names = [domain, ...(Array.isArray(domains) ? domains : [])].flatMap((each) => field(each, "name") ?? []);
  const parts = [
    field(config, "method") ?? method,
    seed === undefined ? undefined : `seed ${seed}`,
    field(recipe, "make"),
    names.length > 0 ? `on ${names.join(" + ")}` : undefined,
  ].filter((part) => typeof part === "string");
  return `${[unit.kind, ...parts].join(", ")} (${unitKey(unit).slice(0, 8)})`;
}

function field(value: Json | undefined, name: string): Json | undefined {
  return value && typeof value === "object" && !Array.isArray(value) ? value[name] : undefined;
}
