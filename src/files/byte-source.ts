import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Bytes that can be read by range: a file, or a piece of memory. */
export interface ByteSource {
  /** In bytes. */
  size: number;
  /** Bytes `offset` to `offset + length`. @throws if they do not lie inside */
  read(offset: number, length: number): Uint8Array;
}

/** A source over memory; its reads are views. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    read(offset, length) {
      checkRange(bytes.byteLength, offset, length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** Opens a file for `use`, and closes it again whatever happens. */
export function withFileSource<T>(path: string, use: (source: ByteSource) => T): T {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    return use({
      size,
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
