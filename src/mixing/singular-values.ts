/** M = U·diag(s)·Vᵀ: columns of U and of V, singular values in falling order. */
export interface SingularValues {
  /** One column to each singular value; zeros where that is zero. */
  u: Float64Array[];
  s: Float64Array;
  /** Orthonormal. */
  v: Float64Array[];
}

const MOST_SWEEPS = 60;

/**
 * Singular value decomposition by one-sided Jacobi rotations (Hestenes 1958), accurate to rounding and the same on every
 * machine. The sign of each pair of vectors is fixed: the largest entry of u, the first of equals, is positive.
 * Takes about 8 sweeps over n²/2 pairs of columns; for wide matrices decompose the transpose.
 *
 * @param columns the n columns of M, each of length m; not changed
 */
export function singularValues(columns: readonly Float64Array[]): SingularValues {
  const n = columns.length;
  const work = columns.map((column) => column.slice());
  const v = columns.map((_, i) => Float64Array.from({ length: n }, (_, j) => Number(i === j)));
  for (let sweep = 0; rotateAll(work, v); sweep++) {
    if (sweep === MOST_SWEEPS)
      throw new Error("The singular values did not converge; the matrix may hold NaN or infinity.");
  }
  const norms = work.map((column) => Math.sqrt(dot(column, column)));
  const order = norms.map((_, i) => i).sort((i, j) => norms[j] - norms[i] || i - j);
  const result: SingularValues = { u: [], s: new Float64Array(n), v: [] };
  order.forEach((i, rank) => {
    const sign = largestEntry(work[i]) < 0 ? -1 : 1;
    result.s[rank] = norms[i];
    result.u.push(work[i].map((value) => (norms[i] === 0 ? 0 : (sign * value) / norms[i])));
    result.v.push(v[i].map((value) => sign * value));
  });
  return result;
}

/** One sweep over all pairs of columns; returns whether any was rotated. */
function rotateAll(work: Float64Array[], v: Float64Array[]): boolean {
  const precision = Number.EPSILON * work[0].length;
  const negligible = precision ** 2 * Math.max(...work.map((column) => dot(column, column)));
  let rotated = false;
  for (let i = 0; i < work.length - 1; i++) {
    for (let j = i + 1; j < work.length; j++) {
      const a = dot(work[i], work[i]);
      const b = dot(work[j], work[j]);
      if (Math.min(a, b) <= negligible) continue; // a column of rounding errors, whose direction means nothing
      const c = dot(work[i], work[j]);
      if (!(Math.abs(c) <= precision * Math.sqrt(a * b))) {
        const zeta = (b - a) / (2 * c);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta)); // tan of the angle
        const cosine = 1 / Math.sqrt(1 + t * t);
        rotate(work[i], work[j], cosine, cosine * t);
        rotate(v[i], v[j], cosine, cosine * t);
        rotated = true;
      }
    }
  }
  return rotated;
}

function rotate(x: Float64Array, y: Float64Array, cosine: number, sine: number): void {
  for (let k = 0; k < x.length; k++) {
    const value = x[k];
    x[k] = cosine * value - sine * y[k];
    y[k] = sine * value + cosine * y[k];
  }
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * y[k];
  return sum;
}

function largestEntry(x: Float64Array): number {
  let largest = 0;
  for (const value of x) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest;
}
