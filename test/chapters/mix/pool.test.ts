import assert from "node:assert/strict";
import { test } from "node:test";
import { embedTexts, pickFor } from "#src/chapters/greedy/pick.js";
import type { Picker } from "#src/chapters/greedy/picker.js";
import { pickers } from "#src/chapters/greedy/pickers.js";
import { meanRegret, poolSpread, regretBesideRandom, regrets } from "#src/chapters/greedy/regret.js";
import { targetFree, targetFreeDrop, targetFreeRegret } from "#src/chapters/greedy/target-free.js";
import { sweep } from "#src/chapters/mix/mixtures.js";
import { measurePools, poolDomains, poolSingles, scoreOf, setKey } from "#src/chapters/mix/pool.js";
import { trainSingles } from "#src/chapters/train/singles.js";
import { tinyStudy } from "../../study/tiny-study.js";

const study = await tinyStudy();
const singles = await trainSingles(study, { methods: ["houlsby"] });
const pools = await measurePools(study, singles);
const texts = await embedTexts(study, poolDomains(study));

test("the pool is drawn by a fixed seed and keeps the study's order", async () => {
  const wide = { ...study, settings: { ...study.settings, poolSize: 3 } };
  const chosen = poolDomains(wide);
  assert.equal(chosen.length, 3);
  assert.deepEqual(
    chosen,
    study.settings.domains.filter((domain) => chosen.includes(domain)),
  );
  assert.throws(() => poolDomains({ ...study, settings: { ...study.settings, poolSize: 9 } }), /pool of 9/);
  assert.throws(() => poolSingles(study, []), /None of the adapters/);
});

test("every mixture of the pool is tested on each of its members, as sweep tests it", async () => {
  const [pool] = pools;
  assert.equal(pools.length, 1);
  assert.equal(
    [...pool.scores.values()].reduce((sum, byTarget) => sum + byTarget.size, 0),
    4 * 2 ** 3,
  );
  const [one] = await sweep(study, singles, [[0, 2, 3]]);
  assert.equal(scoreOf(pool, [3, 0, 2], 0).test, one.accuracy);
  assert.equal(setKey([3, 0, 2]), "0,2,3");
  assert.throws(() => scoreOf(pool, [0, 1], 2), /was not tested on/);
});

test("every picker gives nested sets that hold the target", () => {
  for (const picker of Object.values(pickers)) {
    for (const target of [0, 1, 2, 3]) {
      const sets = pickFor(study, pools[0], picker, target, texts);
      assert.deepEqual(
        sets.map(({ length }) => length),
        [1, 2, 3, 4],
      );
      sets.forEach((set, i) => {
        assert.equal(set[0], target);
        if (i > 0) assert.deepEqual(set.slice(0, i), sets[i - 1]);
      });
    }
  }
  const moved = pools[0].rows.map((row) => row.moved);
  const [, pair] = pickFor(study, pools[0], pickers.movedLeast, 0, texts);
  assert.equal(moved[pair[1]], Math.min(...moved.slice(1)));
  assert.throws(() => pickFor(study, pools[0], pickers.text, 0, new Map()), /call embedTexts/);
});

test("a picker of the reader's own stands beside the others, and one that gives no order is refused by name", () => {
  const alphabetical: Picker = ({ domains, target }) =>
    [...domains.keys()].sort(
      (a, b) => Number(b === target) - Number(a === target) || (domains[a] < domains[b] ? -1 : 1),
    );
  const rows = regrets(study, pools, texts, { pickers: { fsd: pickers.fsd, alphabetical } });
  assert.deepEqual([...new Set(rows.map(({ picker }) => picker))], ["fsd", "alphabetical", "random"]);
  const [first] = pools;
  const own = rows.find(
    ({ picker, size, target }) => picker === "alphabetical" && size === 2 && target === first.rows[0].domain,
  );
  const others = first.rows.map(({ domain }) => domain).slice(1);
  const second = first.rows.findIndex(({ domain }) => domain === [...others].sort()[0]);
  assert.equal(own?.accuracy, scoreOf(first, [0, second], 0).test);
  const few: Picker = function few() {
    return [0, 1];
  };
  assert.throws(
    () => pickFor(study, first, few, 0, texts),
    /"few" must return all positions from 0 to 3, .* not \[0,1\]/,
  );
  const late: Picker = function late() {
    return [1, 0, 2, 3];
  };
  assert.throws(() => pickFor(study, first, late, 0, texts), /"late" must begin with the target, position 0/);
});

test("regret is the best's accuracy minus the picker's; random's is the mean over all", () => {
  const rows = regrets(study, pools, texts);
  assert.equal(rows.length, 4 * 2 * (Object.keys(pickers).length + 1));
  for (const spread of poolSpread(pools)) {
    const random = rows.find(
      ({ picker, target, size }) => picker === "random" && target === spread.target && size === spread.size,
    );
    assert.equal(random?.accuracy, spread.mean);
    assert.ok(Math.abs((random?.regret ?? 0) - 100 * (spread.crossFitted - spread.mean)) < 1e-9);
    assert.ok(spread.worst <= spread.median && spread.median <= spread.testChosen && spread.luck >= 0);
  }
  const difference = regretBesideRandom(rows, "fsd").effect;
  const parts = meanRegret(rows, "fsd").effect - meanRegret(rows, "random").effect;
  assert.ok(Math.abs(difference - parts) < 1e-9);
  assert.equal(regretBesideRandom(rows, "random").effect, 0);
});

test("without a target, drops are averaged over members and the best is cross-fitted", () => {
  const rows = targetFree(study, pools, texts);
  const fsd = rows.filter(({ picker }) => picker === "fsd");
  assert.deepEqual(
    fsd.map(({ members }) => members.length),
    [2, 3],
  );
  for (const { members, drops } of fsd)
    assert.deepEqual(
      drops.map(([domain]) => domain),
      members,
    );
  const pair = fsd[0].members.map((name) => pools[0].rows.findIndex(({ domain }) => domain === name));
  const expected = 100 * (pools[0].rows[pair[0]].accuracy - scoreOf(pools[0], pair, pair[0]).test);
  assert.equal(fsd[0].drops[0][1], expected);
  const difference = targetFreeDrop(rows, "fsd").effect - targetFreeDrop(rows, "best").effect;
  assert.ok(Math.abs(targetFreeRegret(rows, "fsd").effect - difference) < 1e-9);
});
