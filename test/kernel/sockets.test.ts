import assert from "node:assert/strict";
import { test } from "node:test";
import * as zmq from "zeromq";
import { decode, type Message } from "#src/kernel/wire.js";
import { skip, startFrontEnd, text } from "./front-end.js";

test("a front end that reads late and slowly gets every message, in order, and holds up neither cell nor others", {
  skip,
}, async (t) => {
  const frontEnd = await startFrontEnd();
  t.after(() => frontEnd.close());
  // takes two messages and no more until it reads
  const slow = new zmq.Subscriber({ receiveHighWaterMark: 2, receiveBufferSize: 4096, linger: 0 });
  slow.connect(`tcp://127.0.0.1:${frontEnd.ports.iopub}`);
  slow.subscribe();
  t.after(() => slow.close());
  const read = async () => decode(await slow.receive(), { key: frontEnd.key });
  assert.equal((await read()).header.msg_type, "iopub_welcome");

  const count = 1000;
  const wide = "x".repeat(500);
  const loop = `console.log(i); door.display({ "text/plain": i + "${wide}" });`;
  const { reply } = await frontEnd.execute(
    `const door = (globalThis as any)[Symbol.for("signmix.kernel")]; for (let i = 0; i < ${count}; i++) { ${loop} }`,
  );
  assert.equal(reply.status, "ok");
  await frontEnd.execute("6 * 7");

  const seen: Message[] = [];
  const ofCells = () => seen.filter(({ header }) => header.msg_type === "execute_result").length;
  while (ofCells() === 0) {
    seen.push(await read());
    if (seen.length % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const shown = seen
    .filter(({ header }) => header.msg_type === "display_data")
    .map(({ content }) => (content.data as Record<string, string>)["text/plain"].replace(wide, ""));
  const numbers = Array.from({ length: count }, (_, i) => `${i}`);
  assert.equal(shown.join(), numbers.join());
  assert.equal(text(seen, "stdout"), numbers.map((number) => `${number}\n`).join(""));
});
