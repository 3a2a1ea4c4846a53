/** More of adapters: their parts, files and configurations as types. */

export type { AdapterBase, SavedModel } from "./base.js";
export type { Activation, BottleneckConfig } from "./bottleneck.js";
export type { AdapterOptions } from "./create.js";
export type { ImportedAdapter } from "./fit.js";
export type { AdapterFormat } from "./folder.js";
export type { LoraConfig } from "./lora.js";
export type { MethodChanges, MethodOptions } from "./methods.js";
export { type CardFacts, modelCard, writeModelCard } from "./model-card.js";
export { placeOf, type TensorPlace } from "./place.js";
export type { WeightsStorage } from "./weights-file.js";
