/** More of adapters: their parts, files and configurations as types. */
export {
  type Activation,
  type AdapterBase,
  type BottleneckConfig,
  type LoraConfig,
  placeOf,
  type SavedModel,
  type TensorPlace,
} from "./adapter.js";
export type { AdapterOptions } from "./create.js";
export type { ImportedAdapter } from "./fit.js";
export type { AdapterFormat } from "./folder.js";
export type { WeightsStorage } from "./weights-file.js";
