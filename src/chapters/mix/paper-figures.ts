import { mean, quantile } from "simple-statistics";
import { formatFixed } from "../../display/number-format.js";
import { type Figure, palette, type Trace } from "../../figures/figure.js";
import { gridFigure } from "../../figures/grid.js";
import { lineFigure } from "../../figures/line.js";
import { paperTrace } from "../../figures/paper-trace.js";
import { madeFrom } from "../../results/origin.js";
import { describeSource, type PaperNumbers } from "../../study/paper.js";
import type { MixtureResult } from "./mixtures.js";

/** What test texts went through. */
export type Condition = "clean" | "textfooler" | "fgsm";

/** Clean text and both attacks, in the order of the paper's table 1. */
export const conditions: readonly Condition[] = ["clean", "textfooler", "fgsm"];
const names: Record<Condition, string> = { clean: "clean", textfooler: "TextFooler", fgsm: "FGSM" };

/** One mixture tested on one of its domains under one condition. */
export interface DropRow {
  target: string;
  size: number;
  condition: Condition;
  /** Accuracy of the single adapter minus that of the mixture under the same condition, in points. */
  drop: number;
}

/** Mixtures of a sweep as rows on clean text. */
export function cleanDrops(results: readonly MixtureResult[]): DropRow[] {
  return results
    .filter(({ size }) => size > 1)
    .map((row) => madeFrom({ target: row.target, size: row.size, condition: "clean" as const, drop: row.drop }, row));
}

/**
 * Points lost by the number mixed, a panel for each domain: mean, the middle eight tenths of the mixtures, and the best,
 * clean and attacked. Beside them the paper's means on clean text (figure 15) and its drops at thirteen (table 1); its
 * curves under attack and its spreads could not be read off (figures 3 and 10 to 13).
 */
export function dropBySizeFigure(
  rows: readonly DropRow[],
  paper: PaperNumbers,
  options: { columns?: number } = {},
): Figure {
  const targets = [...new Set(rows.map(({ target }) => target))];
  const panels = targets.map((target) => ({ title: target, figure: dropPanel(rows, paper, target) }));
  const attacked = rows.some(({ condition }) => condition !== "clean");
  return madeFrom(
    gridFigure(panels, {
      title: `Points lost by the number of adapters mixed${attacked ? ", clean and attacked" : ""}`,
      subtitle:
        `band: the middle eight tenths of the mixtures; dotted: the best of them; grey: ${describeSource(paper, paper.bySize)}, what could not be read ` +
        "left out, and circles from table 1, with which the figure does not always agree; spreads could not be read off",
      ...{
        columns: Math.min(options.columns ?? 4, panels.length),
        width: 900,
        panelHeight: 190,
        sharedY: true,
        sharedX: true,
      },
    }),
    rows,
  );
}

function dropPanel(rows: readonly DropRow[], paper: PaperNumbers, target: string): Figure {
  const own = rows.filter((row) => row.target === target);
  const traces: Trace[] = [];
  for (const condition of conditions) {
    const some = own.filter((row) => row.condition === condition);
    if (some.length === 0) continue;
    const sizes = sizesOf(some);
    const at = (size: number) => some.filter((row) => row.size === size).map(({ drop }) => drop);
    const of = (value: (drops: number[]) => number) => sizes.map((size) => value(at(size)));
    const color = palette[conditions.indexOf(condition)];
    const { data } = lineFigure(
      [
        {
          ...{ name: names[condition], x: sizes, y: of(mean) },
          ...{ low: of((drops) => quantile(drops, 0.1)), high: of((drops) => quantile(drops, 0.9)) },
        },
        { name: `${names[condition]}, best`, x: sizes, y: of((drops) => Math.min(...drops)) },
      ],
      { title: "", x: "", y: "" },
    );
    const [band, line, best] = data;
    traces.push(
      { ...band, fillcolor: `${color}22` },
      { ...line, line: { color, width: 2 }, marker: { color, size: 4 } },
      { ...best, mode: "lines", line: { color, dash: "dot", width: 1.2 } },
    );
  }
  const single = paper.single.rows.find((row) => row.domain === target)?.accuracy ?? Number.NaN;
  const shown = paper.bySize.rows.filter((row) => row.target === target && row.accuracy !== null);
  if (shown.length > 0) {
    traces.push({
      ...paperTrace({
        name: "paper, clean",
        x: shown.map(({ size }) => size),
        y: shown.map(({ accuracy }) => single - accuracy!),
      }),
      mode: "lines",
    });
  }
  const printed = paper.dropAtThirteen.rows.find(({ domain }) => domain === target);
  if (printed) {
    const marks = { clean: "circle-open", textfooler: "square-open", fgsm: "diamond-open" };
    const shown = conditions.filter((one) => rows.some(({ condition }) => condition === one));
    for (const condition of shown) {
      const name = `paper at 13, ${names[condition]}`;
      traces.push(paperTrace({ name, x: [13], y: [printed[condition]], points: true, symbol: marks[condition] }));
    }
  }
  const { layout } = lineFigure([], { title: "", x: "adapters mixed (k)", y: "points lost" });
  const ticks = { tickmode: "array", tickvals: sizesOf([...own, ...shown.filter(({ size }) => size === 13)]) };
  return { data: traces, layout: { ...layout, xaxis: { ...(layout.xaxis as object), ...ticks } } };
}

/** One domain's loss at all of them, ours beside the paper's (table 1). In points; NaN where the paper has no such domain. */
export interface DropAtAllRow {
  domain: string;
  condition: Condition;
  ours: number;
  paper: number;
  difference: number;
}

/** Table 1 of the paper beside ours: the mixture of the most adapters that was tested on a domain. */
export function dropAtAll(rows: readonly DropRow[], paper: PaperNumbers): DropAtAllRow[] {
  const most = Math.max(...rows.map(({ size }) => size));
  const all = rows.filter(({ size }) => size === most);
  const printed = new Map(paper.dropAtThirteen.rows.map((row) => [row.domain, row]));
  const own = all.map(({ target }) => target).filter((target) => !printed.has(target));
  const table = [...printed.keys(), ...new Set(own)].flatMap((domain) =>
    conditions.flatMap((condition) => {
      const drops = all.filter((row) => row.target === domain && row.condition === condition).map(({ drop }) => drop);
      if (drops.length === 0) return [];
      const [ours, theirs] = [mean(drops), printed.get(domain)?.[condition] ?? Number.NaN];
      return [{ domain, condition, ours, paper: theirs, difference: ours - theirs }];
    }),
  );
  return madeFrom(table, all);
}

/** One sentence on where our drops and the paper's differ. */
export function describeDropAtAll(all: readonly DropAtAllRow[]): string {
  const rows = all.filter(({ paper }) => Number.isFinite(paper));
  if (rows.length === 0) return "No domain of the paper was tested, so nothing stands beside its table 1.";
  const parts = conditions.flatMap((condition) => {
    const own = rows.filter((row) => row.condition === condition);
    if (own.length === 0) return [];
    const [ours, theirs] = [mean(own.map((row) => row.ours)), mean(own.map((row) => row.paper))];
    return [`${names[condition]} ${formatFixed(ours, 1)} points against the paper's ${formatFixed(theirs, 1)}`];
  });
  const [furthest] = [...rows].sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
  const more = furthest.difference > 0 ? "more" : "less";
  return (
    `Lost with all mixed, mean over domains: ${parts.join(", ")}. They differ most on ${furthest.domain} ` +
    `(${names[furthest.condition]}), which loses ${formatFixed(Math.abs(furthest.difference), 1)} points ${more} here.`
  );
}

function sizesOf(rows: readonly { size: number }[]): number[] {
  return [...new Set(rows.map(({ size }) => size))].sort((a, b) => a - b);
}
