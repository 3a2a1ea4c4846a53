import { claimMean } from "../../study/claim-effects.js";
import type { ClaimEffect, ClaimEffects } from "../../study/scorecard.js";
import type { AttackedMixture } from "./attacked-mixtures.js";
import { cleanDrop, largestSize, mixturesToCompare, spreadRatio } from "./fall.js";
import type { MeasuredAttacks } from "./measure.js";

/** FGSM as it stands beside TextFooler and the paper's: made on the very mixture, at one strength. */
export function whiteBoxAt(fgsm: readonly AttackedMixture[], epsilon: number): AttackedMixture[] {
  return fgsm.filter((row) => row.access === "whiteBox" && row.epsilon === epsilon);
}

/** The paper's claims on attacked text, F2t, F2f and F3, by their ids, over the targets that count. */
export function attackClaims(
  { textFooler, fgsm }: Pick<MeasuredAttacks, "textFooler" | "fgsm">,
  epsilon: number,
  targets: readonly string[],
): ClaimEffects {
  const moved = whiteBoxAt(fgsm, epsilon);
  return {
    F2t: fallOfAll(textFooler, targets),
    F2f: fallOfAll(moved, targets),
    F3: spreadOf([...textFooler, ...moved], targets),
  };
}

/** Drop clean minus drop attacked of the mixture of the most adapters, in points. */
function fallOfAll(rows: readonly AttackedMixture[], targets: readonly string[]): ClaimEffect {
  const most = largestSize(rows);
  return claimMean(
    rows.filter(({ size }) => size === most),
    (row) => cleanDrop(row) - row.drop,
    targets,
  );
}

function spreadOf(rows: readonly AttackedMixture[], targets: readonly string[]): ClaimEffect {
  const own = rows.filter(({ target }) => targets.includes(target));
  const several = mixturesToCompare(own);
  const count = new Set(several.map(([{ target }]) => target)).size;
  if (count < 3) {
    const told = `${count} target${count === 1 ? " counts and has" : "s count and have"}`;
    return { undecided: `${told} mixtures to compare, an interval needs 3` };
  }
  const differ = several.filter((group) => group.some(({ clean }) => clean !== group[0].clean));
  // the interval leaves out one target at a time
  if (new Set(differ.map(([{ target }]) => target)).size < 2)
    return { undecided: "mixtures hardly differ on clean text" };
  return spreadRatio(own);
}
