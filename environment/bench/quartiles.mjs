import { quantile } from "simple-statistics";

/** Lower quartile, median and upper quartile. */
export function quartiles(values) {
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((share) => quantile(values, share));
  return { lower, median, upper };
}

/** Quartiles as text: the median, and the others in brackets. */
export const spread = ({ lower, median, upper }, digits) =>
  `${median.toFixed(digits)} (${lower.toFixed(digits)}–${upper.toFixed(digits)})`;
