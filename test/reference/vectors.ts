import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { int32, type TensorData } from "#src/engine/tensor-data.js";

const shared = process.env.SIGNMIX_SHARED;

/** A folder of reference vectors that are not part of the project, or the reason why there is none. */
export function sharedFolder(path: string): { folder: string; skip?: string } {
  if (!shared) return { folder: "", skip: `needs SIGNMIX_SHARED, the folder that holds ${path}` };
  const folder = join(shared, path);
  return existsSync(folder) ? { folder } : { folder, skip: `SIGNMIX_SHARED has no ${path}` };
}

/** One batch as an `inputs.json` holds it. */
export interface ReferenceInputs {
  inputIds: TensorData;
  attentionMask: TensorData;
  tokenTypeIds?: TensorData;
  labels: TensorData;
  mlmLabels: TensorData;
}

export function readInputs(folder: string): ReferenceInputs {
  const json = JSON.parse(readFileSync(join(folder, "inputs.json"), "utf8"));
  const matrix = (rows: number[][]) => int32([rows.length, rows[0].length], Int32Array.from(rows.flat()));
  return {
    inputIds: matrix(json.input_ids),
    attentionMask: matrix(json.attention_mask),
    ...(json.token_type_ids && { tokenTypeIds: matrix(json.token_type_ids) }),
    labels: int32([json.labels.length], Int32Array.from(json.labels)),
    mlmLabels: matrix(json.mlm_labels),
  };
}

/** Largest absolute difference of two tensors of equal shape. */
export function worstError(actual: TensorData, expected: TensorData, name: string): number {
  assert.equal(actual.data.length, expected.data.length, `${name}: [${actual.shape}] against [${expected.shape}]`);
  let worst = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const error = Math.abs(actual.data[i] - expected.data[i]);
    if (!(error <= worst)) worst = error; // NaN counts as worst
  }
  return worst;
}

/** Collects the worst absolute error of each case and group of tensors, and prints them when the file's tests end. */
export class ErrorTable {
  private readonly rows = new Map<string, { worst: Map<string, number>; tolerance: number }>();

  constructor(title: string) {
    after(() => {
      if (this.rows.size > 0) console.log(`${title}: worst absolute error\n${this.lines().join("\n")}`);
    });
  }

  /** One line for each group, one column for each backend. */
  private lines(): string[] {
    const backends = [...new Set([...this.rows.values()].flatMap(({ worst }) => [...worst.keys()]))];
    const cells = (group: string, numbers: string[], tolerance: string) =>
      `  ${group.padEnd(52)}${numbers.map((cell) => cell.padEnd(12)).join("")}${tolerance}`;
    const lines = [...this.rows].map(([group, { worst, tolerance }]) => {
      const numbers = backends.map((backend) => worst.get(backend)?.toExponential(1) ?? "–");
      return cells(group, numbers, tolerance.toExponential(0));
    });
    return [cells("", backends, "tolerance"), ...lines];
  }

  /** Checks one tensor against the library's, and notes its error. */
  check(backend: string, group: string, name: string, actual: TensorData, expected: TensorData, tolerance: number) {
    this.checkError(backend, group, `${name} on ${backend}`, worstError(actual, expected, name), tolerance);
  }

  /** Checks one number by its relative error; numbers below 0.1 are rounding of zeros and count as 0.1. */
  checkNumber(backend: string, group: string, name: string, actual: number, expected: number, tolerance: number) {
    const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), 0.1);
    this.note(backend, group, error, tolerance);
    assert.ok(error <= tolerance, `${name} on ${backend} is ${actual}, not ${expected}`);
  }

  /** Notes an error that the caller has computed, and checks it. */
  checkError(backend: string, group: string, name: string, error: number, tolerance: number) {
    this.note(backend, group, error, tolerance);
    assert.ok(error <= tolerance, `${name} differs by ${error}, more than ${tolerance}`);
  }

  private note(backend: string, group: string, error: number, tolerance: number) {
    const row = this.rows.get(group) ?? { worst: new Map<string, number>(), tolerance };
    const worst = row.worst.get(backend) ?? 0;
    row.worst.set(backend, error > worst || Number.isNaN(error) ? error : worst);
    row.tolerance = Math.max(row.tolerance, tolerance);
    this.rows.set(group, row);
  }
}
