import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { report } from "./pipes.js";
import { currentExecution } from "./running.js";

type Done = (error?: Error | null) => void;

/** A stream whose every write is told at once as output of the cell that wrote it. */
function createStream(name: "stdout" | "stderr", descriptor: number): Writable {
  const decoder = new StringDecoder("utf8");
  const stream = new Writable({ decodeStrings: false });
  // The whole of `write` is replaced, not what Writable calls within it: an interrupt may end any call half-way, and
  // Writable would then wait for ever for the end of a write.
  const write = (chunk: unknown, encoding?: BufferEncoding | Done, done?: Done): boolean => {
    const finish = typeof encoding === "function" ? encoding : done;
    let text: string;
    if (typeof chunk === "string") {
      const given = typeof encoding === "string" ? encoding : "utf8";
      text = /^utf-?8$/i.test(given) ? chunk : Buffer.from(chunk, given).toString("utf8");
    } else if (chunk instanceof Uint8Array) {
      text = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    } else {
      const given = chunk === null ? "null" : typeof chunk;
      throw new TypeError(`process.${name}.write takes a string, a Buffer or a Uint8Array, not ${given}.`);
    }
    const execution = currentExecution();
    if (text !== "" && execution && !execution.silent) {
      report({ type: "stream", cell: execution.cell, name, text });
    }
    if (finish) process.nextTick(finish);
    return true;
  };
  const end = (chunk?: unknown, encoding?: BufferEncoding | Done, done?: Done): Writable => {
    if (chunk !== undefined && typeof chunk !== "function") write(chunk, encoding, done);
    return stream; // the streams of a process never end
  };
  return Object.assign(stream, { write, end, fd: descriptor, isTTY: false }) as Writable;
}

/** Makes `console` and `process.stdout` of all code in this process speak to the cell. */
export function captureStreams(): void {
  for (const [name, descriptor] of [["stdout", 1] as const, ["stderr", 2] as const]) {
    const stream = createStream(name, descriptor);
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => stream });
  }
}
