// The page of verdicts.mjs.

/** A pair as its full test has it: what the worse off of the two loses. */
const worstOf = (lost) => lost.reduce((a, b) => (b.effect > a.effect ? b : a));

/** Verdicts of some pairs counted: right, wrong, surely wrong, too close. */
export function countVerdicts(pairs, margin) {
  const of = (verdict) => pairs.filter((pair) => pair.verdict === verdict);
  const [mix, not, open] = [of("mix"), of("do not mix"), of("too close to call")];
  const loss = ({ lost }) => worstOf(lost).effect;
  return {
    mix: mix.length,
    mixWrong: mix.filter((pair) => loss(pair) >= margin).length,
    not: not.length,
    notWrong: not.filter((pair) => loss(pair) <= margin).length,
    // the full test's own interval says the contrary
    surelyWrong:
      mix.filter(({ lost }) => lost.some(({ low }) => low > margin)).length +
      not.filter(({ lost }) => lost.every(({ high }) => high < margin)).length,
    open: open.length,
    openBy: open.length === 0 ? null : open.reduce((sum, pair) => sum + Math.abs(loss(pair) - margin), 0) / open.length,
  };
}

/** The pairs of every regime by rows and margin: verdict, rows looked at, and what the full test says. */
export function pairsByRace(found) {
  const races = found.flatMap(({ full, races }) =>
    races.map(({ rows, margin, verdicts, looked }) => ({
      ...{ rows, margin },
      pairs: full.map(({ lost }, i) => ({ lost, verdict: verdicts[i], looked: looked[i] })),
    })),
  );
  const keys = [...new Set(races.map(({ rows, margin }) => `${rows}/${margin}`))];
  return keys.map((key) => {
    const own = races.filter(({ rows, margin }) => `${rows}/${margin}` === key);
    return { rows: own[0].rows, margin: own[0].margin, pairs: own.flatMap(({ pairs }) => pairs) };
  });
}

/** What was found as a page. */
export function verdictTable({ encoder, domains, truth, found }) {
  let [all, decided, wrong, surely] = [0, 0, 0, 0];
  const lines = pairsByRace(found).map(({ rows, margin, pairs }) => {
    all += pairs.length;
    const counts = countVerdicts(pairs, margin);
    decided += counts.mix + counts.not;
    wrong += counts.mixWrong + counts.notWrong;
    surely += counts.surelyWrong;
    const looked = pairs.reduce((sum, pair) => sum + pair.looked, 0) / (2 * rows * pairs.length);
    const right = (all, bad) => (all === 0 ? "0" : `${all}, of them right ${all - bad}`);
    return (
      `| ${rows} | ${margin} | ${pairs.length} | ${right(counts.mix, counts.mixWrong)} | ${right(counts.not, counts.notWrong)} | ` +
      `${counts.surelyWrong} | ${counts.open} | ${counts.openBy === null ? "–" : counts.openBy.toFixed(1)} | ${Math.round(100 * looked)}% |`
    );
  });
  const regimes = [...new Set(found.map(({ regime }) => regime))];
  return `# Verdicts beside full tests

All pairs of the Pfeiffer adapters of ${domains.length} generated domains on \`${encoder}\` (${regimes.join(" and ")} regime, one seed): the verdict of \`signmix advise\`, which races on so many rows of each domain, beside
a full test of every pair on ${truth} other rows of both domains. Right is a "mix" whose worse off member loses less than the margin in the full test, and a "do not mix" where it loses more; the full
test errs too, by some two points, so a verdict is surely wrong only where the 95% interval of the full test says the contrary.

| rows of each domain | margin (points) | pairs | mix | do not mix | surely wrong | too close to call | their distance from the margin (points) | rows looked at |
| ---: | ---: | ---: | --- | --- | ---: | ---: | ---: | ---: |
${lines.join("\n")}

Of ${all} verdicts ${decided} decide, ${((100 * decided) / all).toFixed(0)}%. Of these ${decided - wrong} are right, ${((100 * (decided - wrong)) / decided).toFixed(1)}%, ${wrong} are on the other side of the margin in the full test, and
${surely} are surely wrong. The others are too close to call.
`;
}
