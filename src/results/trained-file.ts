import type { Adapter } from "../adapters/adapter.js";
import type { Head } from "../adapters/head.js";
import type { NamedTensorData } from "../engine/tensor-data.js";
import { decodeSafetensors, encodeSafetensors } from "../files/safetensors.js";

/** An adapter with the head that was trained beside it. */
export interface TrainedAdapter {
  adapter: Adapter;
  head: Head;
}

const parts = ["adapter", "head"] as const;

/** An adapter and its head as the bytes of one safetensors file: equal numbers, equal bytes. */
export function encodeTrained(trained: TrainedAdapter): Uint8Array {
  const tensors: NamedTensorData = {};
  const metadata: Record<string, string> = {};
  for (const part of parts) {
    const { tensors: own, ...rest } = trained[part];
    for (const [name, tensor] of Object.entries(own)) tensors[`${part}.${name}`] = tensor;
    metadata[part] = JSON.stringify(rest);
  }
  return encodeSafetensors(tensors, metadata);
}

/** Reads what `encodeTrained` wrote. */
export function decodeTrained(bytes: Uint8Array): TrainedAdapter {
  const file = decodeSafetensors(bytes);
  const read = (part: (typeof parts)[number]) => {
    const own = Object.entries(file.tensors).filter(([name]) => name.startsWith(`${part}.`));
    return {
      ...JSON.parse(file.metadata[part]),
      tensors: Object.fromEntries(own.map(([name, tensor]) => [name.slice(part.length + 1), tensor])),
    };
  };
  return { adapter: read("adapter") as Adapter, head: read("head") as Head };
}
