import { type Adapter, adapterHash } from "../../adapters/adapter.js";
import type { AdapterMethod } from "../../adapters/methods.js";
import { sizeOf } from "../../engine/tensor-data.js";
import { sha256OfTensors } from "../../files/hash.js";
import { encodeTrained } from "../../results/trained-file.js";
import { distanceMoved } from "../../signs/distance-moved.js";
import { defineUnit, domainKey, type Ran } from "../../study/define-unit.js";
import { adapterPath } from "../../study/trained-adapter.js";
import { type Verdicts, verdicts } from "../../study/verdicts.js";
import { evaluate } from "../../training/evaluate.js";
import { trainAdapter } from "../../training/train.js";
import { adapterConfigOf, loopOf, loopOptions, startOf } from "./loop.js";

/** One adapter trained on one domain. */
export interface TrainResult extends Verdicts {
  domain: string;
  method: string;
  seed: number;
  /** Hash of the adapter, which names its file. */
  adapter: string;
  head: string;
  testRows: number;
  devRows: number;
  adapterParameters: number;
  headParameters: number;
  /** ‖θ − θ₀‖ over all adapter weights. */
  moved: number;
  /** Mean training loss of up to 25 equal stretches of the steps. */
  losses: number[];
}

/** The row of a `train` unit. */
export type TrainRow = Ran<TrainResult>;

/** Trains one adapter with the study's settings; the last step's weights are kept. */
export const trainUnit = defineUnit({
  kind: "train",
  module: import.meta.url,
  async settings(study, { domain: name, method, seed }: { domain: string; method: AdapterMethod; seed: number }) {
    const domain = await study.domain(name);
    return {
      ...{ domain: domainKey(domain), config: adapterConfigOf(study, method), seed },
      ...startOf(study, domain, seed),
      ...loopOf(study, domain),
    };
  },
  async run(study, settings, keep): Promise<TrainResult> {
    const { seed, config } = settings;
    const { method, ...own } = config;
    const domain = await study.domain(settings.domain.name);
    const loop = loopOptions(settings);
    const { adapter, head, history } = await trainAdapter(study.encoder, domain, {
      ...loop,
      method,
      config: own,
      seed,
      start: settings.start,
    });
    const examples = [...domain.dev, ...domain.test];
    const { batchSize, maxLength } = settings;
    const { predictions } = evaluate(study.encoder, { adapter, head }, examples, { batchSize, maxLength });
    const correct = examples.map(({ label }, i) => predictions[i] === label);
    const hash = adapterHash(adapter).slice(0, 32);
    keep(adapterPath(study, hash, seed), encodeTrained({ adapter, head }));
    return {
      ...{ domain: domain.name, method, seed, adapter: hash },
      head: sha256OfTensors(head.tensors).slice(0, 32),
      ...{ testRows: domain.test.length, devRows: domain.dev.length },
      ...verdicts(correct, domain.dev.length),
      ...{ adapterParameters: parameters(adapter.tensors), headParameters: parameters(head.tensors) },
      ...{ moved: distanceMoved(adapter), losses: stretches(history.losses, 25) },
    };
  },
});

function parameters(tensors: Adapter["tensors"]): number {
  return Object.values(tensors).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Means of at most `count` stretches of equal length. */
function stretches(values: number[], count: number): number[] {
  const length = Math.ceil(values.length / count);
  const means: number[] = [];
  for (let start = 0; start < values.length; start += length) {
    const part = values.slice(start, start + length);
    means.push(part.reduce((sum, value) => sum + value, 0) / part.length);
  }
  return means;
}
