import type { CommonConfig, MethodDefinition } from "./method.js";
import { houlsby } from "./methods/houlsby.js";
import { lora } from "./methods/lora.js";
import { pfeiffer } from "./methods/pfeiffer.js";

/** Every adapter method by name: one file, and one line here. */
export const methods = { houlsby, pfeiffer, lora };

/** The adapter methods, by name. */
export type AdapterMethod = keyof typeof methods;

/** The configuration of an adapter, such as a bottleneck's or LoRA's. */
export type AdapterConfig = (typeof methods)[AdapterMethod]["defaults"];

/** What may be given in place of a method's defaults. */
export type MethodChanges = {
  [Method in AdapterMethod]: Partial<Omit<(typeof methods)[Method]["defaults"], "method">>;
}[AdapterMethod];

/** A method, and what differs from its defaults. */
export type MethodOptions = {
  [Method in AdapterMethod]: { method: Method } & Partial<Omit<(typeof methods)[Method]["defaults"], "method">>;
}[AdapterMethod];

/** The definition of a configuration's method. */
export function methodOf({ method }: AdapterConfig): MethodDefinition<CommonConfig> {
  return methods[method] as unknown as MethodDefinition<CommonConfig>;
}
