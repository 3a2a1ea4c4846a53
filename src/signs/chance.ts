/** How the conflicts of a set of adapters become one number. */
export type SetForm = "meanPairwise" | "anchored" | "anyConflict";

/**
 * The sign difference that k adapters with no zeros reach by chance, if every sign were a fair coin:
 * ½ for `meanPairwise` and `anchored` at any k; 1 − 2^(1−k) for `anyConflict`, which so rises with k by arithmetic alone.
 */
export function chanceLevel(form: SetForm, k: number): number {
  return form === "anyConflict" ? 1 - 2 ** (1 - k) : 0.5;
}
