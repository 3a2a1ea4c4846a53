/**
 * Factor of the learning rate at a step: linear from 0 to 1 over the warm-up, then linear to 0 at the end, as in
 * transformers' `get_linear_schedule_with_warmup`.
 *
 * @param step counted from 0
 */
export function linearSchedule(step: number, totalSteps: number, warmupSteps: number): number {
  if (step < warmupSteps) return step / Math.max(1, warmupSteps);
  return Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
}
