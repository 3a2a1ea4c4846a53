import assert from "node:assert/strict";
import { test } from "node:test";
import type { RandomisedRow } from "#src/chapters/conflict/randomised.js";
import { describeParts, randomisedParts, type VariancePart } from "#src/chapters/conflict/randomised-parts.js";
import { createRandom } from "#src/engine/random.js";

const domains = Array.from({ length: 8 }, (_, i) => `domain ${i}`);

/** Randomised pairs whose change is made of given parts; FSD follows start and distance and has a little of its own. */
function planted(effects: { start?: number; distance?: number; partner?: number; fsd?: number; noise?: number }) {
  const { start = 0, distance = 0, partner: ofPartner = 0, fsd: ofFsd = 0, noise = 0 } = effects;
  const random = createRandom("parts");
  const own = domains.map(() => random.normal());
  return [1, 2].flatMap((seed) =>
    domains.flatMap((target, t) =>
      domains.flatMap((partner, p): RandomisedRow[] => {
        if (t === p) return [];
        return [true, false].flatMap((sameStart) =>
          [1, 2, 4].map((steps) => {
            const partnerMoved = steps + 0.1 * p;
            const fsd = (sameStart ? 0.1 * steps : 0.5) + 0.02 * random.normal();
            const change =
              3 * t +
              start * Number(sameStart) +
              distance * steps +
              ofPartner * own[p] +
              ofFsd * fsd +
              noise * random.normal();
            return {
              ...{ target, partner, members: [target, partner], method: "lora", seed, sameStart, steps },
              ...{ fsd, flipShare: fsd / 2, partnerMoved, accuracy: 0.5, change },
            };
          }),
        );
      }),
    ),
  );
}

const shares = (parts: readonly VariancePart[]) => new Map(parts.map((part) => [part.part, part]));

test("a planted cause is found where it is, and nowhere else", () => {
  const start = shares(randomisedParts(planted({ start: 5 })));
  assert.ok(start.get("same start")!.last > 0.01 && start.get("partner itself")!.last < 1e-9);
  assert.ok(start.get("FSD")!.first > 0.01, "alone FSD seems to explain what the start does");
  assert.ok(start.get("FSD")!.last < 1e-9, "beyond the start it explains nothing");
  assert.ok(Math.abs(start.get("not explained")!.first) < 1e-9);
  const partner = shares(randomisedParts(planted({ partner: 10 })));
  assert.ok(partner.get("partner itself")!.last > 0.3 && partner.get("same start")!.first < 1e-9);
  const fsd = shares(randomisedParts(planted({ fsd: 50 })));
  assert.ok(fsd.get("FSD")!.last > 1e-4);
  const noise = shares(randomisedParts(planted({ noise: 30 })));
  assert.ok(noise.get("not explained")!.first > 0.7);
});

test("seeds are averaged, domains can be left out, and a sentence says it", () => {
  const rows = planted({ start: 5, noise: 1 });
  const fewer = rows.filter(({ target, partner }) => ![target, partner].includes("domain 0"));
  assert.deepEqual(randomisedParts(rows, { without: ["domain 0"] }), randomisedParts(fewer));
  const twice = [...rows, ...rows.map((row) => ({ ...row, seed: row.seed + 2 }))];
  const [once, again] = [rows, twice].map((of) => randomisedParts(of).map(({ last }) => last.toFixed(9)));
  assert.deepEqual(again, once);
  assert.match(
    describeParts(randomisedParts(rows)),
    /^Of the variance .* the targets explain \d+%; .*: same start \d+% \(\d+%\), partner's distance .*, FSD .*\. \d+% is left\.$/,
  );
  assert.throws(() => randomisedParts(rows.slice(0, 1)), /too few pairs/);
});
