/** Files of tensors, read and written without Python; the hub and its cache; hashes. */

export type { Budget, BudgetKind } from "./budget.js";
export type { Fetch, FetchResponse } from "./download.js";
export { canonicalJson, sha256 } from "./hash.js";
export { cacheFolder, type DownloadProgress, downloadFromHub, type HubFiles, type HubOptions } from "./hub.js";
export type { HubKind } from "./hub-listing.js";
export {
  type ReadOptions,
  readSafetensors,
  type SafetensorsFile,
  type SafetensorsOptions,
  writeSafetensors,
} from "./safetensors.js";
export { readTorchCheckpoint } from "./torch-checkpoint.js";
export { writeTorchCheckpoint } from "./torch-checkpoint-writer.js";
