import type { Adapter } from "../../adapters/adapter.js";
import { initialTensors } from "../../adapters/create.js";
import type { NamedTensorData } from "../../engine/tensor-data.js";
import { averageAdapters } from "../../mixing/average.js";
import { cosineSimilarity } from "../../mixing/similarity.js";
import { distanceMoved } from "../../signs/distance-moved.js";
import { flipShare } from "../../signs/flip-share.js";
import { changeOf } from "../../signs/initialisation.js";
import { fractionOfSignDifference } from "../../signs/sign-difference.js";
import { defineUnit, domainKey } from "../../study/define-unit.js";
import { kept } from "../../study/kept.js";
import type { Study } from "../../study/study.js";
import { trainedAdapter } from "../../study/trained-adapter.js";
import { evaluate } from "../../training/evaluate.js";
import { kernelAlignment, textFeatures } from "../../training/text-features.js";
import { textGradients } from "../../training/text-gradients.js";
import { type FewTexts, fewTextNumbers, type MemberKey } from "./few-texts.js";

/** A member as it is given: its domain, its adapter, and the adapter that the same start gave after few steps. */
export interface PredictedMember {
  domain: string;
  adapter: string;
  early: string;
}

/**
 * What may foretell how a partner harms a target, before their mixture is tested. Numbers of a target and a partner; texts are
 * the first training texts of a domain.
 */
export interface PredictorUnitResult {
  /** Share of the weights that differ in sign, and of the changes that do. */
  fsd: number;
  fsdOfChange: number;
  /** Share of the target's signs that flip in the average. */
  flipShare: number;
  /** Σ|δ_t δ_p| over weights whose changes differ in sign, as a share of it over all. */
  weightedDisagreement: number;
  /** Cosine of the changes, and of those after few steps. */
  cosine: number;
  earlyCosine: number;
  /** Distance that the partner moved. */
  partnerMoved: number;
  /** Rise of the target's loss that its gradient, at its own adapter, foretells of the mixture; in nats. */
  slope: number;
  /** Cosine of the two domains' gradients at the average. */
  gradientCosine: number;
  /** Overlap of the Fisher information of the two, Σ√(f_t f_p) of shares f. */
  fisherOverlap: number;
  /** Centred kernel alignment, on the target's texts, of what the target's head reads through the two adapters. */
  alignment: number;
  /** How far the partner alone moves what the target's head reads of its texts from the start, root mean square. */
  movesStates: number;
  /** How far the mixture moves it from where the target's own adapter has it. */
  movesFromOwn: number;
  /** Share of the target's texts on which the mixture answers otherwise than the target's own adapter. */
  otherAnswers: number;
}

/** Computes everything that may foretell the harm of a partner. No test or dev example is looked at, nor any label but for gradients. */
export const predictorUnit = defineUnit({
  kind: "predictor",
  module: import.meta.url,
  async settings(study, { target, partner }: { target: PredictedMember; partner: PredictedMember }) {
    const { batchSize, maxLength, fewTexts } = study.settings;
    const [own, other] = [await study.domain(target.domain), await study.domain(partner.domain)].map(domainKey);
    return {
      target: { ...target, domain: own },
      partner: { ...partner, domain: other },
      ...{ texts: fewTexts, batchSize, maxLength },
    };
  },
  async run(study, { target, partner, ...reading }): Promise<PredictorUnitResult> {
    const [own, other] = [target, partner].map(({ adapter }) => trainedAdapter(study, adapter));
    const [early, otherEarly] = [target, partner].map((member) => trainedAdapter(study, member.early).adapter);
    const mixture = averageAdapters([own.adapter, other.adapter]);
    const [ownTexts, otherTexts] = [await textsOf(study, target, reading), await textsOf(study, partner, reading)];
    const { encoder } = study;
    const at = { adapter: mixture, head: own.head };
    const here = textGradients(encoder, at, ownTexts, reading).gradients;
    const there = textGradients(encoder, { ...at, head: other.head }, otherTexts, reading).gradients;
    const [fisher, otherFisher] = [
      await fewTextNumbers(study, "fisher", target, reading),
      await fewTextNumbers(study, "fisher", partner, reading),
    ];
    const read = (adapter: Adapter) => textFeatures(encoder, adapter, own.head.config, ownTexts, reading);
    const states = await ownStates(study, target, reading);
    const [ofPartner, ofMixture] = [read(other.adapter), read(mixture)];
    const [answers, mixed] = [own.adapter, mixture].map(
      (adapter) => evaluate(encoder, { adapter, head: own.head }, ownTexts, reading).predictions,
    );
    return {
      fsd: fractionOfSignDifference(own.adapter, other.adapter).overall,
      fsdOfChange: fractionOfSignDifference(own.adapter, other.adapter, { weights: "change" }).overall,
      flipShare: flipShare([own.adapter, other.adapter], own.adapter).overall,
      weightedDisagreement: weightedDisagreement(own.adapter, other.adapter),
      cosine: cosineSimilarity(own.adapter, other.adapter, { weights: "change" }),
      earlyCosine: cosineSimilarity(early, otherEarly, { weights: "change" }),
      partnerMoved: distanceMoved(other.adapter),
      slope: dot(await fewTextNumbers(study, "gradients", target, reading), difference(mixture, own.adapter)),
      gradientCosine: dot(here, there) / (Math.sqrt(dot(here, here) * dot(there, there)) || 1),
      fisherOverlap: overlap(fisher, otherFisher),
      alignment: kernelAlignment(states.own, ofPartner),
      movesStates: distanceOf(states.start, ofPartner),
      movesFromOwn: distanceOf(states.own, ofMixture),
      otherAnswers: answers.filter((answer, i) => answer !== mixed[i]).length / answers.length,
    };
  },
});

async function textsOf(study: Study, { domain }: MemberKey, { texts }: FewTexts) {
  return (await study.domain(domain.name)).train.slice(0, texts);
}

/** What the target's head reads of its texts through its own adapter and at its start. */
function ownStates(study: Study, target: MemberKey, reading: FewTexts): Promise<Record<"own" | "start", number[][]>> {
  const { texts, batchSize, maxLength } = reading;
  const parts = ["states", study.encoder.hash, target.domain.hash, target.adapter, texts, batchSize, maxLength];
  return kept(parts, async () => {
    const { adapter, head } = trainedAdapter(study, target.adapter);
    const examples = await textsOf(study, target, reading);
    const read = (one: Adapter) => textFeatures(study.encoder, one, head.config, examples, reading);
    return { own: read(adapter), start: read({ ...adapter, tensors: initialTensors(adapter) }) };
  });
}

function weightedDisagreement(a: Adapter, b: Adapter): number {
  const [left, right] = [changeOf(a), changeOf(b)];
  let [against, all] = [0, 0];
  for (const [name, own] of Object.entries(left)) {
    for (let i = 0; i < own.length; i++) {
      const term = own[i] * right[name][i];
      all += Math.abs(term);
      if (term < 0) against -= term;
    }
  }
  return all === 0 ? 0 : against / all;
}

function dot(a: NamedTensorData, b: NamedTensorData): number {
  let sum = 0;
  for (const [name, { data }] of Object.entries(a)) {
    const other = b[name].data;
    for (let i = 0; i < data.length; i++) sum += data[i] * other[i];
  }
  return sum;
}

function difference(to: Adapter, from: Adapter): NamedTensorData {
  return Object.fromEntries(
    Object.entries(to.tensors).map(([name, { shape, data }]) => {
      const start = from.tensors[name].data;
      return [name, { shape, dtype: "float32", data: Float32Array.from(data, (value, i) => value - start[i]) }];
    }),
  );
}

/** Σ√(f g) of two lists of numbers of 0 or more, each divided by its sum; 1 where they are alike. */
function overlap(a: NamedTensorData, b: NamedTensorData): number {
  let [product, left, right] = [0, 0, 0];
  for (const [name, { data }] of Object.entries(a)) {
    const other = b[name].data;
    for (let i = 0; i < data.length; i++) {
      product += Math.sqrt(data[i] * other[i]);
      left += data[i];
      right += other[i];
    }
  }
  return product === 0 ? 0 : product / Math.sqrt(left * right);
}

/** Root of the mean over texts of the squared distance of two sets of features. */
function distanceOf(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  const squares = a.map((row, i) => row.reduce((sum, value, j) => sum + (value - b[i][j]) ** 2, 0));
  return Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / a.length);
}
