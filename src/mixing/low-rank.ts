import { singularValues } from "./singular-values.js";

/** B·A with B [out, rank] and A [rank, in], both row-major in float64. */
export interface Factors {
  A: Float64Array;
  B: Float64Array;
  out: number;
  rank: number;
  in: number;
}

/**
 * The best approximation of B·A of a lower rank (Eckart–Young), without forming the product: with Aᵀ = U₁S₁V₁ᵀ and
 * B·V₁S₁ = U₂S₂V₂ᵀ, the product is U₂S₂·(U₁V₂)ᵀ. U₂S₂ becomes B and (U₁V₂)ᵀ becomes A, as in AdapterHub and PEFT.
 * A higher rank than that of the factors is filled with zeros.
 */
export function truncateFactors(factors: Factors, rank: number): Factors {
  const { A, B, rank: R } = factors;
  const rowsOfA = Array.from({ length: R }, (_, r) => A.subarray(r * factors.in, (r + 1) * factors.in));
  const first = singularValues(rowsOfA); // of Aᵀ, whose columns are A's rows
  const columns = first.v.map((v, j) => {
    const column = new Float64Array(factors.out);
    for (let row = 0; row < factors.out; row++) {
      let sum = 0;
      for (let r = 0; r < R; r++) sum += B[row * R + r] * v[r];
      column[row] = sum * first.s[j];
    }
    return column;
  });
  const second = singularValues(columns);
  const right = second.v.map((v) => combine(first.u, v));
  return assemble(second.u, second.s, right, factors.out, factors.in, rank);
}

/** The best approximation of rank `rank` of a full matrix, row-major [out, in]. */
export function truncateMatrix(matrix: Float64Array, out: number, inSize: number, rank: number): Factors {
  const wide = inSize > out;
  const columns = Array.from({ length: wide ? out : inSize }, (_, i) =>
    Float64Array.from({ length: wide ? inSize : out }, (_, j) =>
      wide ? matrix[i * inSize + j] : matrix[j * inSize + i],
    ),
  );
  const { u, s, v } = singularValues(columns);
  return wide ? assemble(v, s, u, out, inSize, rank) : assemble(u, s, v, out, inSize, rank);
}

function assemble(
  left: Float64Array[],
  s: Float64Array,
  right: Float64Array[],
  out: number,
  inSize: number,
  rank: number,
): Factors {
  const A = new Float64Array(rank * inSize);
  const B = new Float64Array(out * rank);
  for (let r = 0; r < Math.min(rank, s.length); r++) {
    A.set(right[r], r * inSize);
    for (let row = 0; row < out; row++) B[row * rank + r] = left[r][row] * s[r];
  }
  return { A, B, out, rank, in: inSize };
}

/** Σ wⱼ·columnⱼ. */
function combine(columns: readonly Float64Array[], weights: Float64Array): Float64Array {
  const sum = new Float64Array(columns[0].length);
  columns.forEach((column, j) => {
    for (let i = 0; i < sum.length; i++) sum[i] += weights[j] * column[i];
  });
  return sum;
}
