import { formatFixed } from "../../display/number-format.js";
import type { EncoderScore } from "./encoder-comparison.js";

/** How many domains an encoder's adapters are surely good for: two standard errors above what they are compared with. */
export interface SureDomains {
  overConstant: number;
  overProbe: number;
  overOther: number;
}

/** Counts the domains in which adapters on an encoder are sure to beat the best constant, their head alone, and another encoder. */
export function sureDomains(scores: readonly EncoderScore[], other: readonly EncoderScore[]): SureDomains {
  const count = (is: (score: EncoderScore) => boolean) => scores.filter(is).length;
  return {
    overConstant: count(({ adapter, majority, adapterError }) => adapter - majority > 2 * adapterError),
    overProbe: count(({ adapter, frozenProbe, gainError }) => adapter - frozenProbe > 2 * gainError),
    overOther: count(({ domain, adapter, adapterError }) => {
      const rival = other.find((score) => score.domain === domain);
      if (!rival) return false;
      return adapter - rival.adapter > 2 * Math.hypot(adapterError, rival.adapterError);
    }),
  };
}

/**
 * Encoders side by side, a row for each domain, as a table in Markdown: the best constant and the bag of words, then for each
 * encoder the frozen probe and the adapter with its standard error. Percentages.
 */
export function encoderTable(encoders: readonly (readonly EncoderScore[])[]): string {
  const names = encoders.map(([first]) => first.encoder);
  const columns = names.flatMap((name) => [`${name}: probe`, `${name}: Houlsby`]);
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const lines = encoders[0].map(({ domain, majority, bagOfWords }) => {
    const own = encoders.flatMap((scores) => {
      const score = scores.find((one) => one.domain === domain);
      if (!score) return ["", ""];
      return [
        formatFixed(score.frozenProbe, 1),
        `${formatFixed(score.adapter, 1)} ± ${formatFixed(score.adapterError, 1)}`,
      ];
    });
    return row([`\`${domain}\``, formatFixed(majority, 1), formatFixed(bagOfWords, 1), ...own]);
  });
  return [
    row(["domain", "best constant", "bag of words", ...columns]),
    row(["---", ...Array(columns.length + 2).fill("--:")]),
    ...lines,
  ].join("\n");
}
