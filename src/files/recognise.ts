/** What a file is that is not what it should be, with what to do about it; undefined where it cannot be told. */
export function mistakenFor(start: Uint8Array, size: number): string | undefined {
  if (size === 0) return "it is empty: it was not downloaded or written to its end; get it again";
  const text = Buffer.from(start.buffer, start.byteOffset, Math.min(start.byteLength, 512)).toString("latin1");
  const found = MAGIC.find(([start]) => text.startsWith(start)) ?? SIGNS.find(([sign]) => sign.test(text));
  if (found) return found[1];
  if (start.subarray(0, 512).every((byte) => byte === 0))
    return "it is all zeros: its download broke off; get it again";
  return undefined;
}

/** Bytes at the start of a file that {@link mistakenFor} looks at. */
export const RECOGNISED_BYTES = 512;

const PAGE =
  "it is an HTML page, not the file: most likely the address of a page was downloaded; get the file itself (on a hub, " +
  'the address with "resolve" in place of "blob")';

/** Starts of texts that stand in place of files, as Latin-1. */
const SIGNS: [RegExp, string][] = [
  [
    /^version https:\/\/git-lfs\.github\.com\/spec/,
    "it is a Git LFS pointer, not the file it points to: run `git lfs pull` in its folder, or download the file itself",
  ],
  [/^(\.\.\/)*\.git\/annex\/objects\/|^\/annex\/objects\//, "it is a git-annex pointer: run `git annex get` on it"],
  [/^(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html|<head|<!--)/i, PAGE],
  [/^(?:\xef\xbb\xbf)?\s*<\?xml[\s\S]*<html/i, PAGE],
  [
    /^(?:\xef\xbb\xbf)?\s*<\?xml[\s\S]*<Error>/,
    "it is an error message of a storage server, not the file; get it again",
  ],
  [/^\s*\{"error":/, "it is an error message of a hub, not the file; get it again"],
  [
    /^(?:Entry|Repository|Revision|Invalid|Access|Not) [\w ]{2,60}\.?\s*$/i,
    "it is an error message of a server; get it again",
  ],
];

/** Starts of binary files, as Latin-1. */
const MAGIC: [string, string][] = [
  ["\x1f\x8b", "it is packed by gzip: unpack it first"],
  ["BZh", "it is packed by bzip2: unpack it first"],
  ["\xfd7zXZ\0", "it is packed by xz: unpack it first"],
  ["\x28\xb5\x2f\xfd", "it is packed by Zstandard: unpack it first"],
  ["7z\xbc\xaf\x27\x1c", "it is a 7-Zip archive: unpack it first"],
  ["%PDF-", "it is a PDF"],
  ["\x89HDF\r\n", "it is an HDF5 file, as TensorFlow and Keras write: convert it with the library that wrote it"],
  ["GGUF", "it is a GGUF file, as llama.cpp reads: take the model's safetensors"],
  ["\x93NUMPY", "it is a NumPy array: save the weights as safetensors"],
  ["PAR1", "it is a Parquet file"],
  ["PK\x03\x04", "it is a zip archive, as PyTorch and Office write, too"],
];
