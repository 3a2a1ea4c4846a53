import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { importAdapter } from "#src/adapters/folder.js";
import { pruneAdapter } from "#src/pruning/prune.js";
import {
  fractionOfSignDifference,
  type SignDifference,
  type SignDifferenceOptions,
} from "#src/signs/sign-difference.js";
import { setSignDifference } from "#src/signs/sign-difference-of-set.js";
import { signDifferenceOfSubsets } from "#src/signs/sign-difference-of-subsets.js";
import { ourName } from "./library-names.js";
import { ErrorTable, sharedFolder } from "./vectors.js";

interface Counts {
  n: number;
  strict_count: number;
  sign3_count: number;
  both_nonzero: number;
  strict: number;
  sign3: number;
}

interface SetNumbers {
  n: number;
  mean_pairwise_strict: number;
  mean_pairwise_sign3: number;
  not_all_equal_sign3: number;
  any_strict_conflict: number;
}

type Entry = { overall: Counts; overall_weights_only?: Counts; per_tensor?: Record<string, Counts> } & SetNumbers;

const { folder: root, skip } = sharedFolder("reference");
const expected: Record<string, Entry> = skip
  ? {}
  : JSON.parse(readFileSync(join(root, "07_sign_difference", "expected.json"), "utf8"));

const errors = new ErrorTable("Case 07, sign difference (counts of weights, fractions)");

const adapterAt = (path: string) => importAdapter(join(root, "03_adapterhub", path)).adapter;

/** Checks counts; `slack` positions may differ, where the library multiplied in another order. */
function assertCounts(actual: SignDifference, theirs: Counts, what: string, slack = 0) {
  const { positions, opposite, oneZero, bothNonZero } = actual.counts;
  assert.deepEqual([positions, bothNonZero], [theirs.n, theirs.both_nonzero], what);
  const group = slack === 0 ? "counts" : "counts of delta_w";
  errors.checkError("(host)", group, what, Math.abs(opposite - theirs.strict_count), slack);
  errors.checkError("(host)", group, what, Math.abs(opposite + oneZero - theirs.sign3_count), slack);
}

function assertClose(actual: number, theirs: number, what: string) {
  errors.checkError("(host)", "fractions", what, Math.abs(actual - theirs), 1e-12);
}

describe("case 07", { skip }, () => {
  let tests = 0;
  for (const [key, entry] of Object.entries(expected)) {
    tests++;
    test(key, () => {
      const parts = key.split("/");
      const variant = parts.slice(0, 2).join("/");
      const last = parts[parts.length - 1];
      if (last === "set_abc") return checkSet(variant, entry);
      if (parts[2].startsWith("pruned_global_")) return checkPruned(variant, Number(parts[2].slice(14)), last, entry);
      return checkPair(variant, last, parts[2] === "delta_w", entry);
    });
  }

  test("all 58 entries were compared", () => {
    assert.equal(tests, 58);
  });
});

function checkPair(variant: string, pair: string, product: boolean, entry: Entry) {
  const [a, b] = pair.split("-").map((seed) => adapterAt(`${variant}_${seed}`));
  const options: SignDifferenceOptions = product ? { space: "product" } : {};
  const actual = fractionOfSignDifference(a, b, options);
  assertCounts(actual, entry.overall, "overall", product ? 2 : 0);
  if (entry.overall_weights_only)
    assertCounts(fractionOfSignDifference(a, b, { parameters: "matrices" }), entry.overall_weights_only, "weights");
  if (product) return;
  assertClose(actual.overall, entry.overall.strict, "strict");
  const own = fractionOfSignDifference(a, b, { ...options, zeros: "ownSign" });
  assertClose(own.overall, entry.overall.sign3, "sign3");
  for (const [theirs, counts] of Object.entries(entry.per_tensor ?? {})) {
    const name = ourName(theirs.replace("{name}", "x")) as string;
    assertClose(actual.byTensor[name], counts.strict, theirs);
    assertClose(own.byTensor[name], counts.sign3, theirs);
  }
}

function checkPruned(variant: string, sparsity: number, last: string, entry: Entry) {
  const [a, b] = ["a", "b"].map((seed) => adapterAt(`${variant}_${seed}`));
  const pruned = (adapter: typeof a) => pruneAdapter(adapter, { sparsity, scope: "global" }).adapter;
  const actual = fractionOfSignDifference(pruned(a), last === "a-b" ? pruned(b) : b, { parameters: "matrices" });
  assertCounts(actual, entry.overall, last);
}

function checkSet(variant: string, entry: Entry) {
  const adapters = ["a", "b", "c"].map((seed) => adapterAt(`${variant}_${seed}`));
  const wanted = {
    never: [entry.mean_pairwise_strict, entry.any_strict_conflict],
    ownSign: [entry.mean_pairwise_sign3, entry.not_all_equal_sign3],
  };
  for (const zeros of ["never", "ownSign"] as const) {
    const options = { zeros };
    const [mean, any] = wanted[zeros];
    assertClose(setSignDifference(adapters, options).overall, mean, zeros);
    assertClose(setSignDifference(adapters, { ...options, form: "anyConflict" }).overall, any, zeros);
    const subsets = signDifferenceOfSubsets(adapters, options);
    assertClose(subsets.meanPairwise[7], mean, zeros);
    assertClose(subsets.anyConflict[7], any, zeros);
  }
}
