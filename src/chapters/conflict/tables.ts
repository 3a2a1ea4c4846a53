import { mean } from "simple-statistics";
import { formatEffect } from "../../display/number-format.js";
import type { Cells } from "../../display/table.js";
import { madeFrom } from "../../results/origin.js";
import { fractionOfSignDifference } from "../../signs/sign-difference.js";
import { trainedAdapter } from "../../study/adapter-at-hand.js";
import type { Study } from "../../study/study.js";
import type { MixtureResult } from "../mix/mixtures.js";
import { groupSingles } from "../train/groups.js";
import type { TrainRow } from "../train/train-unit.js";
import { pairwiseFsd } from "./pairwise.js";
import { type SignAssociationOptions, signAssociation } from "./sign-association.js";

/** The forms of the association that notebook 03 shows: both harms for raw weights, and the drop for their change. */
const FORMS: readonly SignAssociationOptions[] = [
  { weights: "raw", harm: "drop" },
  { weights: "raw", harm: "interference" },
  { weights: "change", harm: "drop" },
];

/**
 * The association of FSD and accuracy change for every method and every form asked for; interference is left out where no
 * mixture has one, as its members do not share a start.
 */
export function associationTable(
  study: Study,
  singles: readonly TrainRow[],
  results: readonly MixtureResult[],
  forms: readonly SignAssociationOptions[] = FORMS,
): Cells[] {
  const methods = [...new Set(singles.map(({ method }) => method))];
  const mixed = results.filter(({ size }) => size > 1);
  const split = mixed.every(({ interference }) => Number.isFinite(interference));
  const asked = forms.filter(({ harm }) => split || harm !== "interference");
  return madeFrom(
    methods.flatMap((method) =>
      asked.map((form) => {
        const found = signAssociation(study, singles, results, { ...form, method });
        return {
          method,
          "signs of": found.weights,
          harm: found.harm,
          tests: found.rows,
          "within [95%]": formatEffect(found.within, 2),
          p: found.p.toPrecision(2),
          pooled: found.pooled,
          "given k": found.partialOnSize,
          "given distance": found.givenCovariate,
        };
      }),
    ),
    singles,
    results,
  );
}

/** FSD of adapters from one start and from two: pairs of domains of one seed, and each domain with itself trained from another seed. */
export function initialisationTable(study: Study, singles: readonly TrainRow[]): Cells[] {
  const groups = groupSingles(singles);
  if (groups.length !== 2) throw new Error(`Give adapters of one method and two seeds, not ${groups.length} groups.`);
  const [first, second] = groups;
  const adapter = (row: TrainRow) => trainedAdapter(study, row.adapter).adapter;
  const matrix = pairwiseFsd(study, first.rows);
  const same = matrix.flatMap((row, i) => row.slice(i + 1));
  const own = first.rows.map((row, i) => fractionOfSignDifference(adapter(row), adapter(second.rows[i])).overall);
  const other = first.rows.flatMap((a, i) =>
    second.rows.filter((_, j) => j !== i).map((b) => fractionOfSignDifference(adapter(a), adapter(b)).overall),
  );
  const row = (start: string, domains: string, values: readonly number[]) => ({
    start,
    domains,
    pairs: values.length,
    "mean FSD (%)": 100 * mean([...values]),
    "least (%)": 100 * Math.min(...values),
    "most (%)": 100 * Math.max(...values),
  });
  return madeFrom(
    [row("shared", "different", same), row("different", "the same", own), row("different", "different", other)],
    singles,
  );
}
