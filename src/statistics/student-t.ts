import jstat from "jstat";

const { studentt } = jstat.jStat;

/** The quantile of Student's t: t with P(T ≤ t) = p. At 0.975 and 12 degrees of freedom 2.179. */
export function tQuantile(p: number, degreesOfFreedom: number): number {
  checkDegrees(degreesOfFreedom);
  if (!(p > 0 && p < 1)) throw new Error(`A quantile is asked for at a probability between 0 and 1, not ${p}.`);
  return studentt.inv(p, degreesOfFreedom);
}

/** P(T ≥ t) for Student's t. */
export function tTail(t: number, degreesOfFreedom: number): number {
  checkDegrees(degreesOfFreedom);
  return studentt.cdf(-t, degreesOfFreedom); // the tails are alike, and 1 − cdf would round small ones away
}

function checkDegrees(degreesOfFreedom: number): void {
  if (!(degreesOfFreedom > 0))
    throw new Error(`Student's t has more than 0 degrees of freedom, not ${degreesOfFreedom}.`);
}
