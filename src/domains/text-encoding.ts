import { isUtf8 } from "node:buffer";

/** Text out of a file's bytes. */
export interface DecodedText {
  text: string;
  /** What the reader should know: that an encoding was guessed. */
  note?: string;
}

/**
 * A table's text. Without `encoding` it is found out: by a byte-order mark, else UTF-8 where the bytes are valid UTF-8,
 * else UTF-16 where every other byte is mostly zero, else Windows-1252 (which Latin-1 texts are, too). No byte is ever replaced.
 *
 * @param encoding a name of the WHATWG Encoding Standard, such as `utf-8`, `utf-16le`, `windows-1252` or `shift_jis`
 * @throws Error naming the file, and the line where it can be told, if the bytes are not text of the encoding
 */
export function decodeText(bytes: Uint8Array, file: string, encoding?: string): DecodedText {
  const marked = markOf(bytes);
  if (encoding !== undefined) return { text: decode(bytes.subarray(marked?.length ?? 0), file, decoderName(encoding)) };
  if (marked?.encoding === "utf-32") throw new Error(`${file} is UTF-32 text; save it as UTF-8.`);
  if (marked) return { text: decode(bytes.subarray(marked.length), file, marked.encoding) };
  const wide = wideEncoding(bytes);
  if (wide)
    return {
      text: decode(bytes, file, wide),
      note: `${file} is read as ${wide.toUpperCase()}; it has no byte-order mark.`,
    };
  if (isUtf8(bytes)) return { text: decode(bytes, file, "utf-8") };
  refuseOtherThanWindows1252(bytes, file);
  return {
    text: decode(bytes, file, "windows-1252"),
    note: `${file} is no UTF-8 and is read as Windows-1252; if letters look wrong, name its encoding (encoding: "…").`,
  };
}

function markOf(bytes: Uint8Array): { encoding: string; length: number } | undefined {
  const starts = (...mark: number[]) => mark.every((byte, i) => bytes[i] === byte);
  if (starts(0xef, 0xbb, 0xbf)) return { encoding: "utf-8", length: 3 };
  if (starts(0xff, 0xfe, 0, 0) || starts(0, 0, 0xfe, 0xff)) return { encoding: "utf-32", length: 4 };
  if (starts(0xff, 0xfe)) return { encoding: "utf-16le", length: 2 };
  if (starts(0xfe, 0xff)) return { encoding: "utf-16be", length: 2 };
  return undefined;
}

function decoderName(encoding: string): string {
  try {
    return new TextDecoder(encoding).encoding;
  } catch {
    throw new Error(
      `"${encoding}" is no known encoding; use a name such as utf-8, utf-16le, windows-1252 or shift_jis.`,
    );
  }
}

function decode(bytes: Uint8Array, file: string, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_ENCODING_INVALID_ENCODED_DATA") {
      throw new Error(`${file} is too long to be read as one text; split it.`, { cause: error });
    }
    const where = encoding === "utf-8" ? `, line ${lineOfBadByte(bytes)},` : "";
    throw new Error(
      `${file}${where} is not ${encoding.toUpperCase()} text; save it as UTF-8, or name its encoding (encoding: "…").`,
    );
  }
}

/** UTF-16 without a mark: in the first kilobytes of mostly Western text every other byte is zero. */
function wideEncoding(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const length = Math.min(bytes.length, 4096) & ~1;
  if (length < 4) return undefined;
  let [even, odd] = [0, 0];
  for (let i = 0; i < length; i += 2) {
    if (bytes[i] === 0) even++;
    if (bytes[i + 1] === 0) odd++;
  }
  const half = length / 2;
  if (odd > 0.4 * half && even < 0.05 * half) return "utf-16le";
  return even > 0.4 * half && odd < 0.05 * half ? "utf-16be" : undefined;
}

/** Bytes that Windows-1252 leaves without a character. */
const UNUSED = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/**
 * Western text in Windows-1252 has single accented letters among plain ones. Bytes that are mostly UTF-8 are a damaged
 * or mixed file; many high bytes, or bytes without a character, are another code page.
 */
function refuseOtherThanWindows1252(bytes: Uint8Array, file: string): void {
  let [letters, high, inUtf8] = [0, 0, 0];
  let unused: number | undefined;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte < 0x80) {
      if ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) letters++;
      continue;
    }
    high++;
    if (UNUSED.has(byte)) unused ??= byte;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0;
    if (length > 0 && isUtf8(bytes.subarray(i, Math.min(i + length, bytes.length))) && i + length <= bytes.length) {
      inUtf8 += length;
      high += length - 1;
      i += length - 1;
    }
  }
  const remedy = 'Name its encoding (encoding: "windows-1251", "shift_jis", …), or save it as UTF-8.';
  if (inUtf8 > 0.1 * high) {
    throw new Error(
      `${file} is UTF-8 but for some bytes, the first in line ${lineOfBadByte(bytes)}: it was cut or put together from ` +
        `files of two encodings. Mend that, or name an encoding for the whole file (encoding: "windows-1252").`,
    );
  }
  if (unused !== undefined) {
    throw new Error(`${file} is neither UTF-8 nor Windows-1252, which has no byte 0x${unused.toString(16)}. ${remedy}`);
  }
  if (high > 0.3 * (letters + high)) {
    throw new Error(`${file} is no UTF-8, and has too many letters beyond ASCII to be Western text. ${remedy}`);
  }
}

/** The line of the first byte that is not part of UTF-8, counted from 1. */
function lineOfBadByte(bytes: Uint8Array): number {
  for (let line = 1, start = 0; ; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}
