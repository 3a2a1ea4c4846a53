import type { NamedTensorData } from "../../engine/tensor-data.js";
import { type DomainKey, domainKey } from "../../study/define-unit.js";
import { kept } from "../../study/kept.js";
import type { Study } from "../../study/study.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import { inputGrams } from "../../training/input-grams.js";
import { fisherInformation, hessianGradient, textGradients } from "../../training/text-gradients.js";

/** An adapter as settings name it: its domain, whose texts it may look at, and its hash. */
export interface MemberKey {
  domain: DomainKey;
  adapter: string;
}

/** Members as settings name them. */
export async function memberKeys(
  study: Study,
  members: readonly { domain: string; adapter: string }[],
): Promise<MemberKey[]> {
  const keys: MemberKey[] = [];
  for (const { domain, adapter } of members) keys.push({ domain: domainKey(await study.domain(domain)), adapter });
  return keys;
}

/** How texts are read: the first so many training texts of each domain. */
export interface FewTexts {
  texts: number;
  batchSize: number;
  maxLength: number;
}

/** What a few texts of its own domain tell of a trained adapter, by the name of the number. */
const told = { fisher: fisherInformation, grams: inputGrams, gradients: textGradients, hessian: hessianGradient };

/** Numbers of a trained adapter on a few training texts of its domain, computed once in a process. */
export async function fewTextNumbers(
  study: Study,
  what: keyof typeof told,
  { domain, adapter: hash }: MemberKey,
  { texts, batchSize, maxLength }: FewTexts,
): Promise<NamedTensorData> {
  const parts = ["few texts", what, study.encoder.hash, domain.hash, hash, texts, batchSize, maxLength];
  return kept(parts, async () => {
    const examples = (await study.domain(domain.name)).train.slice(0, texts);
    const { adapter, head } = trainedAdapter(study, hash);
    const options = { batchSize, maxLength };
    if (what === "grams") return inputGrams(study.encoder, adapter, examples, options);
    if (what === "gradients") return textGradients(study.encoder, { adapter, head }, examples, options).gradients;
    return told[what](study.encoder, { adapter, head }, examples, options);
  });
}
