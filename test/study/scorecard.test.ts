import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { regimeName } from "#src/study/in-regime.js";
import { figuresFolder } from "#src/study/save-figure.js";
import { readScorecard, scoreClaims } from "#src/study/scorecard.js";
import type { Study } from "#src/study/study.js";

const label = "smoke-scorecard-test";
after(() => rmSync(join(figuresFolder, label), { recursive: true, force: true }));

/** All that the scorecard reads of a study. */
const study = (seeds: number[]) =>
  ({
    ...{ label, options: {}, profile: {} },
    settings: { seeds, methods: ["houlsby", "lora"], poolMethods: ["lora"], start: "separate", schedule: "equal" },
  }) as unknown as Study;
const effect = (value: number, half: number) => ({ effect: value, low: value - half, high: value + half });

test("claims are decided in both regimes, by the committed rules, and stand in the order of the rules", async () => {
  await scoreClaims(study([1, 2, 3]), (own) => ({
    S1: effect(regimeName(own) === "paper" ? -0.3 : 0.2, 0.1),
  }));
  const [shown] = await scoreClaims(study([1, 2, 3]), () => ({ F1: effect(5, 3) }));
  assert.equal(shown["in the paper's regime"], "5.0 [2.0, 8.0] points: holds");
  assert.equal(shown.paper, "11.9 points");
  const rows = readScorecard(label);
  assert.deepEqual(
    rows.map(({ id, regimes }) => [
      id,
      ...[regimes.paper, regimes.controlled].map((found) => found && "verdict" in found && found.verdict),
    ]),
    [
      ["F1", "holds", "holds"],
      ["S1", "holds", "fails"],
    ],
  );
});

test("the function gets the study in each regime with the pool's methods alone, and nothing else of it changed", async () => {
  const seen: string[] = [];
  const own = study([1]);
  await scoreClaims(own, ({ settings, store, label: name }, regime) => {
    seen.push(`${regime} ${settings.start} ${settings.schedule} ${settings.methods.join()}`);
    assert.equal(store, own.store);
    assert.equal(name, label);
    return { P1: effect(0, 0.5) };
  });
  assert.deepEqual(seen, ["paper byClasses byEpochs lora", "controlled shared equal lora"]);
  assert.equal(own.settings.start, "separate");
});

test("a claim scored again replaces its row; fewer than three seeds give a provisional verdict", async () => {
  await scoreClaims(study([1]), (_, regime) => (regime === "paper" ? { F1: effect(0, 0.5) } : {}));
  const [row] = readScorecard(label);
  assert.equal(row.id, "F1");
  assert.deepEqual(row.regimes, { paper: { ...effect(0, 0.5), verdict: "provisional: fails" } });
});

test("a statistic that could not be had says why, and a claim without a rule is refused", async () => {
  const [shown] = await scoreClaims(study([1]), () => ({ S3: { undecided: "2 targets count, an interval needs 3" } }));
  assert.equal(shown.controlled, "undecided: 2 targets count, an interval needs 3");
  await assert.rejects(
    scoreClaims(study([1]), () => ({ C99: effect(0, 0) })),
    /no rule "C99"; the rules are F1,/,
  );
});
