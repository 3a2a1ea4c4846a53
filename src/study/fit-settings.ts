import type { Settings } from "./profile.js";

/**
 * Settings of a profile for other domains than its own: sizes of mixtures, pools and unions, and lists of domains, follow
 * the domains at hand, so that none is larger than there are and none names one that is absent.
 */
export function fitSettings(settings: Settings, domains: readonly string[]): Settings {
  const n = domains.length;
  const here = (names: readonly string[]) => names.filter((name) => domains.includes(name));
  const sizes = (given: readonly number[]) =>
    [...new Set([...given.map((size) => Math.min(size, n)), n])].sort((a, b) => a - b);
  const unions = settings.unions.filter((set) => set.every((name) => domains.includes(name)));
  const ofSource = new Set(settings.domains);
  return {
    ...settings,
    domains: [...domains],
    tourDomains: fill(here(settings.tourDomains), domains, Math.min(4, n)),
    mixtureSizes: sizes(settings.mixtureSizes),
    waySizes: sizes(settings.waySizes),
    dosePartners: Math.min(settings.dosePartners, Math.max(1, n - 1)),
    unions: unions.length > 0 ? unions : [domains.slice(0, 2)],
    poolSize: Math.min(settings.poolSize, n),
    sparseSizes: [...new Set(settings.sparseSizes.map((size) => Math.min(size, settings.poolSize, n)))],
    // what the profile attacks, and what it could not know of
    attackDomains: domains.filter((name) => settings.attackDomains.includes(name) || !ofSource.has(name)),
    paraphraseDomains: here(settings.paraphraseDomains),
  };
}

/** The first names, made up to a number from others in their order. */
function fill(names: readonly string[], from: readonly string[], count: number): string[] {
  const more = from.filter((name) => !names.includes(name));
  const chosen = [...names, ...more].slice(0, count);
  return from.filter((name) => chosen.includes(name));
}
