/** Which adapters start from the same weights. */
export type Start = "shared" | "byClasses" | "separate";

/** Whether all domains are trained for equally many steps, or each by the paper's epochs and its rows. */
export type Schedule = "equal" | "byEpochs";

/** How the adapters of a study came to be. Every figure says it. */
export interface Regime {
  start: Start;
  schedule: Schedule;
}

export const starts: readonly Start[] = ["shared", "byClasses", "separate"];
export const schedules: readonly Schedule[] = ["equal", "byEpochs"];

/** The regime that the paper's sign matrix shows. */
export const paperRegime: Regime = { start: "byClasses", schedule: "byEpochs" };
/** One start and equal steps for all, so that adapters differ by their domain alone. */
export const controlledRegime: Regime = { start: "shared", schedule: "equal" };

/** A regime in words, for subtitles. */
export function describeRegime({ start, schedule }: Regime): string {
  const from = {
    shared: "one start for all",
    byClasses: "a start for each number of classes",
    separate: "a start for each domain",
  }[start];
  return `${from}, ${schedule === "equal" ? "equal steps" : "steps by epochs"}`;
}

/**
 * The seed that a domain's adapter starts from: adapters with equal seeds start from the same weights. The start of
 * `shared` is the seed of the run itself.
 *
 * @param classes the domain's number of labels
 * @throws if the start is unknown
 */
export function startSeed(
  start: Start,
  seed: string | number,
  domain: { name: string; classes: number },
): string | number {
  if (start === "shared") return seed;
  if (start === "byClasses") return `${seed}/classes ${domain.classes}`;
  if (start === "separate") return `${seed}/domain ${domain.name}`;
  throw new Error(`"${start}" is no start; choose ${starts.join(", ")}.`);
}

/** Training lengths of the grid, in steps. */
export const lengths: readonly number[] = [100, 200, 400, 800];

/** Epochs of own tables, as of the paper's small domains. */
export const ownEpochs = 5;

/** What a domain's length follows: epochs times rows to train on. */
export interface Exposure {
  domain: string;
  epochs: number;
  trainRows: number;
}

/**
 * Steps of each domain under `byEpochs`: epochs × rows, placed on a log scale so that the least of the reference has the
 * shortest and the most the longest length, and then the nearest of the lengths on that scale. A domain beyond the
 * reference's ends, as an own table may be, gets the length at that end.
 *
 * @param exposures the domains that are trained
 * @param options.reference whose least and most set the scale, the paper's thirteen; the domains themselves by default
 * @param options.lengths rising; 100, 200, 400 and 800 by default
 */
export function stepsByEpochs(
  exposures: readonly Exposure[],
  options: { reference?: readonly Exposure[]; lengths?: readonly number[] } = {},
): Record<string, number> {
  const { reference = exposures, lengths: grid = lengths } = options;
  if (grid.length === 0 || reference.length === 0) throw new Error("Steps by epochs need lengths and domains.");
  const size = ({ domain, epochs, trainRows }: Exposure) => {
    if (!(epochs > 0 && trainRows > 0)) throw new Error(`${domain} needs epochs and rows above 0.`);
    return Math.log(epochs * trainRows);
  };
  const sizes = reference.map(size);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const [shortest, longest] = [Math.log(grid[0]), Math.log(grid[grid.length - 1])];
  return Object.fromEntries(
    exposures.map((exposure) => {
      const share = most === least ? 0 : (size(exposure) - least) / (most - least);
      const wanted = shortest + Math.min(1, Math.max(0, share)) * (longest - shortest);
      const nearest = grid.reduce((best, length) =>
        Math.abs(Math.log(length) - wanted) < Math.abs(Math.log(best) - wanted) ? length : best,
      );
      return [exposure.domain, nearest];
    }),
  );
}

/** Steps of every domain in a regime's schedule. */
export function stepsOf(
  schedule: Schedule,
  exposures: readonly Exposure[],
  options: { steps: number; reference?: readonly Exposure[]; lengths?: readonly number[] },
): Record<string, number> {
  if (schedule === "equal") return Object.fromEntries(exposures.map(({ domain }) => [domain, options.steps]));
  if (schedule === "byEpochs") return stepsByEpochs(exposures, options);
  throw new Error(`"${schedule}" is no schedule; choose ${schedules.join(", ")}.`);
}
