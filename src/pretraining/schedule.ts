/** How the learning rate moves over a run. */
export interface RateSchedule {
  /** The highest rate. */
  learningRate: number;
  /** Steps of linear rise at the beginning, and again after every resumption. */
  warmUp: number;
  /** Share of the run, at its end, in which the rate falls in a straight line to zero. */
  decayShare: number;
}

/**
 * Warm-up, constant, decay (Hägele et al. 2024): a run may be stopped anywhere before the decay and resumed with another
 * end, which a cosine does not allow.
 *
 * @param step steps taken since the start or the resumption
 * @param progress share of the run that is done, 0 to 1
 */
export function learningRateAt(schedule: RateSchedule, step: number, progress: number): number {
  const { learningRate, warmUp, decayShare } = schedule;
  const rise = Math.min(1, (step + 1) / Math.max(1, warmUp));
  const fall = decayShare > 0 ? Math.min(1, Math.max(0, 1 - progress) / decayShare) : 1;
  return learningRate * Math.min(rise, fall);
}
