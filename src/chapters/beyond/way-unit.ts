import type { Adapter } from "../../adapters/adapter.js";
import { ensemble } from "../../mixing/ensemble.js";
import { defineUnit, domainKey } from "../../study/define-unit.js";
import { kept } from "../../study/kept.js";
import type { Study } from "../../study/study.js";
import { testAdapter } from "../../study/test-adapter.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import { type Verdicts, verdicts } from "../../study/verdicts.js";
import { type FewTexts, fewTextNumbers, type MemberKey, memberKeys } from "./few-texts.js";
import { type Way, type WayName, ways } from "./ways.js";

/** A mixture by one of the ways, and the member that it is tested on. */
export interface WayInput {
  domain: string;
  /** Hash of the target's adapter, whose head is used. */
  headOf: string;
  members: { domain: string; adapter: string }[];
  way: WayName;
  strength: number;
}

/** Mixes adapters in one of the ways, and tests the mixture on a domain with that domain's head. */
export const wayUnit = defineUnit({
  kind: "way",
  module: import.meta.url,
  async settings(study, { domain, headOf, members: given, way, strength }: WayInput) {
    const { batchSize, maxLength, fewTexts } = study.settings;
    const members = await memberKeys(study, given);
    const { needs }: Way = ways[way];
    const texts = needs === "texts" ? fewTexts : 0;
    const own = domainKey(await study.domain(domain));
    return { domain: own, headOf, members, way, strength, texts, batchSize, maxLength };
  },
  methods: ["ties", "dare"],
  async run(study, { domain, headOf, members, way, strength, ...reading }): Promise<Verdicts> {
    const { head } = trainedAdapter(study, headOf);
    const target = await study.domain(domain.name);
    const { batchSize, maxLength } = reading;
    if (way === "ensemble") {
      const examples = [...target.dev, ...target.test];
      const adapters = members.map(({ adapter }) => trainedAdapter(study, adapter).adapter);
      const { predictions } = ensemble(study.encoder, adapters, head, examples, { batchSize, maxLength });
      const right = examples.map(({ label }, i) => predictions[i] === label);
      return verdicts(right, target.dev.length);
    }
    const parts = ["way", study.encoder.hash, members.map(({ adapter }) => adapter), way, strength, reading.texts];
    const made = await kept(parts, async () => ({ adapter: await mixture(study, members, way, strength, reading) }));
    const test = { split: "devAndTest" as const, batchSize, maxLength };
    return testAdapter(study, target, made.adapter, head, test);
  },
});

function mixture(
  study: Study,
  members: readonly MemberKey[],
  name: WayName,
  strength: number,
  reading: FewTexts,
): Adapter | Promise<Adapter> {
  const { make, label }: Way = ways[name];
  if (!make) throw new Error(`The ${label} makes no adapter.`);
  const trained = members.map(({ adapter }) => trainedAdapter(study, adapter));
  const context = {
    adapters: trained.map(({ adapter }) => adapter),
    encoder: study.encoder,
    options: { batchSize: reading.batchSize, maxLength: reading.maxLength },
    numbers: (what: "fisher" | "grams") =>
      Promise.all(members.map((member) => fewTextNumbers(study, what, member, reading))),
    members: () =>
      Promise.all(
        trained.map(async (own, i) => {
          const { train } = await study.domain(members[i].domain.name);
          return { ...own, examples: train.slice(0, reading.texts) };
        }),
      ),
  };
  return make(context, strength);
}
