import { formatEffect } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import { madeFrom } from "../../results/origin.js";
import type { ClaimEffect } from "../../study/scorecard.js";
import type { MixingFindings } from "./advise.js";
import type { PredictorName } from "./mergeability.js";
import { strengthEffects } from "./strength.js";
import { gainOver } from "./way-table.js";
import type { WayName } from "./ways.js";

/** What another work reports of merging, and the number of notebook 08 that asks the same. */
interface Finding {
  reported: string;
  by: string;
  here: string;
  unit: "points" | "rank correlation";
  /** undefined where it was not measured; above nought where it agrees */
  found(findings: MixingFindings): ClaimEffect | undefined;
}

const gain = (first: WayName, second: WayName) => (findings: MixingFindings) => {
  const { mixed = [], targets } = findings;
  const [row] = mixed;
  return row && gainOver(mixed, row.method, targets, first, second);
};

const foretelling =
  (name: PredictorName) =>
  ({ foretold }: MixingFindings) =>
    foretold.find((one) => one.name === name)?.correlation;

const findings: Finding[] = [
  {
    reported: "Aligned gradients are the steadiest sign that models can be merged.",
    by: "Zhou et al. 2026 (arXiv 2601.22285)",
    ...{ here: "gradients' cosine foretells the drop", unit: "rank correlation" },
    found: foretelling("gradientCosine"),
  },
  {
    reported: "Whether adapters can be merged shows in the first steps of training.",
    by: "Tang et al. 2026 (arXiv 2606.19549)",
    ...{ here: "cosine after few steps foretells the drop", unit: "rank correlation" },
    found: foretelling("earlyCosine"),
  },
  {
    reported: "Tuned coefficients keep more of what was learned.",
    by: "He et al. 2025, MergeBench (arXiv 2505.10833)",
    ...{ here: "spared at all adapters by a factor that dev chose", unit: "points" },
    found: ({ strengths, targets }) => strengthEffects(strengths, targets)[0],
  },
  {
    reported: "Methods that adapt to texts often do better than fixed ones.",
    by: "Tang et al. 2024, FusionBench (arXiv 2406.03280)",
    ...{ here: "least entropy above the average", unit: "points" },
    found: gain("entropy", "average"),
  },
  {
    reported: "An ensemble's answers are better than an average's.",
    by: "Holtermann et al. 2024 (arXiv 2401.12756)",
    ...{ here: "ensemble of logits above the average", unit: "points" },
    found: gain("ensemble", "average"),
  },
];

/** What others report of merging, beside the number of this notebook that asks the same; it agrees where the whole interval is above nought. */
export function besideOthers(found: MixingFindings): Cells[] {
  const rows = findings.flatMap(({ reported, by, here, unit, found: number }) => {
    const effect = number(found);
    if (!effect) return [];
    return {
      ...{ reported, by, "asked here as": here },
      "found (95%)": "undecided" in effect ? effect.undecided : formatEffect(effect, unit === "points" ? 1 : 2),
      unit,
      "agrees here": agreement(effect),
    };
  });
  return madeFrom(rows, found.strengths, found.mixed ?? [], found.foretold);
}

function agreement(effect: ClaimEffect): string {
  if ("undecided" in effect) return "undecided";
  if (effect.low > 0) return "yes";
  return effect.high < 0 ? "no" : "not shown";
}
