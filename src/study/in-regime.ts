import { controlledRegime, paperRegime, type Regime } from "./regime.js";
import type { RegimeName, Study } from "./study.js";

/** The two regimes that every claim is decided in, by name; the paper's first. */
export const regimes: Readonly<Record<RegimeName, Regime>> = { paper: paperRegime, controlled: controlledRegime };

/** The name of a study's regime, or undefined where it is neither of the two. */
export function regimeName({ settings: { start, schedule } }: { settings: Regime }): RegimeName | undefined {
  return (Object.keys(regimes) as RegimeName[]).find(
    (name) => regimes[name].start === start && regimes[name].schedule === schedule,
  );
}

/** The same study in a regime: its encoder, domains, store and all settings but start and schedule. */
export function inRegime(study: Study, regime: RegimeName | Regime): Study {
  const { start, schedule } = typeof regime === "string" ? regimes[regime] : regime;
  const settings = { ...study.settings, start, schedule };
  return {
    ...study,
    settings,
    options: { ...study.options, regime: { start, schedule } },
    profile: { ...study.profile, settings },
  };
}
