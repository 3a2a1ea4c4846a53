/** Packs truth values into base64, eight to a byte, so that a row can hold a verdict on every example. */
export function packBits(values: readonly boolean[]): string {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  for (const [i, value] of values.entries()) if (value) bytes[i >> 3] |= 1 << (i & 7);
  return Buffer.from(bytes).toString("base64");
}

/** The first `length` truth values that `packBits` packed. */
export function unpackBits(packed: string, length: number): boolean[] {
  const bytes = Buffer.from(packed, "base64");
  if (bytes.length !== Math.ceil(length / 8)) throw new Error(`${bytes.length} bytes do not hold ${length} bits.`);
  return Array.from({ length }, (_, i) => ((bytes[i >> 3] >> (i & 7)) & 1) === 1);
}
