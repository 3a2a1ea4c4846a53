import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { renameOver } from "./atomic.js";
import { formatBytes } from "./budget.js";
import { systemReason } from "./byte-source.js";
import { withFileLock } from "./file-lock.js";
import { hasHash } from "./hash.js";

/** What signmix needs of `fetch`. */
export type Fetch = (
  url: string,
  init: { headers: Record<string, string>; signal?: AbortSignal },
) => Promise<FetchResponse>;

/** What signmix needs of a response. */
export interface FetchResponse {
  status: number;
  headers: { get(name: string): string | null };
  body: AsyncIterable<Uint8Array> | null;
  text(): Promise<string>;
}

/** What a file must be once it is here. */
export interface ExpectedFile {
  /** In bytes. */
  size: number;
  /** Either the SHA-256 of the content, or the SHA-1 by which git names it. Hexadecimal. */
  hash: { kind: "sha256" | "git"; value: string };
}

/** How a file is fetched. */
export interface TransferOptions {
  fetch: Fetch;
  /** Called with the bytes that are here so far. */
  onBytes?: (bytes: number) => void;
  /** Attempts in a row that may bring nothing new before it gives up. Default 5. */
  attempts?: number;
  /** Wait before the second of them, doubled each time. In milliseconds, default 500. */
  firstWait?: number;
  /**
   * How long a server may keep silent, or, over as long again, send less than a kilobyte a second. In milliseconds,
   * default 30,000.
   */
  patience?: number;
  /** Sent to the hub as its user's. */
  token?: string;
  signal?: AbortSignal;
}

/** Longest wait that a server may ask for by Retry-After; in seconds. */
const LONGEST_WAIT = 300;
/** Fewest bytes in a second. */
const SLOWEST = 1000;
const PATIENCE = 30_000;

/** A failure that another attempt may overcome. */
export class ConnectionError extends Error {
  /**
   * @param retryAfter how long the server asks to wait, in seconds
   * @param slow whether bytes came, but too few: such an attempt is no progress
   */
  constructor(
    message: string,
    readonly more: ErrorOptions & { retryAfter?: number; slow?: boolean } = {},
  ) {
    super(message, more);
  }
}

/** An answer of the server that another attempt would not change. */
export class StatusError extends Error {
  constructor(
    readonly status: number,
    url: string,
  ) {
    super(`the server answered ${status} for ${url}`);
  }
}

/**
 * Fetches a file, whole or not at all. It grows as `target.part`, from which a later call goes on (HTTP Range), and takes
 * its name only when its size and hash are right.
 *
 * @throws {ConnectionError} if the connection fails too often, {StatusError} on a refusal, and if size or hash are wrong
 */
export async function fetchFile(
  url: string,
  target: string,
  expected: ExpectedFile,
  options: TransferOptions,
): Promise<void> {
  mkdirSync(dirname(target), { recursive: true });
  // of two downloads of one file the second waits, and then finds it
  await withFileLock(`${target}.lock`, options.signal, async () => {
    if (bytesOf(target) !== expected.size || !existsSync(target)) await fetchLocked(url, target, expected, options);
  });
}

async function fetchLocked(
  url: string,
  target: string,
  expected: ExpectedFile,
  options: TransferOptions,
): Promise<void> {
  const part = `${target}.part`;
  const resumed = existsSync(part);
  await withAttempts(
    options,
    () => bytesOf(part),
    async () => {
      if (bytesOf(part) !== expected.size) await fetchRest(url, part, expected.size, options);
    },
  );
  if (expected.size === 0) writeFileSync(part, "");
  if (hasHash(part, expected.hash)) {
    renameOver(part, target);
    return;
  }
  rmSync(part);
  // the piece of an earlier call may be of another file
  if (resumed) return fetchLocked(url, target, expected, options);
  throw new Error(
    `${url} came with another content than its hash (${expected.hash.value}) says; nothing of it was kept. Try again: ` +
      "if it stays so, something between here and the hub changes files.",
  );
}

/** Runs `attempt` until it ends without a ConnectionError; gives up after too many in a row without new bytes. */
export async function withAttempts<T>(
  { attempts = 5, firstWait = 500, signal }: Omit<TransferOptions, "fetch">,
  progress: () => number,
  attempt: () => Promise<T>,
): Promise<T> {
  let failures = 0;
  for (;;) {
    const before = progress();
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      failures = progress() > before && !error.more.slow ? 1 : failures + 1;
      if (failures >= attempts) throw error;
      const { retryAfter = 0 } = error.more;
      if (retryAfter > LONGEST_WAIT) throw error;
      await sleep(Math.max(firstWait * 2 ** (failures - 1), 1000 * retryAfter), undefined, { signal });
    }
  }
}

/**
 * One request, and what `take` makes of its answer. A server that keeps silent, or sends next to nothing, is given up.
 *
 * @throws {ConnectionError} or {StatusError} unless the answer is 200 or 206
 */
export async function request<T>(
  url: string,
  headers: Record<string, string>,
  { fetch, signal, patience = PATIENCE, token }: Pick<TransferOptions, "fetch" | "signal" | "patience" | "token">,
  take: (response: FetchResponse, arrived: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  const giveUp = new AbortController();
  const stop = () => giveUp.abort(signal?.reason);
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  let sum = 0;
  let sumBefore = 0;
  let looks = 0;
  let heard = Date.now();
  const look = setInterval(() => {
    looks++;
    if (Date.now() - heard >= patience) {
      giveUp.abort(new ConnectionError(`the server kept silent for ${Math.round(patience / 1000)} s`));
    } else if (looks % 8 === 0 && heard > 0) {
      // two patiences have passed
      const bytes = sum - sumBefore;
      sumBefore = sum;
      if (sum > 0 && bytes < (SLOWEST * 2 * patience) / 1000) {
        const message = `the server sent ${formatBytes(bytes)} in ${Math.round((2 * patience) / 1000)} s`;
        giveUp.abort(new ConnectionError(message, { slow: true }));
      }
    }
  }, patience / 4);
  try {
    const { signal: ended } = giveUp;
    const authorised = token ? { ...headers, Authorization: `Bearer ${token}` } : headers;
    const response = await race(fetch(url, { headers: authorised, signal: ended }), ended);
    heard = Date.now();
    const { status } = response;
    if (status === 200 || status === 206) {
      const arrived = (bytes: number) => {
        heard = Date.now();
        sum += bytes;
      };
      return await race(take(response, arrived), ended);
    }
    if (status === 408 || status === 429 || status >= 500) {
      const retryAfter = secondsOf(response.headers.get("retry-after"));
      const asks = retryAfter === undefined ? "" : ` and asks to wait ${retryAfter} s`;
      throw new ConnectionError(`the server answered ${status}${asks}`, { retryAfter });
    }
    throw new StatusError(status, url);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (giveUp.signal.aborted) throw giveUp.signal.reason;
    if (error instanceof ConnectionError || error instanceof StatusError || error instanceof LocalError) throw error;
    throw connectionError(error);
  } finally {
    clearInterval(look);
    signal?.removeEventListener("abort", stop);
    giveUp.abort(); // frees the connection, whatever of the answer was not read
  }
}

/** A failure that has nothing to do with the connection, such as a full disk, or an answer that is too long. */
export class LocalError extends Error {}

/** `promise`, or a rejection as soon as the signal comes, be the promise deaf to it. */
function race<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => {});
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** The text of an answer, no longer than it may be. */
export async function limitedText(
  response: FetchResponse,
  most: number,
  arrived: (bytes: number) => void,
): Promise<string> {
  if (!response.body) return response.text();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body) {
    bytes += piece.byteLength;
    arrived(piece.byteLength);
    if (bytes > most) throw new LocalError(`the answer is longer than ${formatBytes(most)}`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** Retry-After as seconds: a number of them, or a date. */
function secondsOf(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = /^\d{1,9}$/.test(value.trim()) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}

async function fetchRest(url: string, part: string, size: number, options: TransferOptions): Promise<void> {
  if (bytesOf(part) > size) rmSync(part);
  const start = bytesOf(part);
  const range: Record<string, string> = start > 0 ? { Range: `bytes=${start}-` } : {};
  const again = (why: string): never => {
    rmSync(part, { force: true });
    throw new ConnectionError(why);
  };
  try {
    await request(url, { "Accept-Encoding": "identity", ...range }, options, async (response, arrived) => {
      if (response.status === 206 && !response.headers.get("content-range")?.startsWith(`bytes ${start}-`)) {
        again("the server sent another piece than was asked for");
      }
      await append(response, part, response.status === 200 ? 0 : start, size, { ...options, arrived, url });
    });
  } catch (error) {
    if (!(error instanceof StatusError && error.status === 416)) throw error;
    again("the server refused to go on from the piece that was here");
  }
}

/** Writes the body of an answer to the piece that is here, from byte `start`. */
async function append(
  response: FetchResponse,
  part: string,
  start: number,
  size: number,
  { onBytes, arrived, url }: TransferOptions & { arrived(bytes: number): void; url: string },
): Promise<void> {
  let bytes = start;
  const file = openSync(part, bytes === 0 ? "w" : "a");
  try {
    for await (const piece of response.body ?? []) {
      bytes += piece.byteLength;
      arrived(piece.byteLength);
      if (bytes > size) break;
      try {
        for (let done = 0; done < piece.byteLength; ) done += writeSync(file, piece, done);
      } catch (error) {
        throw new LocalError(`Cannot write "${part}": ${systemReason(error)}; mend that and try again.`, {
          cause: error,
        });
      }
      onBytes?.(bytes);
    }
  } finally {
    closeSync(file);
  }
  if (bytes > size) {
    rmSync(part);
    throw new LocalError(`${url} is longer than the ${size} bytes that the hub states; nothing of it was kept.`);
  }
  if (bytes < size) throw new ConnectionError(`the connection ended at byte ${bytes} of ${size}`);
}

function connectionError(error: unknown): ConnectionError {
  const { message, cause } = error as Error;
  const detail = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : undefined;
  return new ConnectionError(detail ? `${message}: ${detail}` : message, { cause: error });
}

function bytesOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}
