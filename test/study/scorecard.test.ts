import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { figuresFolder } from "#src/study/save-figure.js";
import { readScorecard, scoreClaims } from "#src/study/scorecard.js";
import type { Study } from "#src/study/study.js";

const label = "smoke-scorecard-test";
after(() => rmSync(join(figuresFolder, label), { recursive: true, force: true }));

/** All that the scorecard reads of a study. */
const study = (seeds: number[]) => ({ label, settings: { seeds } }) as unknown as Study;

test("claims are decided by the committed rules, and stand in the order of the rules", () => {
  scoreClaims(study([1, 2, 3]), { C2: { effect: -0.3, low: -0.4, high: -0.2 } });
  const [shown] = scoreClaims(study([1, 2, 3]), { C1: { effect: 5, low: 2, high: 8 } });
  assert.equal(shown.verdict, "holds");
  const rows = readScorecard(label);
  assert.deepEqual(
    rows.map(({ id, verdict }) => [id, verdict]),
    [
      ["C1", "holds"],
      ["C2", "holds"],
    ],
  );
});

test("a claim scored again replaces its row; fewer than three seeds give a provisional verdict", () => {
  scoreClaims(study([1]), { C1: { effect: 0, low: -1, high: 0.5 } });
  const [row] = readScorecard(label);
  assert.equal(row.id, "C1");
  assert.equal(row.verdict, "provisional: fails");
});

test("a claim without a rule is refused", () => {
  assert.throws(
    () => scoreClaims(study([1]), { C99: { effect: 0, low: 0, high: 0 } }),
    /no rule "C99"; the rules are C1,/,
  );
});
