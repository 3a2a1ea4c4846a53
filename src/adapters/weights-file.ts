import { existsSync } from "node:fs";
import { join } from "node:path";
import type { NamedTensorData } from "../engine/tensor-data.js";
import type { Budget } from "../files/budget.js";
import { readSafetensors, writeSafetensors } from "../files/safetensors.js";
import { readTorchCheckpoint } from "../files/torch-checkpoint.js";
import { writeTorchCheckpoint } from "../files/torch-checkpoint-writer.js";

/** How weights are stored in a library's folder: as safetensors, or in PyTorch's own form. */
export type WeightsStorage = "safetensors" | "bin";

/** Reads a folder's weights, safetensors first; undefined where it has neither file. The folder's files share a budget. */
export function readWeightsFile(
  folder: string,
  safe: string,
  torch: string,
  budget: Budget,
): NamedTensorData | undefined {
  if (existsSync(join(folder, safe))) return readSafetensors(join(folder, safe), { budget }).tensors;
  if (existsSync(join(folder, torch))) return readTorchCheckpoint(join(folder, torch), { budget });
  return undefined;
}

/** Writes a folder's weights under the name that belongs to the storage. */
export function writeWeightsFile(
  folder: string,
  safe: string,
  torch: string,
  tensors: NamedTensorData,
  storage: WeightsStorage,
): void {
  if (storage === "safetensors") writeSafetensors(join(folder, safe), tensors, { format: "pt" });
  else writeTorchCheckpoint(join(folder, torch), tensors);
}
