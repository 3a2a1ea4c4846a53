import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode, request } from "#src/kernel/wire.js";

const message = request("execute_request", { code: "1" }, "session");
const signing = { key: "key" };

test("a message survives the wire with its routing frames and buffers", () => {
  const whole = { ...message, identities: [Buffer.from("identity")], buffers: [Buffer.from([0, 255])] };
  assert.deepEqual(decode(encode(whole, signing), signing), whole);
});

test("without a key nothing is signed, and nothing is asked for", () => {
  const frames = encode(message, { key: "" });
  assert.equal(frames[1].length, 0);
  assert.deepEqual(decode(frames, { key: "" }).content, { code: "1" });
});

test("what is not in the wire's format is refused, and the error says what is wrong", () => {
  const frames = encode(message, signing);
  const replaced = (at: number, text: string) =>
    frames.map((frame, index) => (index === at ? Buffer.from(text) : frame));
  assert.throws(() => decode(frames, { key: "other" }), /its signature is wrong/);
  assert.throws(() => decode(replaced(1, "short"), signing), /its signature is wrong/);
  assert.throws(() => decode(frames.slice(0, 3), signing), /too few frames/);
  assert.throws(() => decode(frames.slice(1), signing), /no delimiter/);
  const unsigned = { key: "" };
  assert.throws(() => decode(replaced(2, "{"), unsigned), /its header is not JSON/);
  assert.throws(() => decode(replaced(2, "[]"), unsigned), /its header is not an object/);
  assert.throws(() => decode(replaced(2, '{"msg_id":1}'), unsigned), /lacks msg_type or msg_id/);
  assert.throws(() => decode(replaced(5, "null"), unsigned), /its content is not an object/);
});
