import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** Hands on each whole line of a stream, however its bytes come. What follows from its end or failure is the caller's. */
export function readLines(stream: Readable, take: (line: string) => void): void {
  const decoder = new StringDecoder("utf8");
  let pieces: string[] = [];
  stream.on("data", (bytes: Buffer) => {
    const lines = decoder.write(bytes).split("\n");
    pieces.push(lines[0]);
    for (let at = 1; at < lines.length; at++) {
      take(pieces.join(""));
      pieces = [lines[at]];
    }
  });
}
