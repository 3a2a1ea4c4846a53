import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import {
  type Access,
  type AttackedMixture,
  type AttackTest,
  attackedMixture,
  singleRecipe,
} from "./attacked-mixtures.js";
import { fgsmUnit } from "./fgsm-unit.js";

const accesses: readonly Access[] = ["whiteBox", "transferred"];

/**
 * Attacks mixtures with FGSM at every strength of the profile and at 0, which is clean text. White-box, the gradient is that
 * of the mixture under test; transferred, that of the second-seed adapter. The target's own adapter alone stands
 * beside each mixture under the same attack; the diluted one is not attacked, so `diluted` is NaN.
 *
 * @returns one result for each test, access and strength
 */
export async function fgsmMixtures(
  study: Study,
  tests: readonly AttackTest[],
  options: RunOptions = {},
): Promise<AttackedMixture[]> {
  const attacks = tests.flatMap(({ own, attacker, mixture }) =>
    accesses.flatMap((access) => {
      const source = access === "whiteBox" ? undefined : singleRecipe(attacker);
      return [mixture, singleRecipe(own)].map((victim) => ({ domain: own.domain, victim, source }));
    }),
  );
  const rows = await fgsmUnit.rows(study, attacks, options);
  const epsilons = [0, ...study.settings.epsilons];
  return tests.flatMap((test, t) =>
    accesses.flatMap((access, a) => {
      const own = rows.slice(2 * (accesses.length * t + a)).slice(0, 2);
      const [mixture, single] = own.map(({ accuracies }) => accuracies);
      return epsilons.map((epsilon, e) =>
        attackedMixture(
          test,
          { attack: "fgsm", access, epsilon },
          {
            ...{ accuracy: mixture[e], single: single[e], diluted: Number.NaN },
            ...{ clean: mixture[0], cleanSingle: single[0] },
          },
          own,
        ),
      );
    }),
  );
}
