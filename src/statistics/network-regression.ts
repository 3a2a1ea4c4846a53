import { inverse as inverseOf, Matrix, QrDecomposition } from "ml-matrix";
import { createRandom } from "../engine/random.js";
import { rowsOfStrata } from "./permutation.js";

/** One value for each ordered pair of domains, [domains, domains]; the diagonal is left out. NaN: a pair that is missing. */
export type PairMatrix = readonly (readonly number[])[];

/** What one term of a network regression says. */
export interface NetworkTerm {
  term: string;
  coefficient: number;
  t: number;
  /** Two-sided, of |t|; NaN for the intercept under `partial`, where no null hypothesis of it is permuted. */
  p: number;
}

/** What a regression over pairs of domains gives. */
export interface NetworkRegression {
  terms: NetworkTerm[];
  rSquared: number;
  pairs: number;
}

/** How a regression over pairs is permuted. */
export interface NetworkRegressionOptions {
  /**
   * `partial` (default): double semi-partialing, a p for each term given the others. `outcome`: permutes the outcome, which
   * tests all terms at once and is exact for a single one.
   */
  permute?: "partial" | "outcome";
  /** Default 2,000. */
  permutations?: number;
  seed?: string | number;
  /** A mean of its own for each row (each target), so that only differences within rows count. Default false. */
  withinRows?: boolean;
}

/**
 * Regression of one matrix of ordered pairs on others (MRQAP). Coefficients and t are those of least squares; p comes
 * from permuting domains, rows and columns alike, because pairs that share a domain are not independent. With `partial`
 * the residuals of each explaining matrix on the others are permuted, and the outcome is regressed on them and the others
 * (double semi-partialing: Dekker, Krackhardt and Snijders 2007). As R's `sna::netlm`, mode `digraph`, null hypotheses `qapspp` and `qapy`.
 *
 * @param explaining matrices by the name of their term
 * @throws if a matrix has another size, or the terms do not tell the pairs apart, or an outcome that lacks pairs is to be
 *   permuted. A residual that lacks its pair counts as 0, its mean
 */
export function networkRegression(
  outcome: PairMatrix,
  explaining: Readonly<Record<string, PairMatrix>>,
  options: NetworkRegressionOptions = {},
): NetworkRegression {
  const { permute = "partial", permutations = 2_000, seed = "network", withinRows = false } = options;
  const n = outcome.length;
  const names = Object.keys(explaining);
  checkSizes(outcome, explaining, n);
  const pairs = pairsOf(n).filter(({ i, j }) =>
    [outcome, ...Object.values(explaining)].every((m) => !Number.isNaN(m[i][j])),
  );
  if (permute === "outcome" && pairs.length < n * (n - 1)) {
    throw new Error("An outcome that lacks pairs cannot be permuted; permute residuals (partial).");
  }
  const centre = withinRows ? centringOf(pairs.map(({ i }) => i)) : (values: number[]) => values;
  const column = (matrix: PairMatrix) => centre(pairs.map(({ i, j }) => matrix[i][j]));
  const ones = withinRows ? [] : [pairs.map(() => 1)];
  const absorbed = withinRows ? new Set(pairs.map(({ i }) => i)).size : 0;
  const y = column(outcome);
  const xs = names.map((name) => column(explaining[name]));
  const fit = leastSquares(y, [...ones, ...xs], absorbed);
  const random = createRandom(seed);
  const identity = Array.from({ length: n }, (_, d) => d);
  const labels = Array.from({ length: permutations }, () => random.shuffle(identity));
  const shareAsFar = (observed: number, drawn: (label: number[]) => number) =>
    labels.filter((label) => Math.abs(drawn(label)) >= Math.abs(observed) - 1e-12).length / permutations;
  const relabelled = (matrix: PairMatrix, label: number[]) =>
    centre(pairs.map(({ i, j }) => matrix[label[i]][label[j]]).map((value) => (Number.isNaN(value) ? 0 : value)));
  const byOutcome = (position: number) =>
    shareAsFar(
      fit.t[position],
      (label) => leastSquares(relabelled(outcome, label), [...ones, ...xs], absorbed).t[position],
    );
  const terms = names.map((term, k) => {
    const position = ones.length + k;
    if (permute === "outcome") return { term, p: byOutcome(position) };
    const others = xs.filter((_, other) => other !== k);
    const { residuals } = leastSquares(xs[k], [...ones, ...others], absorbed);
    const residualMatrix = toMatrix(n, pairs, residuals);
    const p = shareAsFar(
      fit.t[position],
      (label) => leastSquares(y, [...ones, ...others, relabelled(residualMatrix, label)], absorbed).t.at(-1) as number,
    );
    return { term, p };
  });
  const withIntercept = withinRows
    ? terms
    : [{ term: "intercept", p: permute === "outcome" ? byOutcome(0) : Number.NaN }, ...terms];
  return {
    terms: withIntercept.map(({ term, p }, k) => ({ term, coefficient: fit.coefficients[k], t: fit.t[k], p })),
    rSquared: fit.rSquared,
    pairs: pairs.length,
  };
}

function pairsOf(n: number): { i: number; j: number }[] {
  return Array.from({ length: n * n }, (_, at) => ({ i: Math.floor(at / n), j: at % n })).filter(({ i, j }) => i !== j);
}

function toMatrix(n: number, pairs: readonly { i: number; j: number }[], values: readonly number[]): number[][] {
  const matrix = Array.from({ length: n }, () => new Array<number>(n).fill(Number.NaN));
  pairs.forEach(({ i, j }, k) => {
    matrix[i][j] = values[k];
  });
  return matrix;
}

function checkSizes(outcome: PairMatrix, explaining: Readonly<Record<string, PairMatrix>>, n: number): void {
  for (const [name, matrix] of [["the outcome", outcome] as const, ...Object.entries(explaining)]) {
    if (matrix.length !== n || matrix.some((row) => row.length !== n)) {
      throw new Error(`The matrix of ${name} is not [${n}, ${n}] as the outcome's rows say.`);
    }
  }
}

/** Takes from each value the mean of its stratum. */
export function centringOf(strata: readonly (string | number)[]): (values: readonly number[]) => number[] {
  const rows = rowsOfStrata(strata);
  return (values) => {
    const centred = values.slice();
    for (const members of rows) {
      const mean = members.reduce((sum, i) => sum + values[i], 0) / members.length;
      for (const i of members) centred[i] = values[i] - mean;
    }
    return centred;
  };
}

/** A least-squares fit. */
export interface LeastSquares {
  coefficients: number[];
  t: number[];
  residuals: number[];
  /** 1 − residual/total squares, the total about the mean where one column is constant. */
  rSquared: number;
}

/**
 * Ordinary least squares by QR.
 *
 * @param columns one list of values for each term, a column of ones for the intercept among them
 * @param absorbed degrees of freedom that were used up before, such as means that were taken off
 * @throws if the columns are not independent
 */
export function leastSquares(
  y: readonly number[],
  columns: readonly (readonly number[])[],
  absorbed = 0,
): LeastSquares {
  const rows = y.length;
  const p = columns.length;
  if (p === 0) return { coefficients: [], t: [], residuals: y.slice(), rSquared: 0 };
  const X = new Matrix(y.map((_, i) => columns.map((column) => column[i]))); // [rows, terms]
  const qr = new QrDecomposition(X);
  const scales = qr.upperTriangularMatrix.diagonal().map(Math.abs);
  if (Math.min(...scales) < 1e-10 * Math.max(...scales))
    throw new Error("The terms of the regression are not independent of each other.");
  const solved = qr.solve(Matrix.columnVector(y.slice()));
  const coefficients = solved.to1DArray();
  const residuals = y.map((value, i) => value - coefficients.reduce((sum, b, k) => sum + b * columns[k][i], 0));
  const sumOfSquares = residuals.reduce((sum, value) => sum + value * value, 0);
  const variance = sumOfSquares / (rows - p - absorbed);
  const inverse = inverseOf(qr.upperTriangularMatrix); // (X'X)⁻¹ = R⁻¹R⁻ᵀ
  const t = coefficients.map((b, k) => {
    const row = inverse.getRow(k);
    return b / Math.sqrt(variance * row.reduce((sum, value) => sum + value * value, 0));
  });
  const constant = columns.some((column) => column.every((value) => value === column[0]));
  const mean = constant ? y.reduce((sum, value) => sum + value, 0) / rows : 0;
  const total = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { coefficients, t, residuals, rSquared: total === 0 ? 0 : 1 - sumOfSquares / total };
}
