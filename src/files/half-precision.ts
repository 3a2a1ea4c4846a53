// float16 (IEEE 754 binary16) and bfloat16 (the upper half of a float32), the two-byte types that checkpoints use.

const word = new Uint32Array(1);
const real = new Float32Array(word.buffer);

/** Widens float16 bit patterns; exact. */
export function float16ToFloat32(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i];
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) {
      real[0] = fraction * 2 ** -24; // subnormal
      bits[i] = sign | word[0];
    } else if (exponent === 0x1f) {
      bits[i] = sign | 0x7f800000 | (fraction << 13);
    } else {
      bits[i] = sign | ((exponent + 112) << 23) | (fraction << 13);
    }
  }
  return new Float32Array(bits.buffer);
}

/** Rounds to the nearest float16, ties to even; what rounds beyond ±65,504 becomes ±∞. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    real[0] = values[i];
    const bits = word[0];
    const sign = (bits >>> 16) & 0x8000;
    const magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      halves[i] = sign | 0x7e00; // not a number
    } else if (magnitude >= 0x47800000) {
      halves[i] = sign | 0x7c00; // 2¹⁶ and more
    } else if (magnitude < 0x38800000) {
      halves[i] = sign | roundHalfToEven(Math.abs(values[i]) * 2 ** 24); // below 2⁻¹⁴: a multiple of 2⁻²⁴
    } else {
      // a carry out of the fraction rightly raises the exponent
      const rounded = magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1);
      halves[i] = sign | (rounded >>> 13);
    }
  }
  return halves;
}

/** Widens bfloat16 bit patterns; exact. */
export function bfloat16ToFloat32(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i] << 16;
  return new Float32Array(bits.buffer);
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
