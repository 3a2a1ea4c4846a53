import { mean, sampleStandardDeviation } from "simple-statistics";
import { barFigure } from "../../figures/bar.js";
import { type Figure, withSubtitle } from "../../figures/figure.js";
import { gridFigure } from "../../figures/grid.js";
import { type LineSeries, lineFigure } from "../../figures/line.js";
import { methodName } from "../../figures/method-name.js";
import { panelsOf } from "../../figures/panels.js";
import { madeFrom } from "../../results/origin.js";
import type { Access, AttackedMixture } from "./attacked-mixtures.js";
import type { AdaptiveResult } from "./textfooler-mixtures.js";

/** What captions call the two kinds of access. */
export const accessNames: Record<Access, string> = { whiteBox: "white-box", transferred: "transferred" };

type Pick = (row: AttackedMixture) => number;

/**
 * Accuracy against the number mixed, clean and under each attack at one strength; one panel a method. The dilution control
 * stands beside TextFooler.
 *
 * @param textFooler mixtures on static TextFooler texts
 * @param fgsm mixtures under FGSM, any strengths
 */
export function attackedBySizeFigure(
  textFooler: readonly AttackedMixture[],
  fgsm: readonly AttackedMixture[],
  options: { epsilon: number; caption?: string },
): Figure {
  const title = "Accuracy against the number of adapters mixed, clean and under attack";
  const methods = distinct(textFooler.map(({ method }) => method));
  const panels = methods.map((method) => {
    const words = textFooler.filter((row) => row.method === method);
    const moved = fgsm.filter((row) => row.method === method && row.epsilon === options.epsilon);
    const series = [
      bySize("clean text", words, ({ clean }) => clean),
      bySize("TextFooler, transferred", words, ({ accuracy }) => accuracy),
      ...dilutionLine(words),
      ...(["transferred", "whiteBox"] as const).map((access) =>
        bySize(
          `FGSM (ε = ${options.epsilon}), ${accessNames[access]}`,
          moved.filter((row) => row.access === access),
          ({ accuracy }) => accuracy,
        ),
      ),
    ];
    const figure = lineFigure(series, {
      title,
      x: "adapters mixed (k)",
      y: "accuracy on the attacked examples (%)",
      percent: "y",
    });
    return { title: methodName(method), figure };
  });
  const figure = panelsOf(panels, title);
  return madeFrom(options.caption ? withSubtitle(figure, options.caption) : figure, textFooler, fgsm);
}

/**
 * Accuracy against the number mixed, one panel a domain: clean, TextFooler and FGSM together, as the paper's figures 3 and 10
 * to 13 show them. Lines are means over mixtures, bands one standard deviation from mixture to mixture.
 *
 * @param textFooler mixtures on static TextFooler texts, of one method
 * @param fgsm the same mixtures under FGSM, any strengths
 * @param options.access of FGSM; default white-box
 */
export function attackedByDomainFigure(
  textFooler: readonly AttackedMixture[],
  fgsm: readonly AttackedMixture[],
  options: { epsilon: number; access?: Access; caption?: string },
): Figure {
  const { epsilon, access = "whiteBox", caption } = options;
  const title = "Accuracy against the number of adapters mixed, clean and under attack, by domain";
  const panels = distinct(textFooler.map(({ target }) => target)).map((target) => {
    const words = textFooler.filter((row) => row.target === target);
    const moved = fgsm.filter((row) => row.target === target && row.access === access && row.epsilon === epsilon);
    const series = [
      spreadBySize("clean text", words, ({ clean }) => clean),
      spreadBySize("TextFooler, transferred", words, ({ accuracy }) => accuracy),
      spreadBySize(`FGSM (ε = ${epsilon}), ${accessNames[access]}`, moved, ({ accuracy }) => accuracy),
    ];
    const axes = { x: "adapters mixed (k)", y: "accuracy (%)", percent: "y" as const };
    return { title: target, figure: lineFigure(series, { title, ...axes }) };
  });
  const subtitle = `bands: one standard deviation from mixture to mixture${caption ? `; ${caption}` : ""}`;
  const layout = { columns: 4, width: 900, panelHeight: 190, sharedX: true, sharedY: true };
  return madeFrom(gridFigure(panels, { title, subtitle, ...layout }), textFooler, fgsm);
}

/** What ε counts in, as axes name it. */
const unitNames = { rms: "root mean squares of the embedding table", absolute: "numbers of the embedding table" };

/**
 * Accuracy against the strength of FGSM: one line a number mixed, one panel a method and access.
 * @param options.unit what ε counts in; default `rms`
 */
export function epsilonFigure(
  fgsm: readonly AttackedMixture[],
  options: { unit?: keyof typeof unitNames } = {},
): Figure {
  const title = "Accuracy against the strength of FGSM";
  const methods = distinct(fgsm.map(({ method }) => method));
  const panels = methods.flatMap((method) =>
    (["whiteBox", "transferred"] as const).map((access) => {
      const rows = fgsm.filter((row) => row.method === method && row.access === access);
      const epsilons = sorted(rows.map(({ epsilon }) => epsilon));
      const series = sorted(rows.map(({ size }) => size)).map((size) => ({
        name: size === 1 ? "single adapter" : `${size} adapters`,
        x: epsilons,
        y: epsilons.map((epsilon) =>
          average(
            rows.filter((row) => row.size === size && row.epsilon === epsilon),
            ({ accuracy }) => accuracy,
          ),
        ),
      }));
      const figure = lineFigure(series, {
        title,
        x: `ε (${unitNames[options.unit ?? "rms"]})`,
        y: "accuracy on the attacked examples (%)",
        percent: "y",
      });
      return { title: `${methodName(method)}, ${accessNames[access]}`, figure };
    }),
  );
  return madeFrom(panelsOf(panels, title, 2), fgsm);
}

/** Bars by the number mixed: clean, on texts made for another adapter, and on texts made for the very mixture. */
export function adaptiveFigure(rows: readonly AdaptiveResult[]): Figure {
  const sizes = sorted(rows.map(({ size }) => size));
  const categories = sizes.map((size) => (size === 1 ? "single adapter" : `${size} adapters`));
  const group = (name: string, pick: (row: AdaptiveResult) => number) => ({
    name,
    categories,
    values: sizes.map((size) => 100 * mean(rows.filter((row) => row.size === size).map(pick))),
  });
  return madeFrom(
    barFigure(
      [
        group("clean text", ({ clean }) => clean),
        group("attack on another adapter", ({ transferred }) => transferred),
        group("attack on the very classifier", ({ adaptive }) => adaptive),
      ],
      {
        title: "TextFooler made for another adapter, and for the very classifier",
        x: "adapters mixed (k)",
        y: "accuracy on the attacked examples (%)",
        yRange: [0, 100],
      },
    ),
    rows,
  );
}

/** The dilution control at sizes of which all mixtures have one, that is share a start; nothing where only singles do. */
function dilutionLine(words: readonly AttackedMixture[]): ReturnType<typeof bySize>[] {
  const without = new Set(words.filter(({ diluted }) => Number.isNaN(diluted)).map(({ size }) => size));
  const known = words.filter(({ size }) => !without.has(size));
  const defined = known.some(({ size }) => size > 1);
  return defined ? [bySize("TextFooler, own adapter diluted by 1/k", known, ({ diluted }) => diluted)] : [];
}

function bySize(
  name: string,
  rows: readonly AttackedMixture[],
  pick: Pick,
): { name: string; x: number[]; y: number[] } {
  const x = sorted(rows.map(({ size }) => size));
  const at = (size: number) => rows.filter((row) => row.size === size);
  return { name, x, y: x.map((size) => average(at(size), pick)) };
}

/** Means by the number mixed, with one standard deviation over mixtures on each side where there are several. */
function spreadBySize(name: string, rows: readonly AttackedMixture[], pick: Pick): LineSeries {
  const { x, y } = bySize(name, rows, pick);
  const spreads = x.map((size) => {
    const values = rows.filter((row) => row.size === size).map(pick);
    return values.length > 1 ? sampleStandardDeviation(values) : 0;
  });
  return { name, x, y, low: y.map((value, i) => value - spreads[i]), high: y.map((value, i) => value + spreads[i]) };
}

const average = (rows: readonly AttackedMixture[], pick: Pick) => mean(rows.map(pick));
const distinct = <T>(values: readonly T[]) => [...new Set(values)];
const sorted = (values: readonly number[]) => distinct(values).sort((a, b) => a - b);
