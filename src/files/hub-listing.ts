import { type ExpectedFile, request, type TransferOptions, withAttempts } from "./download.js";

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

/** Part of the hub's answer; everything in it is checked before use. */
interface Answer {
  sha?: unknown;
  siblings?: { rfilename?: unknown; size?: unknown; blobId?: unknown; lfs?: { sha256?: unknown; size?: unknown } }[];
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
    async () => (await request(url, { Accept: "application/json" }, options)).text(),
  );
  let answer: Answer;
  try {
    answer = JSON.parse(text) as Answer;
  } catch (error) {
    throw new Error(`${url} did not answer in JSON; is the endpoint that of a hub?`, { cause: error });
  }
  const { sha, siblings } = answer;
  if (typeof sha !== "string" || !/^[0-9a-f]{7,64}$/.test(sha) || !Array.isArray(siblings)) {
    throw new Error(`${url} did not answer with a commit and its files; is the endpoint that of a hub?`);
  }
  return { commit: sha, files: siblings.map((sibling) => hubFile(sibling, id)) };
}

function hubFile(sibling: NonNullable<Answer["siblings"]>[number], id: string): HubFile {
  const { rfilename: name, size = sibling.lfs?.size, blobId, lfs } = sibling;
  if (typeof name !== "string" || !isSafePath(name)) {
    throw new Error(`The hub names a file ${JSON.stringify(name)} in "${id}", which would lie outside its folder.`);
  }
  const sha256 = typeof lfs?.sha256 === "string" && /^[0-9a-f]{64}$/.test(lfs.sha256) ? lfs.sha256 : undefined;
  const git = typeof blobId === "string" && /^[0-9a-f]{40}$/.test(blobId) ? blobId : undefined;
  if (!Number.isSafeInteger(size) || (size as number) < 0 || (lfs ? !sha256 : !git)) {
    throw new Error(`The hub states no size or hash of "${name}" in "${id}"; use an endpoint that does.`);
  }
  const hash: HubFile["hash"] = sha256 ? { kind: "sha256", value: sha256 } : { kind: "git", value: git as string };
  return { name, size: size as number, hash };
}

/** Whether a path stays inside the folder it is put under, on every system. */
function isSafePath(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be in a name
  if (/[\\:\u0000-\u001f]/.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
