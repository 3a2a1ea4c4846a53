import type { Settings } from "./profile.js";

type Seeds = Pick<Settings, "seeds" | "designSeeds">;

/** The seeds that go through the designs of most tests: the first `designSeeds` of the study's, or all. */
export function designSeeds({ seeds, designSeeds: count }: Seeds): number[] {
  return seeds.slice(0, count ?? seeds.length);
}

/** Settings for some of the seeds alone; those of them go through the designs of most tests that do so in the whole study. */
export function ofSeeds<T extends Seeds>(settings: T, seeds: readonly number[]): T {
  const whole = designSeeds(settings);
  const chosen = [...seeds].sort((a, b) => Number(whole.includes(b)) - Number(whole.includes(a)));
  return { ...settings, seeds: chosen, designSeeds: chosen.filter((seed) => whole.includes(seed)).length };
}
