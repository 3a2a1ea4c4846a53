import { mean } from "simple-statistics";
import { type Figure, withSubtitle } from "../../figures/figure.js";
import { madeFrom } from "../../results/origin.js";
import type { PaperNumbers } from "../../study/paper.js";
import { type DropAtAllRow, type DropRow, dropAtAll, dropBySizeFigure } from "../mix/paper-figures.js";
import type { AttackedMixture } from "./attacked-mixtures.js";
import { cleanDrop } from "./fall.js";
import { whiteBoxAt } from "./paper-claims.js";

/**
 * Points that mixing costs, clean and under each attack, one row for a mixture, target and condition: what the paper's figures
 * 3 and 10 to 13 and its table 1 are of. Clean text is that of the attacked examples.
 *
 * @param textFooler mixtures on static TextFooler texts
 * @param fgsm the same under FGSM, any strengths; that made on the very mixture counts
 */
export function attackedDrops(
  textFooler: readonly AttackedMixture[],
  fgsm: readonly AttackedMixture[],
  epsilon: number,
): DropRow[] {
  const mixed = textFooler.filter(({ size }) => size > 1);
  const row = ({ target, size }: AttackedMixture, condition: DropRow["condition"], drop: number): DropRow => ({
    ...{ target, size, condition, drop },
  });
  return madeFrom(
    [
      ...mixed.map((one) => row(one, "clean", cleanDrop(one))),
      ...mixed.map((one) => row(one, "textfooler", one.drop)),
      ...whiteBoxAt(fgsm, epsilon)
        .filter(({ size }) => size > 1)
        .map((one) => row(one, "fgsm", one.drop)),
    ],
    textFooler,
    fgsm,
  );
}

/**
 * Points lost by size, a panel for each domain, beside the paper's (see {@link dropBySizeFigure}), with what made the attacks
 * in its caption.
 */
export function attackedDropFigure(rows: readonly DropRow[], paper: PaperNumbers, caption: string): Figure {
  return madeFrom(withSubtitle(dropBySizeFigure(rows, paper), caption), rows);
}

/**
 * Table 1: points lost with all mixed, clean and attacked, ours and the paper's; "–" where the paper has no such domain. A row
 * for all, and one for those that the paper has where they are not all.
 */
export function attackedDropTable(rows: readonly DropRow[], paper: PaperNumbers): Record<string, string | number>[] {
  const all = dropAtAll(rows, paper);
  const mixed = Math.max(...rows.map(({ size }) => size));
  const domains = [...new Set(all.map(({ domain }) => domain))];
  const shared = domains.filter((domain) => all.some((row) => row.domain === domain && Number.isFinite(row.paper)));
  const line = (name: string, chosen: readonly string[]) => {
    const cells = columns.flatMap(([condition, told]) => {
      const own = all.filter((row) => row.condition === condition && chosen.includes(row.domain));
      const average = (value: (row: DropAtAllRow) => number) => (own.length === 0 ? Number.NaN : mean(own.map(value)));
      return [
        [told, average(({ ours }) => ours)],
        [`${told}, paper`, average((row) => row.paper)], // NaN where any of them is not the paper's
      ];
    });
    return { domain: name, mixed, ...Object.fromEntries(cells) };
  };
  const some = shared.length > 0 && shared.length < domains.length;
  const sums = [line("all", domains), ...(some ? [line("all that the paper has", shared)] : [])];
  return madeFrom([...domains.map((domain) => line(domain, [domain])), ...sums], rows);
}

/** The columns of table 1. */
const columns = [
  ["clean", "clean"],
  ["textfooler", "TextFooler"],
  ["fgsm", "FGSM"],
] as const;
