import { int32, type NamedTensorData, sizeOf } from "../engine/tensor-data.js";
import { hasFields, requireList, requireText } from "../files/arguments.js";
import { writeFileAtomic } from "../files/atomic.js";
import { Budget } from "../files/budget.js";
import { parseJsonObject } from "../files/json.js";
import { requireOptions } from "../files/options.js";
import { encodeSafetensors, readSafetensors } from "../files/safetensors.js";
import { shown } from "../files/shown.js";

const FORMAT = "signmix-mask-1";

/** A pruning mask (1 = kept) as the bytes of a safetensors file, 32 weights to a word: equal masks, equal bytes. */
export function encodeMask(mask: NamedTensorData): Uint8Array {
  requireOptions(mask, "saveMask (its mask)", "name");
  requireList(Object.values(mask), "saveMask takes the mask that pruneAdapter gives", (one) =>
    hasFields(one, { shape: "list", data: "object" }),
  );
  const tensors: NamedTensorData = {};
  const shapes: Record<string, number[]> = {};
  for (const name of Object.keys(mask).sort()) {
    const { shape, data } = mask[name];
    const words = new Int32Array(Math.ceil(data.length / 32));
    for (let i = 0; i < data.length; i++) if (data[i]) words[i >>> 5] |= 1 << (i & 31);
    tensors[name] = int32([words.length], words);
    shapes[name] = [...shape];
  }
  return encodeSafetensors(tensors, { format: FORMAT, shapes: JSON.stringify(shapes) });
}

/** Saves the mask that `pruneAdapter` gives. */
export function saveMask(path: string, mask: NamedTensorData): void {
  requireText(path, "saveMask takes the path of a file first");
  writeFileAtomic(path, encodeMask(mask));
}

/** Reads what `saveMask` wrote: 1 = kept, 0 = pruned, by tensor name. Throws, naming the file, where it is something else. */
export function loadMask(path: string): NamedTensorData {
  requireText(path, "loadMask takes the path of a file");
  const budget = new Budget("adapter");
  return maskOf(readSafetensors(path, { budget }), budget, `"${path}"`);
}

function maskOf(
  { tensors, metadata }: ReturnType<typeof readSafetensors>,
  budget: Budget,
  what: string,
): NamedTensorData {
  if (metadata.format !== FORMAT) {
    throw new Error(`${what} holds no pruning mask (format "${shown(metadata.format ?? "none")}").`);
  }
  const mask: NamedTensorData = {};
  for (const [name, given] of Object.entries(parseJsonObject(metadata.shapes ?? "", `the shapes in ${what}`))) {
    const shape =
      Array.isArray(given) && given.every((length) => Number.isSafeInteger(length) && length >= 0) ? given : [];
    const size = sizeOf(shape);
    const words = Object.hasOwn(tensors, name) ? tensors[name].data : undefined;
    if (words?.length !== Math.ceil(size / 32))
      throw new Error(`${what} is damaged: the mask of ${shown(name)} is not whole.`);
    budget.takeBytes(size, `${what}: the mask of ${shown(name)}`); // a byte for each bit of the file
    const data = Uint8Array.from({ length: size }, (_, i) => (words[i >>> 5] >>> (i & 31)) & 1);
    mask[name] = { shape, dtype: "bool", data };
  }
  return mask;
}
