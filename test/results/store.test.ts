import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { beginFreshRun } from "#src/results/fresh-run.js";
import { inProcess, runPlan } from "#src/results/plan.js";
import { ResultStore } from "#src/results/store.js";
import { type Unit, unitKey } from "#src/results/unit.js";

const unit = (n: number, code = "v1"): Unit => ({ kind: "square", settings: { n }, code });
const squareOf = (u: Unit) => ({ row: { value: (u.settings.n as number) ** 2 } });
const square = inProcess(squareOf);

function folders() {
  const root = mkdtempSync(join(tmpdir(), "signmix-store-"));
  const messages: string[] = [];
  return {
    root,
    messages,
    open: () =>
      new ResultStore("smoke", { folder: join(root, "a"), cache: join(root, "b"), warn: (m) => messages.push(m) }),
    canonical: join(root, "a", "smoke", "square.jsonl"),
  };
}

test("a key depends on kind, settings and code, not on the order of settings", () => {
  const a: Unit = { kind: "k", settings: { x: 1, y: { p: [1, 2], q: null } }, code: "c" };
  const b: Unit = { kind: "k", settings: { y: { q: null, p: [1, 2] }, x: 1 }, code: "c" };
  assert.equal(unitKey(a), unitKey(b));
  assert.notEqual(unitKey(a), unitKey({ ...a, code: "d" }));
  assert.notEqual(unitKey(a), unitKey({ ...a, kind: "l" }));
  assert.notEqual(unitKey(a), unitKey({ ...a, settings: { ...a.settings, x: 2 } }));
});

test("canonical files are the same bytes in whatever order rows came", async () => {
  const one = folders();
  const two = folders();
  await runPlan(
    [1, 2, 3, 4].map((n) => unit(n)),
    one.open(),
    square,
  );
  await runPlan(
    [4, 2].map((n) => unit(n)),
    two.open(),
    square,
  );
  await runPlan(
    [3, 1, 2].map((n) => unit(n)),
    two.open(),
    async (units, take) => {
      for (const i of [1, 0]) take(squareOf(units[i]), i);
    },
  );
  assert.equal(readFileSync(one.canonical, "utf8"), readFileSync(two.canonical, "utf8"));
});

test("a command's fresh run computes once what its plans share, and goes on where it was stopped", async () => {
  const place = folders();
  const command = ["--profile", "smoke", "--fresh"];
  const units = [1, 2, 3].map((n) => unit(n));
  let calls = 0;
  const counted = inProcess((u) => {
    calls++;
    return squareOf(u);
  });
  await runPlan(units, place.open(), counted);
  const began = () => beginFreshRun(join(place.root, "cache"), command);
  const first = began();
  try {
    Object.assign(process.env, first.environment);
    calls = 0;
    await runPlan(units.slice(0, 2), place.open(), counted, { fresh: true });
    assert.equal(calls, 2);
    assert.deepEqual(began().environment, first.environment, "stopped and given again, it is the same run");
    await runPlan(units, place.open(), counted, { fresh: true });
    assert.equal(calls, 3);
    first.end();
    Object.assign(process.env, began().environment);
    await runPlan(units, place.open(), counted, { fresh: true });
    assert.equal(calls, 6, "after its end the same command computes everything");
  } finally {
    delete process.env.SIGNMIX_FRESH_RUN;
  }
});

test("a second run computes nothing, a changed code or --fresh computes again", async () => {
  const place = folders();
  let calls = 0;
  const counted = inProcess((u) => {
    calls++;
    return squareOf(u);
  });
  const units = [1, 2, 3].map((n) => unit(n));
  await runPlan(units, place.open(), counted);
  const again = await runPlan(units, place.open(), counted);
  assert.equal(calls, 3);
  assert.deepEqual(
    again.map((result) => result.row.value),
    [1, 4, 9],
  );
  await runPlan(
    [1, 2, 3].map((n) => unit(n, "v2")),
    place.open(),
    counted,
  );
  assert.equal(calls, 6);
  await runPlan(units, place.open(), counted, { fresh: true });
  assert.equal(calls, 9);
});

test("a unit that fails leaves the finished ones stored", async () => {
  const place = folders();
  const failing = inProcess((u) => {
    if (u.settings.n === 3) throw new Error("no three");
    return squareOf(u);
  });
  await assert.rejects(
    runPlan(
      [1, 2, 3, 4].map((n) => unit(n)),
      place.open(),
      failing,
    ),
    /no three/,
  );
  assert.deepEqual(
    place
      .open()
      .all("square")
      .map((result) => result.row.value)
      .sort(),
    [1, 4],
  );
});

test("a row that is lost is computed again, and kept until another takes its place: a run that stops loses none", async () => {
  const { open, canonical } = folders();
  const units = [1, 2, 3].map((n) => unit(n));
  await runPlan(units, open(), square);
  const before = readFileSync(canonical, "utf8");
  const stopped = inProcess((u) => {
    if (u.settings.n === 3) throw new Error("stopped");
    return { row: { value: -1 } };
  });
  const isLost = (u: Unit) => u.settings.n !== 2;
  const store = open();
  await assert.rejects(runPlan(units, store, stopped, { isLost }), /stopped/);
  assert.deepEqual(
    units.map((u) => store.get(u)?.row.value),
    [-1, 4, 9],
  );
  assert.equal(readFileSync(canonical, "utf8").trim().split("\n").length, 3);
  const ran: number[] = [];
  const again = inProcess((u) => {
    ran.push(u.settings.n as number);
    return squareOf(u);
  });
  await runPlan(units, open(), again, { isLost });
  assert.deepEqual(ran, [1, 3]);
  assert.equal(readFileSync(canonical, "utf8"), before);
});

test("a damaged line is reported, set aside, and its unit computed again", async () => {
  const place = folders();
  const units = [1, 2, 3].map((n) => unit(n));
  await runPlan(units, place.open(), square);
  const before = readFileSync(place.canonical, "utf8");
  writeFileSync(place.canonical, before.replace('"value":4', '"value":5'));
  const computed: number[] = [];
  const recorded = inProcess((u) => {
    computed.push(u.settings.n as number);
    return squareOf(u);
  });
  await runPlan(units, place.open(), recorded);
  assert.deepEqual(computed, [2]);
  assert.equal(readFileSync(place.canonical, "utf8"), before);
  assert.match(place.messages.join(), /square\.jsonl: 1 damaged line/);
  assert.equal(readdirSync(join(place.root, "b", "smoke", "damaged")).length, 1);
});
