import { averageAdapters } from "../../mixing/average.js";
import { grasp } from "../../pruning/criteria/grasp.js";
import { snip } from "../../pruning/criteria/snip.js";
import { wanda } from "../../pruning/criteria/wanda.js";
import type { Criterion } from "../../pruning/criterion.js";
import { pruneAdapter } from "../../pruning/prune.js";
import { defineUnit, domainKey } from "../../study/define-unit.js";
import { kept } from "../../study/kept.js";
import type { Study } from "../../study/study.js";
import { testAdapter } from "../../study/test-adapter.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import { type FewTexts, fewTextNumbers, type MemberKey, memberKeys } from "./few-texts.js";

/** The criteria that are compared; `change` is magnitude of the change, which is set back to the start. */
export const comparedCriteria = {
  magnitude: "magnitude",
  change: "magnitude of the change",
  random: "random",
  movement: "movement",
  synflow: "SynFlow",
  snip: "SNIP",
  grasp: "GraSP",
  wanda: "Wanda",
} as const;

/** The name of a criterion that is compared. */
export type ComparedCriterion = keyof typeof comparedCriteria;

const readsTexts: readonly string[] = ["snip", "grasp", "wanda"];

/** Adapters pruned by a criterion and averaged, or one alone, on the test examples of one of them. */
export interface CriterionUnitResult {
  accuracy: number;
  /** Which test examples were right, packed. */
  correct: string;
}

/** Prunes adapters by a criterion, averages them, and tests the result with a domain's own head. */
export const criterionUnit = defineUnit({
  kind: "criterion",
  module: import.meta.url,
  async settings(
    study,
    input: {
      domain: string;
      headOf: string;
      members: { domain: string; adapter: string }[];
      criterion: ComparedCriterion;
      sparsity: number;
    },
  ) {
    const { batchSize, maxLength, fewTexts } = study.settings;
    const members = await memberKeys(study, input.members);
    const texts = readsTexts.includes(input.criterion) ? fewTexts : 0;
    return { ...input, domain: domainKey(await study.domain(input.domain)), members, texts, batchSize, maxLength };
  },
  methods: ["magnitude", "random", "movement", "synflow"],
  async run(study, { domain, headOf, members, criterion, sparsity, ...reading }): Promise<CriterionUnitResult> {
    const hashes = members.map(({ adapter }) => adapter);
    const parts = ["pruned", study.encoder.hash, hashes, criterion, sparsity, reading.texts];
    const made = await kept(parts, async () => {
      const pruned = [];
      for (const member of members) {
        const { adapter } = trainedAdapter(study, member.adapter);
        const options = { sparsity, seed: adapter.name, weights: criterion === "change" ? "change" : "raw" } as const;
        const chosen = await criterionOf(study, criterion, member, reading);
        pruned.push(pruneAdapter(adapter, { ...options, criterion: chosen }).adapter);
      }
      return { adapter: averageAdapters(pruned) };
    });
    const { head } = trainedAdapter(study, headOf);
    const test = { split: "test" as const, batchSize: reading.batchSize, maxLength: reading.maxLength };
    const target = await study.domain(domain.name);
    const { accuracy, correct } = await testAdapter(study, target, made.adapter, head, test);
    return { accuracy, correct };
  },
});

async function criterionOf(
  study: Study,
  name: ComparedCriterion,
  member: MemberKey,
  reading: FewTexts,
): Promise<Criterion> {
  if (name === "snip") return snip(await fewTextNumbers(study, "gradients", member, reading));
  if (name === "grasp") return grasp(await fewTextNumbers(study, "hessian", member, reading));
  if (name === "wanda") return wanda(await fewTextNumbers(study, "grams", member, reading));
  return name === "change" ? "magnitude" : name;
}
