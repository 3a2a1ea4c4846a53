import { createHash } from "node:crypto";
import type { NamedTensorData } from "../engine/tensor-data.js";
import { hasFields, refuseArgument, requireList } from "../files/arguments.js";
import type { AdapterBase } from "./base.js";
import type { AdapterConfig } from "./methods.js";

/**
 * Named float32 tensors with what made them. Tensor names are
 * `layers.<n>.<attention|feedForward>.<down|up>.<weight|bias>` (weights [out, in]) for bottlenecks and
 * `layers.<n>.<matrix>.<A|B>` (A [rank, in], B [out, rank]) for LoRA.
 */
export interface Adapter {
  name: string;
  config: AdapterConfig;
  base: AdapterBase;
  tensors: NamedTensorData;
  /** Seed of the initial tensors, from which `initialTensors` rebuilds them; absent where unknown (imports). */
  seed?: string | number;
}

/** SHA-256 (hex) of an adapter's config and numbers; its name does not count. */
export function adapterHash(adapter: Adapter): string {
  requireAdapter(adapter, "adapterHash");
  const hash = createHash("sha256").update(JSON.stringify([adapter.config, adapter.base.hiddenSize]));
  for (const name of Object.keys(adapter.tensors).sort()) {
    const { shape, data } = adapter.tensors[name];
    hash.update(`${name}[${shape}]`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}

const isAdapter = (value: unknown) =>
  hasFields(value, { name: "text", config: "object", base: "object", tensors: "object" });
const MAKERS = "as createAdapter makes it, or as `.adapter` of what trainAdapter, importAdapter or pruneAdapter give";

/**
 * Refuses what is no adapter, such as the whole answer of `trainAdapter`.
 *
 * @param whose the function or argument as errors call it
 */
export function requireAdapter(value: unknown, whose: string): void {
  if (!isAdapter(value)) refuseArgument(value, `${whose} takes an adapter, ${MAKERS}`);
}

/** Refuses what is no list of adapters; an empty one is for the caller to judge. */
export function requireAdapters(value: unknown, whose: string): void {
  requireList(value, `${whose} takes a list of adapters, each ${MAKERS}`, isAdapter);
}
