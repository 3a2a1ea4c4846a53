import { Matrix, solve } from "ml-matrix";

/**
 * Ridge regression without an intercept: the weights w that make ‖y − Xw‖² + penalty·‖w‖² least, (XᵀX + λI)w = Xᵀy.
 *
 * @param columns one list of values for each term, all centred
 * @param penalty λ, above 0
 * @returns one weight to each column
 */
export function ridge(columns: readonly (readonly number[])[], y: readonly number[], penalty: number): number[] {
  if (!(penalty > 0)) throw new Error(`The penalty of a ridge is above 0, not ${penalty}.`);
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const gram = new Matrix(columns.map((a, i) => columns.map((b, j) => dot(a, b) + (i === j ? penalty : 0))));
  return solve(gram, Matrix.columnVector(columns.map((column) => dot(column, y)))).to1DArray();
}
