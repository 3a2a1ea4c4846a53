import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import { type Command, type Report, sessionPipe } from "./protocol.js";

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Writes all of it before it returns; waits while the other end reads slowly. */
export function writeWhole(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      // A program that a cell started may have set a shared descriptor to return at once.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

/** Tells the kernel. Without a kernel there is nothing left to do. */
export function report(message: Report): void {
  try {
    writeWhole(sessionPipe.out, `${JSON.stringify(message)}\n`);
  } catch (error) {
    if (["EPIPE", "EBADF", "ECONNRESET"].includes((error as NodeJS.ErrnoException).code ?? "")) {
      process.kill(process.pid, "SIGKILL");
    }
    throw error;
  }
}

/** Hands on what the kernel asks for, until it is gone. */
export function readCommands(take: (command: Command) => void, gone: () => void): void {
  const decoder = new StringDecoder("utf8");
  const socket = new Socket({ fd: sessionPipe.in, readable: true, writable: false });
  let rest = "";
  socket.on("data", (bytes) => {
    const lines = (rest + decoder.write(bytes)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(JSON.parse(line));
  });
  socket.on("error", gone).on("close", gone);
}
