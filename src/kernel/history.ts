import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { log } from "./log.js";

/*
 * What was run, by sessions: one file for each run of a kernel, one line of JSON for each cell, so that many kernels write
 * at once and none waits for another.
 */

interface Entry {
  session: number;
  line: number;
  input: string;
  output?: string;
}

/** An entry as `history_reply` has it: session, line, and the source or [source, output]. */
export type HistoryTuple = [number, number, string | [string, string | null]];

export interface History {
  add(line: number, input: string, output: string | undefined): void;
  /** Answers the content of a `history_request`. */
  request(content: Record<string, unknown>): HistoryTuple[];
}

const mostSessions = 1000;

/** Where a reader's history lies, unless `SIGNMIX_HISTORY` says otherwise. */
function defaultFolder(): string {
  const home = homedir();
  if (process.platform === "win32") {
    return path.join(process.env.APPDATA ?? path.join(home, "AppData", "Roaming"), "signmix", "history");
  }
  if (process.platform === "darwin") return path.join(home, "Library", "Application Support", "signmix", "history");
  return path.join(process.env.XDG_DATA_HOME ?? path.join(home, ".local", "share"), "signmix", "history");
}

/** The folder of the history, or undefined where the reader wants none: `SIGNMIX_HISTORY=off`. */
export function historyFolder(setting = process.env.SIGNMIX_HISTORY): string | undefined {
  if (setting === undefined || setting === "") return defaultFolder();
  return /^(off|no|none|false|0)$/i.test(setting) ? undefined : path.resolve(setting);
}

const nameOf = (session: number) => `${String(session).padStart(8, "0")}.jsonl`;

function sessionsIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .flatMap((name) => /^(\d{8})\.jsonl$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

/** The entries of a session's file; lines that are damaged or half written are left out. */
function readSession(folder: string, session: number): Entry[] {
  let text: string;
  try {
    text = readFileSync(path.join(folder, nameOf(session)), "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line): Entry[] => {
    try {
      const { line: number, input, output } = JSON.parse(line);
      if (typeof number !== "number" || typeof input !== "string") return [];
      return [{ session, line: number, input, ...(typeof output === "string" ? { output } : {}) }];
    } catch {
      return [];
    }
  });
}

/** A glob of `*`, `?` and `[…]`, as a regular expression of the whole text. */
function globExpression(pattern: string): RegExp {
  const source = pattern.replace(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === "*") return "[\\s\\S]*";
    if (part === "?") return "[\\s\\S]";
    if (part.length > 1) return `[${part.slice(1, -1).replace(/^!/, "^").replace(/\\/g, "\\\\")}]`;
    return part.replace(/[\\^$.|+(){}[\]]/g, "\\$&");
  });
  return new RegExp(`^${source}$`);
}

const whole = (value: unknown, otherwise: number) =>
  typeof value === "number" && Number.isFinite(value) ? Math.trunc(value) : otherwise;

/** Opens the history. Without a folder it lasts as long as the kernel. */
export function openHistory(folder: string | undefined): History {
  const own: Entry[] = [];
  let session: number | undefined; // of this run; taken when its first cell is added

  /** The first number that no other kernel has: its file is made at once. */
  function takeSession(): number {
    if (!folder) return 1;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const known = sessionsIn(folder);
    for (const old of known.slice(0, Math.max(0, known.length - mostSessions + 1))) {
      rmSync(path.join(folder, nameOf(old)), { force: true });
    }
    for (let number = (known.at(-1) ?? 0) + 1; ; number++) {
      try {
        writeFileSync(path.join(folder, nameOf(number)), "", { flag: "wx", mode: 0o600 });
        return number;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  }

  /** Sessions before this one, the latest first. */
  const earlier = () =>
    folder
      ? sessionsIn(folder)
          .filter((one) => one !== session)
          .reverse()
      : [];

  /** The latest entries that are wanted, oldest first. */
  function latest(count: number, wanted: (entry: Entry) => boolean): Entry[] {
    let found = own.filter(wanted);
    for (const one of earlier()) {
      if (found.length >= count) break;
      found = [...readSession(folder as string, one).filter(wanted), ...found];
    }
    return count > 0 ? found.slice(-count) : [];
  }

  function range(content: Record<string, unknown>): Entry[] {
    const asked = whole(content.session, 0);
    const start = whole(content.start, 0);
    const stop = content.stop === null ? Number.POSITIVE_INFINITY : whole(content.stop, Number.POSITIVE_INFINITY);
    const isOwn = asked === 0 || asked === session;
    const number = asked < 0 ? (earlier()[-asked - 1] ?? 0) : asked;
    const entries = isOwn ? own : folder && number > 0 ? readSession(folder, number) : [];
    return entries.filter(({ line }) => line >= start && line < stop);
  }

  /** Whoever searches for `1+2*` also finds `1 + 2`: spaces are a matter of taste in TypeScript. */
  function search(content: Record<string, unknown>): Entry[] {
    const expression = globExpression(typeof content.pattern === "string" ? content.pattern : "*");
    const count = whole(content.n, Number.POSITIVE_INFINITY);
    const matches = ({ input }: Entry) => expression.test(input) || expression.test(input.replace(/\s+/g, ""));
    if (content.unique !== true) return latest(count, matches);
    const last = new Map<string, Entry>();
    for (const entry of latest(Number.POSITIVE_INFINITY, matches)) {
      last.delete(entry.input);
      last.set(entry.input, entry);
    }
    return [...last.values()].slice(-count);
  }

  return {
    add(line, input, output) {
      if (session === undefined) {
        try {
          session = takeSession();
        } catch (error) {
          log(`the history is not kept: ${(error as Error).message}`);
          folder = undefined;
          session = 1;
        }
      }
      own.push({ session, line, input, ...(output === undefined ? {} : { output }) });
      if (!folder) return;
      try {
        appendFileSync(path.join(folder, nameOf(session)), `${JSON.stringify({ line, input, output })}\n`);
      } catch (error) {
        log(`a cell is missing in the history: ${(error as Error).message}`);
      }
    },
    request(content) {
      const kinds: Record<string, () => Entry[]> = {
        tail: () => latest(whole(content.n, 10), () => true),
        range: () => range(content),
        search: () => search(content),
      };
      const entries = kinds[String(content.hist_access_type)]?.() ?? [];
      return entries.map(({ session: of, line, input, output }) => {
        return [of, line, content.output === true ? [input, output ?? null] : input];
      });
    },
  };
}
