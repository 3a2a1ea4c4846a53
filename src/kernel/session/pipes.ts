import { Socket } from "node:net";
import { readLines } from "../read-lines.js";
import { writeWhole } from "../write-whole.js";
import { type Command, type Report, sessionPipe } from "./protocol.js";

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
  const socket = new Socket({ fd: sessionPipe.in, readable: true, writable: false });
  readLines(socket, (line) => take(JSON.parse(line)));
  socket.on("error", gone).on("close", gone);
}
