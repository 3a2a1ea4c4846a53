import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createRandom } from "#src/engine/random.js";
import { contents, type FrontEnd, skip, startFrontEnd, text } from "./front-end.js";

let kernel: FrontEnd;
before(async () => {
  if (!skip) kernel = await startFrontEnd();
});
after(() => kernel?.close());

type How = "message" | "signal";

/** Runs code and interrupts it once it has said that it runs. */
async function interrupted(code: string, how: How) {
  const id = kernel.send("execute_request", { code: code.replace("begun();", 'console.log("begun");') });
  const begun = () => kernel.published.some((one) => one.parent.msg_id === id && one.header.msg_type === "stream");
  await kernel.until("The beginning", begun);
  if (how === "signal") kernel.child.kill("SIGINT");
  else assert.equal((await kernel.ask("interrupt_request", {}, "control")).content.status, "ok");
  const reply = await kernel.reply(id);
  return { reply: reply.content, outputs: await kernel.outputs(id) };
}

const endless: Record<string, string> = {
  "a loop": "begun(); while (true) count++;",
  "a loop after a wait": "await new Promise((r) => setTimeout(r, 20));\nbegun(); while (true) count++;",
  "a loop in a callback": "await new Promise<void>(() => setTimeout(() => { begun(); while (true) count++; }, 20));",
  "a long wait": "begun(); await new Promise((r) => setTimeout(r, 1e6));",
  "a wait for ever": "begun(); await new Promise(() => {});",
  "a loop that prints": "begun(); while (true) console.log(count++);",
  "a loop that catches": "begun(); while (true) { try { count++; throw 1; } catch {} finally { count++; } }",
  "a loop of waits": "begun(); for (;;) { count++; await new Promise((r) => setTimeout(r, 1)); }",
  "a loop that waits and catches": "begun(); for (;;) { try { await new Promise((r) => setTimeout(r, 1)); } catch {} }",
  "a sequence": "begun(); for await (const _ of (async function* () { for (;;) yield count++; })()) count++;",
  "a chain of promises":
    "begun(); const again = (): Promise<void> => Promise.resolve().then(() => { count++; }).then(again); await again();",
  "microtasks without end":
    "begun(); const micro = () => { count++; queueMicrotask(micro); }; micro(); await new Promise(() => {});",
  "ticks without end":
    "begun(); const tick = () => { count++; process.nextTick(tick); }; tick(); await new Promise(() => {});",
  "immediate callbacks without end":
    "begun(); const next = () => { count++; setImmediate(next); }; next(); for (;;) await new Promise((r) => setImmediate(r));",
  "a loop beside callbacks that go on": "begun(); while (true) count++;",
  "a display that never ends":
    '({ [Symbol.for("Jupyter.display")]: () => { begun(); return new Promise(() => {}); } })',
};

test("an interrupt by message or signal ends whatever a cell does, and its state is kept", { skip }, async () => {
  await kernel.execute("let count = 0;");
  const ways: How[] = process.platform === "win32" ? ["message"] : ["message", "signal"];
  for (const how of ways) {
    for (const [what, code] of Object.entries(endless)) {
      const { reply, outputs } = await interrupted(code, how);
      assert.deepEqual([reply.status, reply.ename], ["error", "Interrupted"], `${what}, by ${how}`);
      const told = contents(outputs, "error").map(({ ename, evalue }) => `${ename}: ${evalue}`);
      assert.equal(told.length, 1, `${what}, by ${how}: ${told.join("; ")}`);
      const kept = await kernel.execute("console.log(count >= 0); await Promise.resolve('awake')");
      assert.deepEqual([kept.reply.status, text(kept.outputs)], ["ok", "true\n"], `after ${what}, by ${how}`);
    }
  }
});

test("an interrupted sequence tells of it once, however often", { skip }, async () => {
  for (let round = 0; round < 60; round++) {
    const { outputs } = await interrupted(
      endless["a sequence"],
      round % 2 && process.platform !== "win32" ? "signal" : "message",
    );
    const told = contents(outputs, "error").map(({ ename }) => ename);
    assert.deepEqual(told, ["Interrupted"], `round ${round}`);
  }
});

test("an interrupted cell does not go on when what it waited for has come, but does its `finally`", {
  skip,
}, async () => {
  await kernel.execute("const done: string[] = [];");
  const wait = "await new Promise((r) => setTimeout(r, 200));";
  await interrupted(`try { begun(); ${wait} done.push("went on"); } finally { done.push("finally"); }`, "message");
  await kernel.execute("await new Promise((r) => setTimeout(r, 400));");
  const { outputs } = await kernel.execute("console.log(done.join());");
  assert.equal(text(outputs), "finally\n");
});

test("what an interrupted cell left running, and keeps the next cell from its turn, ends with the next interrupt", {
  skip,
}, async () => {
  await interrupted("setTimeout(() => { while (true); }, 300);\nbegun(); await new Promise(() => {});", "message");
  await new Promise((resolve) => setTimeout(resolve, 600));
  const id = kernel.send("execute_request", { code: "console.log('mine')" });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await kernel.ask("interrupt_request", {}, "control");
  await kernel.reply(id);
  assert.equal((await kernel.execute("1")).reply.status, "ok");
});

test("an interrupt never ends the kernel's own work half-way: a loop's prints stay whole, whenever it comes", {
  skip,
}, async () => {
  const random = createRandom("half-way");
  for (let round = 0; round < 20; round++) {
    const id = kernel.send("execute_request", {
      code: "for (let n = 0; ; n++) console.log(n, 'x'.repeat(n % 50) + '.');",
    });
    const begun = () => kernel.published.some((one) => one.parent.msg_id === id && one.header.msg_type === "stream");
    await kernel.until("The beginning", begun);
    await new Promise((resolve) => setTimeout(resolve, random.integer(40)));
    await kernel.ask("interrupt_request", {}, "control");
    assert.equal((await kernel.reply(id)).content.ename, "Interrupted");
    const lines = text(await kernel.outputs(id), "stdout")
      .trimEnd()
      .split("\n");
    const whole = lines.map((_, n) => `${n} ${"x".repeat(n % 50)}.`);
    assert.deepEqual(lines, whole);
  }
});

test("an interrupt that comes when nothing runs ends nothing", { skip }, async () => {
  await kernel.ask("interrupt_request", {}, "control");
  if (process.platform !== "win32") kernel.child.kill("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 200)); // a signal may come later than a message that was sent after it
  assert.equal((await kernel.execute("await new Promise((r) => setTimeout(r, 300)); 1")).reply.status, "ok");
});

test("the question to a reader ends with the interrupt", { skip }, async () => {
  const { reply } = await interrupted(
    'begun(); await (globalThis as any)[Symbol.for("signmix.kernel")].ask("?")',
    "message",
  );
  assert.notEqual(reply.status, "ok");
});

test("what is queued behind an interrupted cell is aborted", { skip }, async () => {
  const first = kernel.send("execute_request", { code: "console.log('on');\nwhile (true) {}" });
  const second = kernel.send("execute_request", { code: "2" });
  const begun = () => kernel.published.some((one) => one.parent.msg_id === first && one.header.msg_type === "stream");
  await kernel.until("The beginning", begun);
  await kernel.ask("interrupt_request", {}, "control");
  assert.equal((await kernel.reply(first)).content.status, "error");
  assert.equal((await kernel.reply(second)).content.status, "aborted");
});

test("any schedule of cells and interrupts gets every reply, in order, and leaves a kernel that counts right", {
  skip,
}, async () => {
  const random = createRandom("schedules");
  const cells: [code: string, statuses: string[]][] = [
    ["total += 1;", ["ok", "aborted"]],
    ["await new Promise((r) => setTimeout(r, 30)); total += 1;", ["ok", "error", "aborted"]],
    ["for (let until = Date.now() + 40; Date.now() < until; );", ["ok", "error", "aborted"]],
    ["throw new Error('planned');", ["error", "aborted"]],
    ["console.log('x'.repeat(100));", ["ok", "error", "aborted"]],
  ];
  await kernel.execute("let total = 0;");
  for (let round = 0; round < 8; round++) {
    const sent: { id: string; statuses: string[] }[] = [];
    for (let step = 0; step < 12; step++) {
      const [code, statuses] = cells[random.integer(cells.length)];
      const stop_on_error = random.integer(2) === 0;
      sent.push({ id: kernel.send("execute_request", { code, stop_on_error }), statuses: [...statuses, "error"] });
      if (random.integer(3) === 0) await new Promise((resolve) => setTimeout(resolve, random.integer(50)));
      if (random.integer(4) === 0) kernel.send("interrupt_request", {}, { channel: "control" });
    }
    for (const { id, statuses } of sent) {
      const { content } = await kernel.reply(id);
      assert.ok(statuses.includes(String(content.status)), `${content.status} in round ${round}`);
      await kernel.outputs(id);
    }
    const states = kernel.published.filter(({ header }) => header.msg_type === "status");
    assert.equal(states.at(-1)?.content.execution_state, "idle");
    const { reply } = await kernel.execute("total >= 0", { user_expressions: { known: "total" } });
    assert.equal(reply.status, "ok");
  }
});
