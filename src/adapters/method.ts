import type { LayerHooks } from "../encoder/hooks.js";
import type { Random } from "../engine/random.js";
import type { NamedTensors } from "../engine/tensor-data.js";
import type { AdapterBase } from "./base.js";

/** What the configuration of every method holds. */
export interface CommonConfig {
  method: string;
  /** Layers without an adapter, from 0. */
  leaveOut: number[];
}

/** What a profile says of the size of adapters. */
export interface AdapterSize {
  reductionFactor: number;
  rank: number;
}

/** Says that an option's value is none that it can have. */
export type Refuse = (option: string, value: unknown, needed: string) => never;

/** All that an adapter method is: one file in `methods/`, and one line in `methods.ts`. */
export interface MethodDefinition<Config extends CommonConfig> {
  /** Its name as papers spell it. */
  label: string;
  /** A whole configuration; what is not in it is no option. */
  defaults: Config;
  /** Refuses the first option whose value is none that it can have. */
  check(config: Config, refuse: Refuse): void;
  /** Names and shapes of the tensors on an encoder of this shape: `layers.<n>.<module>.<part>`. */
  shapes(config: Config, base: AdapterBase): Record<string, number[]>;
  /** What runs in the encoder's layers. */
  hooks(config: Config, tensors: NamedTensors): LayerHooks;
  /** The distribution of one initial weight of a tensor; undefined for tensors that start as zeros. */
  draw(config: Config, part: string, shape: readonly number[], random: Random): (() => number) | undefined;
  /** Its size in words, such as "rank 8". */
  size(config: Config): string;
  /** What a profile's sizes mean for it. */
  ofSize(size: AdapterSize): Partial<Omit<Config, "method">>;
  /** Within what a share of its weights is pruned unless the reader says otherwise. */
  pruneScope: "global" | "tensor";
}
