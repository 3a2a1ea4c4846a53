import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { writeJsonAtomic } from "./atomic.js";
import { ConnectionError, type Fetch, fetchFile, StatusError } from "./download.js";
import { type HubFile, type HubKind, type HubListing, listHub } from "./hub-listing.js";

/** How far a download is. */
export interface DownloadProgress {
  /** The file being fetched. */
  file: string;
  /** Bytes of it that are here, and all its bytes. */
  fileBytes: number;
  fileSize: number;
  /** The same of all files that were asked for. */
  bytes: number;
  size: number;
}

/** How files are taken from a hub. */
export interface HubOptions {
  /** Default "model". */
  kind?: HubKind;
  /** Branch, tag or commit. Default "main". */
  revision?: string;
  /** Address of the hub or of a mirror of it. Default: `SIGNMIX_HUB_ENDPOINT`, `HF_ENDPOINT`, or Hugging Face. */
  endpoint?: string;
  /** Folder of the cache. Default: {@link cacheFolder} and `hub`. */
  cacheDir?: string;
  /** Asks the hub even if everything is in the cache, to see whether the revision has moved. Default false. */
  refresh?: boolean;
  onProgress?: (progress: DownloadProgress) => void;
  /** In place of the global `fetch`. */
  fetch?: Fetch;
  /** Attempts in a row that may bring nothing new before a download gives up. Default 5. */
  attempts?: number;
  /** Wait before the second of them, doubled each time. In milliseconds, default 500. */
  firstWait?: number;
  signal?: AbortSignal;
}

/** Which files: names and patterns (`*` within a folder, `**` across folders), or a choice among all names. */
export type HubFiles = readonly string[] | ((names: string[]) => string[]);

/**
 * Takes files of a model or data set from a hub into the cache, and returns the folder they lie in. A file is kept only
 * if its size and hash are those that the hub states; a cut connection is resumed, also by a later call. What is in the
 * cache is not asked for again, so that a second call works without a network.
 *
 * @param id such as "bert-base-uncased" or "owner/name"
 * @throws if the hub cannot be reached, has no such id, revision or file, or sends other bytes than it states
 */
export async function downloadFromHub(id: string, files: HubFiles, options: HubOptions = {}): Promise<string> {
  checkId(id);
  const { kind = "model", revision = "main", cacheDir = join(cacheFolder(), "hub") } = options;
  const endpoint = (options.endpoint ?? defaultEndpoint()).replace(/\/+$/, "");
  const home = join(cacheDir, `${kind}s`, id.replace("/", "--"));
  const record = join(home, "refs", `${encodeURIComponent(revision)}.json`);
  // the body of a Response is an async iterable in Node, though its DOM type does not say so
  const transfer = { ...options, fetch: options.fetch ?? (fetch as unknown as Fetch) };

  const known = options.refresh ? undefined : readRecord(record);
  if (known) {
    const folder = join(home, known.commit);
    const wanted = selectFiles(id, known, files);
    if (wanted.every((file) => isHere(folder, file))) return folder;
  }
  try {
    const listing = known ?? (await listHub(id, { kind, revision, endpoint }, transfer));
    const wanted = selectFiles(id, listing, files);
    const folder = join(home, listing.commit);
    await fetchAll(wanted, folder, `${endpoint}/${kind === "dataset" ? "datasets/" : ""}${id}`, listing, transfer);
    writeJsonAtomic(record, listing);
    return folder;
  } catch (error) {
    throw explain(error, id, kind, revision, endpoint);
  }
}

/** Where downloads are kept: `SIGNMIX_CACHE`, or `signmix` in the system's folder for caches. */
export function cacheFolder(): string {
  const { SIGNMIX_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (SIGNMIX_CACHE) return SIGNMIX_CACHE;
  if (process.platform === "win32")
    return join(LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "signmix", "cache");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "signmix");
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "signmix");
}

/** Whether a text has the form of a hub id, "name" or "owner/name". */
export function isHubId(text: string): boolean {
  return /^(?:[\w-][\w.-]*\/)?[\w-][\w.-]*$/.test(text) && !text.includes("..");
}

function defaultEndpoint(): string {
  return process.env.SIGNMIX_HUB_ENDPOINT || process.env.HF_ENDPOINT || "https://huggingface.co";
}

function checkId(id: string): void {
  if (!isHubId(id)) throw new Error(`"${id}" is no hub id; it has the form "name" or "owner/name".`);
}

function readRecord(path: string): HubListing | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as HubListing) : undefined;
}

function isHere(folder: string, { name, size }: HubFile): boolean {
  const path = join(folder, ...name.split("/"));
  return existsSync(path) && statSync(path).size === size;
}

function selectFiles(id: string, listing: HubListing, files: HubFiles): HubFile[] {
  const names = listing.files.map(({ name }) => name);
  const chosen = typeof files === "function" ? files(names) : files.flatMap((pattern) => matching(id, names, pattern));
  const wanted = new Set(chosen);
  return listing.files.filter(({ name }) => wanted.has(name));
}

function matching(id: string, names: string[], pattern: string): string[] {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const expression = escaped.replace(/\*\*|\*/g, (stars) => (stars === "**" ? ".*" : "[^/]*"));
  const found = names.filter((name) => new RegExp(`^${expression}$`, "s").test(name));
  if (found.length === 0) throw new Error(`"${id}" has no file "${pattern}"; it has: ${names.join(", ")}.`);
  return found;
}

async function fetchAll(
  files: HubFile[],
  folder: string,
  address: string,
  { commit }: HubListing,
  options: HubOptions & { fetch: Fetch },
): Promise<void> {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  let done = 0;
  for (const file of files) {
    const { name } = file;
    const tell = (fileBytes: number) =>
      options.onProgress?.({ file: name, fileBytes, fileSize: file.size, bytes: done + fileBytes, size });
    if (!isHere(folder, file)) {
      const url = `${address}/resolve/${commit}/${name.split("/").map(encodeURIComponent).join("/")}`;
      const { attempts, firstWait, signal } = options;
      const transfer = { fetch: options.fetch, onBytes: tell, attempts, firstWait, signal };
      await fetchFile(url, join(folder, ...name.split("/")), file, transfer);
    }
    tell(file.size);
    done += file.size;
  }
}

/** Says what to do about a failure. */
function explain(error: unknown, id: string, kind: HubKind, revision: string, endpoint: string): unknown {
  const byHand = `get the files of "${id}" by hand and give the folder they lie in`;
  if (error instanceof ConnectionError) {
    const mirror = "name a mirror (endpoint, or SIGNMIX_HUB_ENDPOINT)";
    return new Error(`Cannot get "${id}" from ${endpoint} (${error.message}). Try again, ${mirror}, or ${byHand}.`, {
      cause: error,
    });
  }
  if (!(error instanceof StatusError)) return error;
  const what = kind === "dataset" ? "data set" : "model";
  // Hugging Face answers 401 for what does not exist, too
  const reason =
    error.status === 404
      ? `there is no ${what} "${id}" at ${endpoint}, or not in revision "${revision}"`
      : error.status === 401 || error.status === 403
        ? `there is no ${what} "${id}" at ${endpoint}, or it is private or gated`
        : error.message;
  return new Error(`Cannot get "${id}": ${reason} (HTTP ${error.status}). Check the spelling, or ${byHand}.`, {
    cause: error,
  });
}
