import { amongNames } from "../files/among-names.js";
import type { Outcome } from "../results/plan.js";
import type { Unit } from "../results/unit.js";
import type { Study } from "./study.js";

/** What workers, adoption and verification need to know of a kind of unit. */
export interface UnitKind {
  readonly kind: string;
  /** URL of the module that defines it. */
  readonly module: string;
  /** The code hash that a unit has today, 32 hex digits. */
  code(unit: Unit): string;
  /** Computes a unit. */
  run(study: Study, unit: Unit): Promise<Outcome>;
}

const kinds = new Map<string, UnitKind>();

/** Makes a kind known. @throws if another module has defined one of the same name */
export function registerKind(kind: UnitKind): void {
  const known = kinds.get(kind.kind);
  if (known && known.module !== kind.module) {
    throw new Error(`Two modules define the kind of unit "${kind.kind}": ${known.module} and ${kind.module}.`);
  }
  kinds.set(kind.kind, kind);
}

/** A kind by its name. @throws listing the kinds there are */
export function kindOf(name: string): UnitKind {
  const kind = kinds.get(name);
  if (!kind) throw new Error(`There is no kind of unit "${name}"${amongNames(name, [...kinds.keys()].sort())}.`);
  return kind;
}

/** The code hash that a unit has today, or undefined where no kind of its name is known or its settings are not of its kind. */
export function codeOf(unit: Unit): string | undefined {
  try {
    return kinds.get(unit.kind)?.code(unit);
  } catch {
    return undefined;
  }
}

/** Runs a unit of any kind, and says how long it took. */
export async function runUnitOf(unit: Unit, study: Study): Promise<Outcome> {
  const start = performance.now();
  const outcome = await kindOf(unit.kind).run(study, unit);
  return { ...outcome, seconds: (performance.now() - start) / 1000 };
}
