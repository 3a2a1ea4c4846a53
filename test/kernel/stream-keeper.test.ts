import assert from "node:assert/strict";
import { test } from "node:test";
import { keepStreams, mostCharacters, mostLines } from "#src/kernel/stream-keeper.js";

type Sent = [cell: string, name: string, text: string];

function keeper() {
  const sent: Sent[] = [];
  return { sent, streams: keepStreams((...one) => sent.push(one)) };
}

test("pieces of one stream are joined, and the order of streams and cells is kept", () => {
  const { sent, streams } = keeper();
  streams.add("1", "stdout", "a");
  streams.add("1", "stdout", "b\n");
  streams.add("1", "stderr", "c\n");
  streams.add("2", "stderr", "d\n");
  streams.add("1", "stdout", "");
  streams.flush();
  assert.deepEqual(sent, [
    ["1", "stdout", "ab\n"],
    ["1", "stderr", "c\n"],
    ["2", "stderr", "d\n"],
  ]);
});

test("what waits is sent by itself after a moment", async () => {
  const { sent, streams } = keeper();
  streams.add("1", "stdout", "soon\n");
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.deepEqual(sent, [["1", "stdout", "soon\n"]]);
});

test("a cell of as many lines as are kept is whole; of one more, it is cut with a note, and other cells are not", () => {
  const { sent, streams } = keeper();
  const text = (cell: string) => sent.flatMap(([of, , piece]) => (of === cell ? piece : [])).join("");
  for (let line = 1; line <= mostLines; line++) streams.add("1", "stdout", `${line}\n`);
  streams.finish("1");
  streams.flush();
  assert.equal(text("1").split("\n").length - 1, mostLines);
  assert.doesNotMatch(text("1"), /cut/);
  for (let block = 0; block < 10; block++) streams.add("2", "stdout", "x\n".repeat(mostLines / 5 + 1));
  streams.add("3", "stdout", "other\n");
  streams.finish("2");
  streams.flush();
  assert.equal(text("2").match(/^x$/gm)?.length, mostLines);
  assert.match(text("2"), /x\n\[output cut after 50,000 lines\]\n\[50,010 lines are left out; write to a file/);
  assert.equal(text("3"), "other\n");
});

test("one endless line is cut too", () => {
  const { sent, streams } = keeper();
  streams.add("1", "stdout", "short\n");
  streams.add("1", "stdout", "x".repeat(mostCharacters));
  streams.finish("1");
  streams.flush();
  assert.equal(
    sent.map(([, , text]) => text).join(""),
    "short\n[output cut after 1 line]\n[1 line is left out; write to a file what is longer]\n",
  );
});
