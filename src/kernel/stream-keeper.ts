/*
 * What cells print, on its way to the front ends: pieces that follow each other are sent as one message, and a cell that
 * prints without end is cut, since a browser would not survive it.
 */

/** A cell's text is cut after so much. */
export const mostLines = 50_000;
export const mostCharacters = 32 * 2 ** 20;

const pieceSize = 2 ** 16; // characters of one message
const wait = 12; // milliseconds until a piece is sent

export type StreamName = "stdout" | "stderr";

export interface StreamKeeper {
  add(cell: string, name: StreamName, text: string): void;
  /** Sends what waits, before something else is sent. */
  flush(): void;
  /** Says how much a cell's output was cut, at its end. */
  finish(cell: string): void;
}

interface Count {
  lines: number;
  characters: number;
  /** lines that were left out */
  left: number;
}

const rememberedCells = 1000;

/** The number of line ends in a text. */
function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** The first lines of a text. */
function firstLines(text: string, lines: number): string {
  let at = 0;
  for (let line = 0; line < lines; line++) at = text.indexOf("\n", at) + 1;
  return text.slice(0, at);
}

const lineCount = (lines: number) => (lines === 1 ? "1 line" : `${lines.toLocaleString("en")} lines`);

export function keepStreams(send: (cell: string, name: StreamName, text: string) => void): StreamKeeper {
  const counts = new Map<string, Count>();
  let waiting: { cell: string; name: StreamName; pieces: string[]; size: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  function countOf(cell: string): Count {
    let count = counts.get(cell);
    if (!count) {
      count = { lines: 0, characters: 0, left: 0 };
      counts.set(cell, count);
      if (counts.size > rememberedCells) counts.delete(counts.keys().next().value as string);
    }
    return count;
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!waiting) return;
    const { cell, name, pieces } = waiting;
    waiting = undefined;
    send(cell, name, pieces.join(""));
  }

  function put(cell: string, name: StreamName, text: string): void {
    if (text === "") return;
    if (waiting && (waiting.cell !== cell || waiting.name !== name)) flush();
    waiting ??= { cell, name, pieces: [], size: 0 };
    waiting.pieces.push(text);
    waiting.size += text.length;
    if (waiting.size >= pieceSize) flush();
    else timer ??= setTimeout(flush, wait);
  }

  return {
    add(cell, name, text) {
      const count = countOf(cell);
      const lines = lineEnds(text);
      if (count.left > 0) {
        count.left += lines;
        return;
      }
      const fits = count.lines + lines <= mostLines && count.characters + text.length <= mostCharacters;
      if (fits) {
        count.lines += lines;
        count.characters += text.length;
        return put(cell, name, text);
      }
      const room = mostCharacters - count.characters;
      const kept = firstLines(text.slice(0, room), Math.min(mostLines - count.lines, lineEnds(text.slice(0, room))));
      put(cell, name, kept);
      count.left = Math.max(1, lines - lineEnds(kept));
      put(cell, "stderr", `[output cut after ${lineCount(count.lines + lineEnds(kept))}]\n`);
    },
    flush,
    finish(cell) {
      const count = counts.get(cell);
      if (!count || count.left === 0) return;
      const verb = count.left === 1 ? "is" : "are";
      put(cell, "stderr", `[${lineCount(count.left)} ${verb} left out; write to a file what is longer]\n`);
      counts.delete(cell);
    },
  };
}
