import { Budget, LIMITS } from "./budget.js";
import { type ExpectedFile, LocalError, limitedText, request, type TransferOptions, withAttempts } from "./download.js";
import { isObject, parseJsonObject } from "./json.js";
import { shown, terminalText } from "./shown.js";

/** What a hub keeps under an id. */
export type HubKind = "model" | "dataset";

/** A file as the hub states it. */
export interface HubFile extends ExpectedFile {
  /** Path inside the repository, with "/". */
  name: string;
}

/** What the hub says that a revision holds. */
export interface HubListing {
  /** Hash of the commit that the revision stood at. */
  commit: string;
  files: HubFile[];
}

/**
 * Asks a hub for the files of an id, with their sizes and hashes.
 *
 * @throws if the answer names a file outside the repository, or states no size or hash
 */
export async function listHub(
  id: string,
  { kind, revision, endpoint }: { kind: HubKind; revision: string; endpoint: string },
  options: TransferOptions,
): Promise<HubListing> {
  const url = `${endpoint}/api/${kind}s/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const text = await withAttempts(
    options,
    () => 0,
    () =>
      request(url, { Accept: "application/json" }, options, async (response, arrived) => {
        return limitedText(response, LIMITS.listing.bytes, arrived);
      }),
  ).catch((error) => {
    if (!(error instanceof LocalError)) throw error;
    throw new Error(`The list of files of "${id}" at ${endpoint} cannot be read: ${error.message}.`, { cause: error });
  });
  let answer: Record<string, unknown>;
  try {
    answer = parseJsonObject(text, url, { budget: new Budget("listing") });
  } catch (error) {
    throw new Error(`${url} did not answer in JSON; is the endpoint that of a hub?`, { cause: error });
  }
  const listing = readListing(answer.sha, answer.siblings, id);
  if (!listing) throw new Error(`${url} did not answer with a commit and its files; is the endpoint that of a hub?`);
  return listing;
}

/**
 * A commit and its files, checked; undefined where it is none.
 *
 * @throws on a file that is named outside the repository, twice, or without size and hash
 */
function readListing(sha: unknown, siblings: unknown, id: string): HubListing | undefined {
  if (typeof sha !== "string" || !/^[0-9a-f]{7,64}$/.test(sha) || !Array.isArray(siblings)) return undefined;
  if (!siblings.every(isObject)) return undefined;
  const files = siblings.map((sibling) => hubFile(sibling, id));
  const names = new Set<string>();
  for (const { name } of files) {
    if (names.has(name))
      throw new Error(`The hub names the file "${shown(name)}" of "${id}" twice; try another revision.`);
    names.add(name);
  }
  return { commit: sha, files };
}

/** A listing that was kept in the cache; undefined where what is there is none. */
export function keptListing(value: unknown): HubListing | undefined {
  if (!isObject(value) || typeof value.commit !== "string" || !Array.isArray(value.files)) return undefined;
  if (!/^[0-9a-f]{7,64}$/.test(value.commit)) return undefined;
  const isFile = (file: unknown) =>
    isObject(file) &&
    typeof file.name === "string" &&
    isSafePath(file.name) &&
    Number.isSafeInteger(file.size) &&
    isObject(file.hash) &&
    (file.hash.kind === "sha256" || file.hash.kind === "git") &&
    typeof file.hash.value === "string";
  return value.files.every(isFile) ? (value as unknown as HubListing) : undefined;
}

function hubFile(sibling: Record<string, unknown>, id: string): HubFile {
  const lfs = isObject(sibling.lfs) ? sibling.lfs : undefined;
  const { rfilename: name, size = lfs?.size, blobId } = sibling;
  if (typeof name !== "string" || !isSafePath(name)) {
    throw new Error(`The hub names a file "${shown(name)}" in "${id}", which would lie outside its folder.`);
  }
  const sha256 = typeof lfs?.sha256 === "string" && /^[0-9a-f]{64}$/.test(lfs.sha256) ? lfs.sha256 : undefined;
  const git = typeof blobId === "string" && /^[0-9a-f]{40}$/.test(blobId) ? blobId : undefined;
  if (!Number.isSafeInteger(size) || (size as number) < 0 || (lfs ? !sha256 : !git)) {
    throw new Error(`The hub states no size or hash of "${shown(name)}" in "${id}"; use an endpoint that does.`);
  }
  const hash: HubFile["hash"] = sha256 ? { kind: "sha256", value: sha256 } : { kind: "git", value: git as string };
  return { name, size: size as number, hash };
}

/** Whether a path stays inside the folder it is put under, on every system. */
function isSafePath(path: string): boolean {
  if (/[\\:]/.test(path) || terminalText(path) !== path || /[\n\t]/.test(path)) return false;
  if (/\.(?:part|lock)$/.test(path)) return false; // names that a download uses itself
  return path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && Buffer.byteLength(part) < 240);
}
