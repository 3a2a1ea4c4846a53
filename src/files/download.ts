import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { renameOver } from "./atomic.js";
import { gitBlobHashOfFile, sha256OfFile } from "./hash.js";

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
  signal?: AbortSignal;
}

/** A failure that another attempt may overcome. */
export class ConnectionError extends Error {}

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
  const part = `${target}.part`;
  mkdirSync(dirname(target), { recursive: true });
  const resumed = existsSync(part);
  await withAttempts(
    options,
    () => bytesOf(part),
    async () => {
      if (bytesOf(part) !== expected.size) await fetchRest(url, part, expected.size, options);
    },
  );
  if (expected.size === 0) writeFileSync(part, "");
  if (hashOf(part, expected) === expected.hash.value) {
    renameOver(part, target);
    return;
  }
  rmSync(part);
  // the piece of an earlier call may be of another file
  if (resumed) return fetchFile(url, target, expected, options);
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
      failures = progress() > before ? 1 : failures + 1;
      if (failures >= attempts) throw error;
      await sleep(firstWait * 2 ** (failures - 1), undefined, { signal });
    }
  }
}

/** One request. @throws {ConnectionError} or {StatusError} unless the answer is 200 or 206 */
export async function request(
  url: string,
  headers: Record<string, string>,
  { fetch, signal }: Pick<TransferOptions, "fetch" | "signal">,
): Promise<FetchResponse> {
  let response: FetchResponse;
  try {
    response = await fetch(url, { headers, signal });
  } catch (error) {
    throw connectionError(error, signal);
  }
  const { status } = response;
  if (status === 200 || status === 206) return response;
  await response.text().catch(() => ""); // frees the connection
  if (status === 408 || status === 429 || status >= 500) throw new ConnectionError(`the server answered ${status}`);
  throw new StatusError(status, url);
}

async function fetchRest(url: string, part: string, size: number, options: TransferOptions): Promise<void> {
  if (bytesOf(part) > size) rmSync(part);
  let bytes = bytesOf(part);
  const range: Record<string, string> = bytes > 0 ? { Range: `bytes=${bytes}-` } : {};
  let response: FetchResponse;
  try {
    response = await request(url, { "Accept-Encoding": "identity", ...range }, options);
  } catch (error) {
    if (!(error instanceof StatusError && error.status === 416)) throw error;
    rmSync(part, { force: true });
    throw new ConnectionError("the server refused to go on from the piece that was here");
  }
  if (response.status === 206 && !response.headers.get("content-range")?.startsWith(`bytes ${bytes}-`)) {
    rmSync(part, { force: true });
    throw new ConnectionError("the server sent another piece than was asked for");
  }
  if (response.status === 200) bytes = 0;
  const file = openSync(part, bytes === 0 ? "w" : "a");
  try {
    for await (const piece of response.body ?? []) {
      bytes += piece.byteLength;
      if (bytes > size) break;
      writeFileSync(file, piece);
      options.onBytes?.(bytes);
    }
  } catch (error) {
    const onDisk = (error as NodeJS.ErrnoException).syscall === "write"; // such as a full disk
    throw onDisk ? error : connectionError(error, options.signal);
  } finally {
    closeSync(file);
  }
  if (bytes > size) {
    rmSync(part);
    throw new Error(`${url} is longer than the ${size} bytes that the hub states; nothing of it was kept.`);
  }
  if (bytes < size) throw new ConnectionError(`the connection ended at byte ${bytes} of ${size}`);
}

function connectionError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  const { message, cause } = error as Error;
  const detail = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : undefined;
  return new ConnectionError(detail ? `${message}: ${detail}` : message, { cause: error });
}

function bytesOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

function hashOf(path: string, { hash }: ExpectedFile): string {
  return hash.kind === "sha256" ? sha256OfFile(path) : gitBlobHashOfFile(path);
}
