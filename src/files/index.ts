/** Files of tensors, read and written without Python; the hub and its cache; hashes. */
export { canonicalJson, sha256 } from "./hash.js";
export { cacheFolder, type DownloadProgress, downloadFromHub, type HubOptions } from "./hub.js";
export { readSafetensors, writeSafetensors } from "./safetensors.js";
export { readTorchCheckpoint } from "./torch-checkpoint.js";
export { writeTorchCheckpoint } from "./torch-checkpoint-writer.js";
