import assert from "node:assert/strict";
import { test } from "node:test";
import { countedNames, countedTargets, gainsOverFloor } from "#src/chapters/mix/counted-targets.js";
import { accuracyBySizeFigure, dropByDomainFigure } from "#src/chapters/mix/figures.js";
import { type FloorRow, type MixtureResult, sweep } from "#src/chapters/mix/mixtures.js";
import { dropOfAll, dropOfFew, mixClaims } from "#src/chapters/mix/paper-claims.js";
import { cleanDrops } from "#src/chapters/mix/paper-figures.js";
import { describeMixing } from "#src/chapters/mix/sentences.js";
import { mixingTable } from "#src/chapters/mix/tables.js";
import type { BaselineRow } from "#src/chapters/train/baseline-unit.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import type { TrainRow } from "#src/chapters/train/train-unit.js";
import { inRegime } from "#src/study/in-regime.js";
import { traces } from "../../figures/traces.js";
import { tinyStudy } from "../../study/tiny-study.js";

const domains = ["a", "b", "c", "d"];
const row = (target: string, members: string[], drop: number) =>
  ({ method: "lora", seed: 1, target, members, size: members.length, drop }) as MixtureResult;

test("F1 is of the largest mixtures, F4 the mean of two and of three, each counting the same", () => {
  const pairs = domains.flatMap((target) =>
    domains.filter((other) => other !== target).map((other) => row(target, [target, other], 1)),
  );
  const threes = domains.flatMap((target) => {
    const others = domains.filter((other) => other !== target);
    return others.map((left) => row(target, [target, ...others.filter((other) => other !== left)], 4));
  });
  const all = domains.map((target, i) => row(target, domains, 6 + i));
  const results = [...pairs, ...threes, ...all];
  const most = dropOfAll(results, domains);
  assert.ok("effect" in most && most.effect === 7.5 && most.low < 7.5);
  assert.deepEqual(dropOfFew(results, domains), { effect: 2.5, low: 2.5, high: 2.5 });
  assert.match(JSON.stringify(dropOfFew(results, ["a"])), /1 target counts/);
  assert.match(JSON.stringify(dropOfFew([...pairs, ...all], domains)), /0 targets count/);
  assert.deepEqual(cleanDrops([row("a", ["a"], 0), all[1]]), [{ target: "b", size: 4, condition: "clean", drop: 7 }]);
});

test("a gain is over the highest floor, averaged over seeds", () => {
  const single = (seed: number, accuracy: number) => ({ domain: "a", method: "lora", seed, accuracy }) as TrainRow;
  const floor = (seed: number, withoutAdapter: number, start: number): FloorRow => ({
    ...{ domain: "a", method: "lora", seed, withoutAdapter, start },
  });
  const baseline = (seed: number) => ({ domain: "a", seed, majority: 0.5 }) as BaselineRow;
  const gains = gainsOverFloor(
    [single(1, 0.8), single(2, 0.75)],
    [floor(1, 0.6, 0.4), floor(2, 0.3, 0.65)],
    [baseline(1), baseline(2)],
  );
  assert.ok(Math.abs((gains.get("a") as number) - 15) < 1e-9); // (20 + 10) / 2
  assert.throws(() => gainsOverFloor([single(3, 1)], [], []), /floor of a, lora, seed 3 was not measured/);
  const both = [
    { target: "a", paper: 6, controlled: 5, counts: true },
    { target: "b", paper: 9, controlled: 1, counts: false },
  ];
  assert.deepEqual(countedNames(both), ["a"]);
});

test("in the paper's regime only mixtures of one start have dilution; figures, tables and sentences leave out what is not", async () => {
  const study = inRegime(await tinyStudy({ set: { poolMethods: ["lora"], methods: ["lora"] } }), "paper");
  const singles = await trainSingles(study);
  const results = await sweep(study, singles, [[0], [0, 3], [0, 1], [0, 1, 2, 3]]);
  const [alone, ...mixed] = results;
  assert.deepEqual([alone.dilution, alone.drop], [0, 0]);
  for (const { members, drop, dilution, interference } of mixed) {
    const shared = members.join() === "sst2,tweets"; // two labels each
    assert.equal(Number.isFinite(dilution), shared);
    if (shared) assert.ok(Math.abs(drop - dilution - interference) < 1e-9);
  }
  assert.ok(!("own adapter, diluted by 1/k" in traces(accuracyBySizeFigure(results.slice(3)))));
  assert.deepEqual(Object.keys(traces(dropByDomainFigure(results))), ["drop"]);
  assert.match(describeMixing(results), /do not share a start, so it cannot be split/);
  const [costs] = mixingTable(results);
  assert.deepEqual([costs["by dilution"], costs["by interference"]], ["–", "–"]);
  assert.notEqual(costs["drop (points, 95%)"], "–");

  const counted = await countedTargets(study);
  assert.deepEqual(
    counted.map(({ target }) => target),
    study.settings.domains,
  );
  for (const { paper, controlled, counts } of counted) assert.equal(counts, Math.min(paper, controlled) >= 5 - 1e-9);
  const claims = await mixClaims(study, study.settings.domains);
  assert.ok(claims.F1 && "effect" in claims.F1 && claims.F4 && "effect" in claims.F4);
});
