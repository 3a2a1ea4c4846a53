import { hasFields, requireList } from "../files/arguments.js";

/**
 * The signs of many weights, two bits each: 32 weights to a word. Bits beyond the end of a tensor are 0 in both masks,
 * and every tensor starts at a new word.
 */
export interface SignMap {
  /** Tensors in the order given; `word` is where the bits of a tensor start. */
  tensors: { name: string; size: number; word: number }[];
  /** Bit set: the weight is below zero. */
  negative: Int32Array;
  /** Bit set: the weight is not zero. */
  nonZero: Int32Array;
  /** Weights in all. */
  size: number;
  /** Weights that are not zero and yet within `NEAR_ZERO` of it, whose sign is little more than rounding. */
  nearZero: number;
}

/** Weights to pack: their name and their numbers. */
export interface SignSource {
  name: string;
  size: number;
  /** Gives the numbers; called once, so that large products need not all be held at once. */
  values(): Float32Array | Float64Array;
}

/** A weight this close to zero may have either sign by rounding alone. */
export const NEAR_ZERO = 1e-8;

/** Number of set bits of a 32-bit word. */
export function popcount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  x = (x + (x >>> 4)) & 0x0f0f0f0f;
  return Math.imul(x, 0x01010101) >>> 24;
}

/**
 * Packs the signs of `sources`. A weight w counts as zero where |w| ≤ `threshold` (0 unless given, so −0 is zero).
 * Throws on a weight that is not a number, naming its tensor.
 */
export function packSigns(sources: readonly SignSource[], threshold = 0): SignMap {
  if (!(threshold >= 0)) throw new Error(`The sign threshold must be 0 or more, not ${threshold}.`);
  const tensors: SignMap["tensors"] = [];
  let words = 0;
  for (const { name, size } of sources) {
    tensors.push({ name, size, word: words });
    words += Math.ceil(size / 32);
  }
  const negative = new Int32Array(words);
  const nonZero = new Int32Array(words);
  let nearZero = 0;
  sources.forEach((source, t) => {
    nearZero += packTensor(source, threshold, tensors[t].word, negative, nonZero);
  });
  return { tensors, negative, nonZero, size: tensors.reduce((sum, { size }) => sum + size, 0), nearZero };
}

/** Packs one tensor from `word` on; returns how many of its weights are near zero. */
function packTensor(
  source: SignSource,
  threshold: number,
  word: number,
  negative: Int32Array,
  nonZero: Int32Array,
): number {
  const values = source.values();
  let nearZero = 0;
  for (let start = 0; start < values.length; start += 32) {
    const end = Math.min(start + 32, values.length);
    let negativeBits = 0;
    let nonZeroBits = 0;
    for (let i = start; i < end; i++) {
      const value = values[i];
      if (value > threshold) nonZeroBits |= 1 << (i - start);
      else if (value < -threshold) {
        nonZeroBits |= 1 << (i - start);
        negativeBits |= 1 << (i - start);
      } else if (Number.isNaN(value)) throw new Error(`${source.name} holds a NaN at ${i}; a NaN has no sign.`);
      if (value !== 0 && value <= NEAR_ZERO && value >= -NEAR_ZERO) nearZero++;
    }
    negative[word + (start >>> 5)] = negativeBits;
    nonZero[word + (start >>> 5)] = nonZeroBits;
  }
  return nearZero;
}

/** Throws unless all maps cover the same tensors. */
export function assertSameTensors(maps: readonly SignMap[]): void {
  requireList(maps, "Signs are compared as signMapOf gives them", (map) => hasFields(map, { tensors: "list" }));
  const layout = ({ tensors }: SignMap) => tensors.map(({ name, size }) => `${name}:${size}`).join();
  const first = layout(maps[0]);
  if (maps.some((map) => layout(map) !== first)) throw new Error("These sign maps cover different tensors.");
}
