import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";

/** Bytes that can be read by range: a file, or a piece of memory. */
export interface ByteSource {
  /** In bytes. */
  size: number;
  /** Whether what `read` gives is a fresh copy at the start of a buffer of its own, which the caller may keep. */
  fresh: boolean;
  /** Bytes `offset` to `offset + length`. @throws if they do not lie inside */
  read(offset: number, length: number): Uint8Array;
}

/** A source over memory; its reads are views. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    fresh: false,
    read(offset, length) {
      checkRange(bytes.byteLength, offset, length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/**
 * Opens a file for `use`, and closes it again whatever happens. Only an ordinary file is opened: a pipe could make its
 * reader wait for ever, and a device has no end.
 *
 * @throws a sentence without the file's name, for the caller to name it
 */
export function withFileSource<T>(path: string, use: (source: ByteSource) => T): T {
  const file = openFile(path);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new Error(`it is ${kindOf(found)}, not a file`);
    const { size } = found;
    return use({
      size,
      fresh: true,
      read(offset, length) {
        checkRange(size, offset, length);
        const bytes = new Uint8Array(length);
        for (let done = 0; done < length; ) {
          const read = readSync(file, bytes, done, length - done, offset + done);
          if (read === 0) throw new Error(`it became shorter while it was read, at byte ${offset + done}`);
          done += read;
        }
        return bytes;
      },
    });
  } finally {
    closeSync(file);
  }
}

/** Opens without waiting for the other end of a pipe. */
function openFile(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new Error(systemReason(error), { cause: error });
  }
}

const REASONS: Record<string, string> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  EISDIR: "it is a folder, not a file",
  ENOTDIR: "a part of its path is no folder",
  ELOOP: "its links go round in a circle",
  ENXIO: "it is a socket or a device, not a file",
  ENAMETOOLONG: "its name is too long",
  EMFILE: "too many files are open",
  ENOSPC: "the disk is full",
  EROFS: "the disk can only be read",
  EDQUOT: "the disk quota is used up",
};

/** A failure of the file system in plain words. */
export function systemReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && REASONS[code]) || message;
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return "a folder";
  if (found.isFIFO()) return "a pipe";
  if (found.isSocket()) return "a socket";
  return "a device";
}

/** A view of `bytes` for reading numbers. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function checkRange(size: number, offset: number, length: number): void {
  if (!(Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0)) {
    throw new Error(`it asks for ${length} bytes at byte ${offset}`);
  }
  if (offset + length > size)
    throw new Error(`it is cut off: bytes ${offset} to ${offset + length} of ${size} are asked for`);
}
