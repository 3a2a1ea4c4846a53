import type { Random } from "../engine/random.js";
import type { EncodedCorpus } from "./corpus.js";

/** Choices of `wordVectors`. */
export interface WordVectorOptions {
  vocabSize: number;
  /** Numbers per vector. */
  size: number;
  /** Neighbours up to this far away count, each as 1/distance. Default 5. */
  window?: number;
  /** Passes over the matrix that sharpen the subspace. Default 2. */
  powerIterations?: number;
}

/**
 * PPMI–SVD word vectors (Levy & Goldberg 2014): the leading eigenvectors of the matrix of positive pointwise mutual
 * information between pieces that stand near each other, each times the square root of its eigenvalue. A good start
 * for word embeddings. The decomposition is randomised (Halko et al. 2011, algorithms 4.4 and 5.3).
 *
 * @returns vectors [vocabSize, size], row-major; zero for a piece that the corpus does not hold
 */
export function wordVectors(corpus: EncodedCorpus, options: WordVectorOptions, random: Random): Float32Array {
  const { vocabSize, size, window = 5, powerIterations = 2 } = options;
  const matrix = positiveInformation(cooccurrences(corpus, vocabSize, window), vocabSize);
  const width = Math.min(vocabSize, size + 16);
  let basis: Float64Array = Float64Array.from({ length: vocabSize * width }, () => random.normal()); // [vocab, width]
  for (let pass = 0; pass <= powerIterations; pass++) basis = orthonormalise(multiply(matrix, basis, width), width);
  const image = multiply(matrix, basis, width); // M Q  [vocab, width]
  const small = transposedProduct(basis, image, width); // Qᵀ M Q  [width, width]
  const { values, vectors } = symmetricEigen(small, width);
  const order = [...values.keys()].sort((a, b) => values[b] - values[a]).slice(0, size);
  const out = new Float32Array(vocabSize * size);
  for (let row = 0; row < vocabSize; row++) {
    order.forEach((column, at) => {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += basis[row * width + k] * vectors[k * width + column];
      out[row * size + at] = sum * Math.sqrt(Math.max(0, values[column]));
    });
  }
  return out;
}

/** A symmetric sparse matrix by rows. */
interface SparseMatrix {
  starts: Uint32Array;
  columns: Uint16Array;
  values: Float32Array;
}

/** Weighted counts of neighbouring pieces within a passage. [vocab, vocab] */
function cooccurrences({ ids, starts }: EncodedCorpus, vocabSize: number, window: number): Float32Array {
  const counts = new Float32Array(vocabSize * vocabSize);
  for (let passage = 0; passage + 1 < starts.length; passage++) {
    const end = starts[passage + 1];
    for (let at = starts[passage]; at < end; at++) {
      const row = ids[at] * vocabSize;
      for (let distance = 1; distance <= window && at + distance < end; distance++) {
        const other = ids[at + distance];
        counts[row + other] += 1 / distance;
        counts[other * vocabSize + ids[at]] += 1 / distance;
      }
    }
  }
  return counts;
}

/** max(0, log(n_ij · N / (n_i · n_j))) where n_ij > 0. */
function positiveInformation(counts: Float32Array, vocabSize: number): SparseMatrix {
  const sums = new Float64Array(vocabSize);
  for (let row = 0; row < vocabSize; row++) {
    for (let column = 0; column < vocabSize; column++) sums[row] += counts[row * vocabSize + column];
  }
  const total = sums.reduce((sum, value) => sum + value, 0);
  const starts = new Uint32Array(vocabSize + 1);
  let kept = 0;
  for (let row = 0; row < vocabSize; row++) {
    for (let column = 0; column < vocabSize; column++) {
      const count = counts[row * vocabSize + column];
      const information = count > 0 ? Math.log((count * total) / (sums[row] * sums[column])) : 0;
      counts[row * vocabSize + column] = Math.max(0, information);
      if (information > 0) kept++;
    }
    starts[row + 1] = kept;
  }
  const columns = new Uint16Array(kept);
  const values = new Float32Array(kept);
  for (let from = 0, to = 0; from < counts.length; from++) {
    if (counts[from] === 0) continue;
    columns[to] = from % vocabSize;
    values[to++] = counts[from];
  }
  return { starts, columns, values };
}

/** Sparse [n, n] times dense [n, width]. */
function multiply({ starts, columns, values }: SparseMatrix, dense: Float64Array, width: number): Float64Array {
  const out = new Float64Array(dense.length);
  for (let row = 0; row + 1 < starts.length; row++) {
    const target = out.subarray(row * width, (row + 1) * width);
    for (let entry = starts[row]; entry < starts[row + 1]; entry++) {
      const value = values[entry];
      const from = columns[entry] * width;
      for (let k = 0; k < width; k++) target[k] += value * dense[from + k];
    }
  }
  return out;
}

/** Aᵀ B for A, B [n, width]. [width, width] */
function transposedProduct(a: Float64Array, b: Float64Array, width: number): Float64Array {
  const out = new Float64Array(width * width);
  for (let row = 0; row < a.length; row += width) {
    for (let i = 0; i < width; i++) {
      const left = a[row + i];
      for (let j = 0; j < width; j++) out[i * width + j] += left * b[row + j];
    }
  }
  return out;
}

/** Columns made orthonormal: Q = A V Λ^(−½) with AᵀA = V Λ Vᵀ, twice for accuracy. */
function orthonormalise(matrix: Float64Array, width: number): Float64Array {
  let current = matrix;
  for (let pass = 0; pass < 2; pass++) {
    const { values, vectors } = symmetricEigen(transposedProduct(current, current, width), width);
    const largest = values.reduce((most, value) => Math.max(most, value), 0);
    const next = new Float64Array(current.length);
    for (let row = 0; row < current.length; row += width) {
      for (let k = 0; k < width; k++) {
        const left = current[row + k];
        for (let j = 0; j < width; j++) next[row + j] += left * vectors[k * width + j];
      }
      for (let j = 0; j < width; j++) next[row + j] /= Math.sqrt(Math.max(values[j], largest * 1e-14)) || 1;
    }
    current = next;
  }
  return current;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan, section 8.5).
 *
 * @param matrix [n, n], not changed
 * @returns `vectors` [n, n], one eigenvector a column, in the order of `values`
 */
export function symmetricEigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  const norm = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) off += a[i * n + j] ** 2;
    if (off <= 1e-22 * norm) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), vectors: v };
}

/** One Jacobi rotation, which makes a_pq zero. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const pq = a[p * n + q];
  if (pq === 0) return;
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * pq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(t * t + 1);
  const sine = t * cosine;
  for (let k = 0; k < n; k++) {
    const kp = a[k * n + p];
    const kq = a[k * n + q];
    a[k * n + p] = cosine * kp - sine * kq;
    a[k * n + q] = sine * kp + cosine * kq;
  }
  for (let k = 0; k < n; k++) {
    const pk = a[p * n + k];
    const qk = a[q * n + k];
    a[p * n + k] = cosine * pk - sine * qk;
    a[q * n + k] = sine * pk + cosine * qk;
    const kp = v[k * n + p];
    const kq = v[k * n + q];
    v[k * n + p] = cosine * kp - sine * kq;
    v[k * n + q] = sine * kp + cosine * kq;
  }
}
