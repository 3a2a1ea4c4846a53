import { cellDisplay } from "../display/kernel.js";
import { createProgress, type Progress } from "../display/progress.js";
import type { PlanOptions } from "../results/plan.js";
import type { Unit } from "../results/unit.js";

/** Shows how far a plan is: one updating output in a notebook, lines on stderr in a terminal. */
export function planProgress(label: string): Required<Pick<PlanOptions, "onProgress">> {
  let progress: Progress | undefined;
  return {
    onProgress({ done, total, reused, last }) {
      progress ??= createProgress(label, total);
      if (done < total) progress.update(done, nameOf(last?.settings.domain));
      // How many were reused depends on what was stored before, so the last word does not say it.
      else if (reused < total || last === undefined) progress.finish();
    },
  };
}

/** The progress that a notebook shows of units unless told otherwise; none outside a notebook. */
export function cellProgress(units: readonly Unit[]): Pick<PlanOptions, "onProgress"> {
  if (units.length === 0 || !cellDisplay()) return {};
  return planProgress(`Units of kind ${[...new Set(units.map(({ kind }) => kind))].join(", ")}`);
}

function nameOf(domain: unknown): string {
  return (domain as { name?: string } | undefined)?.name ?? "";
}
