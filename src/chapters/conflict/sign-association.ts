import { madeFrom } from "../../results/origin.js";
import type { WeightView } from "../../signs/initialisation.js";
import { type Association, associate } from "../../statistics/association.js";
import type { Study } from "../../study/study.js";
import type { MixtureResult } from "../mix/mixtures.js";
import { groupSingles } from "../train/groups.js";
import type { TrainRow } from "../train/train-unit.js";
import { anchoredFsd, pairwiseFsd } from "./pairwise.js";

/** What mixing did to accuracy: all of it, or what is left when dilution is taken out. */
export type Harm = "drop" | "interference";

/** The association of FSD with one kind of harm, for mixtures of one method or of all. */
export interface SignAssociation extends Association {
  method: string;
  weights: WeightView;
  harm: Harm;
}

/** Which association: of which weights' signs, with which harm, for which method. */
export interface SignAssociationOptions {
  weights?: WeightView;
  harm?: Harm;
  /** One method; all of the results' methods together by default. */
  method?: string;
  permutations?: number;
}

/**
 * The association of anchored FSD and accuracy change within (method, seed, target, size), over mixtures of two and more.
 * The covariate is the distance that the other members moved from the start, on average: adapters that moved far both
 * conflict more and disturb more.
 *
 * @param singles the adapters that were mixed
 * @param results mixtures of them, as `sweep` gives them
 */
export function signAssociation(
  study: Study,
  singles: readonly TrainRow[],
  results: readonly MixtureResult[],
  options: SignAssociationOptions = {},
): SignAssociation {
  const { weights = "raw", harm = "drop", method, permutations } = options;
  const groups = groupSingles(singles).filter((group) => method === undefined || group.method === method);
  if (groups.length === 0) {
    throw new Error(`No adapters${method === undefined ? "" : ` of the method "${method}"`} were given.`);
  }
  const names = groups[0].rows.map(({ domain }) => domain);
  const byKey = new Map(
    groups.map((group) => [
      `${group.method}/${group.seed}`,
      { fsd: pairwiseFsd(study, group.rows, { weights }), moved: group.rows.map(({ moved }) => moved) },
    ]),
  );
  const of = (key: string | undefined) => byKey.get(key ?? "") as { fsd: number[][]; moved: number[] };
  const outcomes = results
    .filter((row) => row.size > 1 && byKey.has(`${row.method}/${row.seed}`) && Number.isFinite(row[harm]))
    .map((row) => {
      const group = `${row.method}/${row.seed}`;
      const target = names.indexOf(row.target);
      const members = row.members.map((name) => names.indexOf(name));
      const others = members.filter((member) => member !== target);
      const covariate = others.reduce((sum, member) => sum + of(group).moved[member], 0) / others.length;
      return { target, members, group, covariate, accuracyChange: -row[harm] };
    });
  const association = associate(outcomes, (members, target, group) => anchoredFsd(of(group).fsd, members, target), {
    domains: names.length,
    permutations,
  });
  return madeFrom({ method: method ?? "all", weights, harm, ...association }, singles, results);
}
