import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { writeJsonAtomic } from "./atomic.js";
import { ConnectionError, type Fetch, fetchFile, StatusError, type TransferOptions } from "./download.js";
import { type HubFile, type HubKind, type HubListing, keptListing, listHub } from "./hub-listing.js";
import { defaultEndpoint, hubToken, isOffline, networkFetch, pythonCacheFolder } from "./hub-network.js";
import { readJson } from "./json.js";
import { copyFromPython, pythonSnapshot } from "./python-cache.js";
import { shown } from "./shown.js";

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
  /** The user's token, for private and gated repositories; false for none. Default: `HF_TOKEN`, or that of `hf auth login`. */
  token?: string | false;
  /** Asks nothing over the network, and takes what the caches hold. Default: `HF_HUB_OFFLINE`. */
  offline?: boolean;
  /** Folder of the cache of Python's `huggingface_hub`, which is only read; false for none. Default: where Python has it. */
  pythonCache?: string | false;
  /** How long a server may keep silent. In milliseconds, default 30,000. */
  patience?: number;
  /** In place of the global `fetch`, which asks the proxy of `HTTPS_PROXY` and `HTTP_PROXY`. */
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
  const { kind = "model", revision = "main", cacheDir = join(cacheFolder(), "hub"), offline = isOffline() } = options;
  const endpoint = (options.endpoint ?? defaultEndpoint()).replace(/\/+$/, "");
  const home = join(cacheDir, `${kind}s`, id.replace("/", "--"));
  const record = join(home, "refs", `${encodeURIComponent(revision)}.json`);
  const { pythonCache = pythonCacheFolder() } = options;
  const python = () => (pythonCache === false ? undefined : pythonSnapshot(pythonCache, id, kind, revision));

  const known = options.refresh && !offline ? undefined : readRecord(record);
  if (known) {
    const folder = join(home, known.commit);
    const wanted = selectFiles(id, known, files);
    if (wanted.every((file) => isHere(folder, file))) return folder;
  }
  if (offline) return fromPython(id, files, python(), "offline mode is on (HF_HUB_OFFLINE)");
  const token = options.token === false ? undefined : (options.token ?? hubToken());
  const { attempts, firstWait, patience, signal } = options;
  const fetch = options.fetch ?? (await networkFetch());
  const transfer: TransferOptions = { fetch, attempts, firstWait, patience, signal, token };
  try {
    const listing = known ?? (await listHub(id, { kind, revision, endpoint }, transfer));
    const wanted = selectFiles(id, listing, files);
    const folder = join(home, listing.commit);
    const snapshot = python();
    const same = snapshot?.commit === listing.commit ? snapshot : undefined;
    for (const file of wanted) {
      if (!isHere(folder, file)) copyFromPython(same, file, join(folder, ...file.name.split("/")));
    }
    const address = `${endpoint}/${kind === "dataset" ? "datasets/" : ""}${id}`;
    await fetchAll(wanted, folder, address, listing, transfer, options.onProgress);
    writeJsonAtomic(record, listing);
    return folder;
  } catch (error) {
    if (error instanceof ConnectionError) {
      try {
        return fromPython(id, files, python(), error.message);
      } catch {
        // Python's cache does not have it either: what is wrong with the network is what to say
      }
    }
    throw explain(error, id, kind, revision, endpoint, token !== undefined);
  }
}

/** The folder of Python's cache, where it holds the files. @throws if not */
function fromPython(id: string, files: HubFiles, snapshot: ReturnType<typeof pythonSnapshot>, why: string): string {
  try {
    if (!snapshot) throw new Error("it is not there");
    const listing = { files: snapshot.names.map((name) => ({ name })) as HubFile[] };
    selectFiles(id, listing, files);
    return snapshot.folder;
  } catch (error) {
    throw new Error(
      `"${id}" is not whole in the cache, and ${why}: get it once with a network, or give the folder that its files lie in.`,
      { cause: error },
    );
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

function checkId(id: string): void {
  if (!isHubId(id)) throw new Error(`"${shown(id)}" is no hub id; it has the form "name" or "owner/name".`);
}

/** What was written down at an earlier call; undefined where there is nothing, or a file that is damaged. */
function readRecord(path: string): HubListing | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return keptListing(readJson(path, { budget: "listing" }));
  } catch {
    return undefined; // the hub is asked anew, and the file written over
  }
}

function isHere(folder: string, { name, size }: HubFile): boolean {
  const path = join(folder, ...name.split("/"));
  return existsSync(path) && statSync(path).size === size;
}

function selectFiles(id: string, listing: Pick<HubListing, "files">, files: HubFiles): HubFile[] {
  const names = listing.files.map(({ name }) => name);
  const chosen = typeof files === "function" ? files(names) : files.flatMap((pattern) => matching(id, names, pattern));
  const wanted = new Set(chosen);
  return listing.files.filter(({ name }) => wanted.has(name));
}

function matching(id: string, names: string[], pattern: string): string[] {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const expression = escaped.replace(/\*\*|\*/g, (stars) => (stars === "**" ? ".*" : "[^/]*"));
  const found = names.filter((name) => new RegExp(`^${expression}$`, "s").test(name));
  if (found.length === 0) throw new Error(`"${id}" has no file "${shown(pattern)}"; it has: ${namesOf(names)}.`);
  return found;
}

/** Names for a message, the first dozen. */
function namesOf(names: readonly string[]): string {
  const rest = names.length > 12 ? `, and ${names.length - 12} more` : "";
  return `${names.slice(0, 12).map(shown).join(", ")}${rest}`;
}

async function fetchAll(
  files: HubFile[],
  folder: string,
  address: string,
  { commit }: HubListing,
  transfer: TransferOptions,
  onProgress: HubOptions["onProgress"],
): Promise<void> {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  let done = 0;
  for (const file of files) {
    const { name } = file;
    const tell = (fileBytes: number) =>
      onProgress?.({ file: name, fileBytes, fileSize: file.size, bytes: done + fileBytes, size });
    if (!isHere(folder, file)) {
      const url = `${address}/resolve/${commit}/${name.split("/").map(encodeURIComponent).join("/")}`;
      await fetchFile(url, join(folder, ...name.split("/")), file, { ...transfer, onBytes: tell });
    }
    tell(file.size);
    done += file.size;
  }
}

/** Says what to do about a failure. */
function explain(
  error: unknown,
  id: string,
  kind: HubKind,
  revision: string,
  endpoint: string,
  hasToken: boolean,
): unknown {
  const byHand = `get the files of "${id}" by hand and give the folder they lie in`;
  if (error instanceof ConnectionError) {
    const { retryAfter } = error.more;
    if (retryAfter !== undefined) {
      const signIn = hasToken ? "" : ", or set HF_TOKEN, with which more is allowed";
      const when = `Try again in ${retryAfter} s${signIn}`;
      return new Error(`Cannot get "${id}" from ${endpoint} (${error.message}). ${when}, or ${byHand}.`, {
        cause: error,
      });
    }
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
        ? `there is no ${what} "${id}" at ${endpoint}, or it is private or gated${hasToken ? ", and the token does not open it" : " (set HF_TOKEN to a token that opens it)"}`
        : error.message;
  return new Error(`Cannot get "${id}": ${reason} (HTTP ${error.status}). Check the spelling, or ${byHand}.`, {
    cause: error,
  });
}
