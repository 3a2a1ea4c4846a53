import type { Adapter } from "../../adapters/adapter.js";
import type { Encoder } from "../../encoder/encoder.js";
import type { NamedTensorData } from "../../engine/tensor-data.js";
import { averageAdapters } from "../../mixing/average.js";
import { dellaMix } from "../../mixing/della.js";
import { scaleChange } from "../../mixing/dilute.js";
import { type EntropyMember, entropyMix } from "../../mixing/entropy.js";
import { fisherAverage } from "../../mixing/fisher.js";
import { isotropicMix } from "../../mixing/isotropic.js";
import { mixAdapters } from "../../mixing/mix.js";
import { regMean } from "../../mixing/regmean.js";
import { singularVectorMix } from "../../mixing/singular-vectors.js";
import type { EvaluateOptions } from "../../training/evaluate.js";

/** What a way to mix may look at. */
export interface WayContext {
  adapters: Adapter[];
  encoder: Encoder;
  options: EvaluateOptions;
  /** Of each adapter, on a few training texts of its domain. */
  numbers(what: "fisher" | "grams"): Promise<NamedTensorData[]>;
  /** The adapters with their heads and a few training texts. */
  members(): Promise<EntropyMember[]>;
}

/** A way to mix, as the table of ways has it. */
export interface Way {
  label: string;
  /** What it needs beside the adapters. */
  needs: "nothing" | "texts";
  /** Whether its strength, a factor on the merged change, is chosen on dev examples. */
  tuned: boolean;
  /** Only for LoRA, whose products have singular values. */
  loraOnly?: boolean;
  /** Compared with in every method. */
  everywhere?: boolean;
  /** Passes of each of its few texts to make it, with and without a gradient; for each member. */
  passes: number;
  /** Makes the mixture; the ensemble makes none. @param strength 1 is the mean change, or what the way merges as it is */
  make?(context: WayContext, strength: number): Adapter | Promise<Adapter>;
}

const STEPS = 10;

const change = { weights: "change" } as const;

/**
 * The ways to mix that are compared. Sums of changes, as Iso-C and TSV make them, are divided by the number of adapters, so that
 * a strength means about the same for all.
 */
export const ways = {
  average: {
    ...{ label: "average", needs: "nothing", tuned: false, everywhere: true, passes: 0 },
    make: ({ adapters }) => averageAdapters(adapters),
  },
  arithmetic: {
    ...{ label: "task arithmetic", needs: "nothing", tuned: true, everywhere: true, passes: 0 },
    make: ({ adapters }, strength) => scaleChange(averageAdapters(adapters), strength),
  },
  ties: {
    ...{ label: "TIES", needs: "nothing", tuned: true, passes: 0 },
    make: ({ adapters }, strength) => mixAdapters(adapters, { strategy: "ties", lambda: strength, ...change }),
  },
  dare: {
    ...{ label: "DARE", needs: "nothing", tuned: true, passes: 0 },
    // half is dropped: at the paper's 90% adapters as small as these are noise
    make: ({ adapters }, strength) =>
      scaleChange(mixAdapters(adapters, { strategy: "dare", density: 0.5, ...change }), strength),
  },
  della: {
    ...{ label: "DELLA", needs: "nothing", tuned: true, passes: 0 },
    make: ({ adapters }, strength) => dellaMix(adapters, { density: 0.5, lambda: strength }),
  },
  fisher: {
    ...{ label: "Fisher weights", needs: "texts", tuned: false, passes: 3 },
    make: async ({ adapters, numbers }) => fisherAverage(adapters, await numbers("fisher")),
  },
  regmean: {
    ...{ label: "RegMean", needs: "texts", tuned: false, passes: 1 },
    make: async ({ adapters, numbers }) => regMean(adapters, await numbers("grams")),
  },
  entropy: {
    ...{ label: "least entropy", needs: "texts", tuned: false, passes: 2 * STEPS },
    make: async ({ encoder, members, options }) =>
      entropyMix(encoder, await members(), { ...options, steps: STEPS }).adapter,
  },
  isotropic: {
    ...{ label: "Iso-C", needs: "nothing", tuned: true, loraOnly: true, passes: 0 },
    make: ({ adapters }, strength) => isotropicMix(adapters, { lambda: strength / adapters.length }),
  },
  singular: {
    ...{ label: "TSV", needs: "nothing", tuned: true, loraOnly: true, passes: 0 },
    make: ({ adapters }, strength) => singularVectorMix(adapters, { lambda: strength / adapters.length }),
  },
  ensemble: { label: "ensemble of logits", needs: "nothing", tuned: false, passes: 0 },
} satisfies Record<string, Way>;

/** The name of a way to mix. */
export type WayName = keyof typeof ways;
