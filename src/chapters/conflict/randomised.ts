import { madeFrom } from "../../results/origin.js";
import { designSeeds } from "../../study/design-seeds.js";
import { inRegime } from "../../study/in-regime.js";
import type { Start } from "../../study/regime.js";
import type { RunOptions } from "../../study/run.js";
import type { Study } from "../../study/study.js";
import { testRecipes } from "../mix/mixtures.js";
import { trainSingles } from "../train/singles.js";
import type { TrainRow } from "../train/train-unit.js";
import { pairSigns } from "./pair-signs.js";

/** A target mixed with a partner whose start and length of training were chosen, whatever its domain. */
export interface RandomisedRow {
  target: string;
  partner: string;
  members: string[];
  method: string;
  seed: number;
  /** Whether the partner started from the target's weights. */
  sameStart: boolean;
  /** Steps that the partner was trained for; the target's are the study's. */
  steps: number;
  fsd: number;
  flipShare: number;
  /** Distance that the partner moved. */
  partnerMoved: number;
  accuracy: number;
  /** Accuracy of the mixture minus that of the target's own adapter, in points. */
  change: number;
}

/** The study as its partners are trained: from the target's start and from others, for each length of `partnerSteps`. */
export function partnerStudies(study: Study): Study[] {
  const starts: Start[] = ["shared", "separate"];
  return starts.flatMap((start) => {
    const regime = inRegime(study, { start, schedule: "equal" });
    return study.settings.partnerSteps.map((steps) => ({ ...regime, settings: { ...regime.settings, steps } }));
  });
}

/**
 * The controlled test of what starts and distances do (S1): over all ordered pairs, the partner's start (the target's, or one
 * of its own) and its length of training (`partnerSteps`) are crossed, so that neither goes with the domain. Adapters are
 * of the pool's methods and of `designSeeds`; targets are trained from the shared start for the study's steps.
 */
export async function measureRandomised(study: Study, options: RunOptions = {}): Promise<RandomisedRow[]> {
  const { poolMethods: methods, domains } = study.settings;
  const seeds = designSeeds(study.settings);
  const targets = await trainSingles(inRegime(study, "controlled"), { methods, seeds }, options);
  const tests: { own: TrainRow; partner: TrainRow; sameStart: boolean; steps: number }[] = [];
  for (const changed of partnerStudies(study)) {
    const { start, steps } = changed.settings;
    const partners = await trainSingles(changed, { methods, seeds }, options);
    for (const own of targets) {
      for (const partner of partners) {
        const alike = partner.method === own.method && partner.seed === own.seed;
        if (!alike || partner.domain === own.domain) continue;
        tests.push({ own, partner, sameStart: start === "shared", steps });
      }
    }
  }
  const place = ({ domain }: TrainRow) => domains.indexOf(domain);
  const recipes = tests.map(({ own, partner }) => {
    const of = [own, partner].sort((a, b) => place(a) - place(b)).map(({ adapter }) => adapter);
    return { own, recipe: { make: "mixture" as const, of } };
  });
  const rows = await testRecipes(study, recipes, options);
  const signs = await pairSigns(
    study,
    tests.map(({ own, partner }) => [own, partner] as const),
    options,
  );
  return tests.map(({ own, partner, sameStart, steps }, i) => {
    const row = {
      ...{ target: own.domain, partner: partner.domain, members: [own.domain, partner.domain] },
      ...{ method: own.method, seed: own.seed, sameStart, steps },
      ...{ fsd: signs[i].fsd, flipShare: signs[i].flipShare, partnerMoved: partner.moved },
      ...{ accuracy: rows[i].accuracy, change: 100 * (rows[i].accuracy - own.accuracy) },
    };
    return madeFrom(row, rows[i], own, partner, signs[i]);
  });
}
