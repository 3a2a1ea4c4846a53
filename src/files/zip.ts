import { crc32, inflateRawSync } from "node:zlib";
import { type Budget, checkExpansion, formatBytes, MOST_HEADER_BYTES } from "./budget.js";
import { type ByteSource, viewOf } from "./byte-source.js";
import { shown } from "./shown.js";

/** One file of a zip archive. */
interface ZipEntry {
  name: string;
  method: number;
  crc: number;
  compressedSize: number;
  size: number;
  /** Where its local header starts. */
  headerStart: number;
}

/** A zip archive whose directory was read and checked. */
export interface ZipArchive {
  /** Names in the order of the directory. */
  names: string[];
  /** Bytes of an entry's content. */
  sizeOf(name: string): number;
  /** The content of an entry, its CRC-32 checked. */
  read(name: string): Uint8Array;
}

const STORED = 0;
const DEFLATED = 8;
const END_BYTES = 22;
const LOCAL_HEADER_BYTES = 30;

/**
 * Opens a zip archive (PKWARE APPNOTE 6.3.9): stored and deflated entries, zip64 too.
 *
 * @throws if the directory is damaged, names an entry twice, has overlapping or encrypted entries, or spans disks
 */
export function openZip(source: ByteSource, budget: Budget): ZipArchive {
  const directory = findDirectory(source);
  if (directory.bytes > MOST_HEADER_BYTES) {
    throw new Error(
      `its zip directory has ${formatBytes(directory.bytes)}, above the limit of ${formatBytes(MOST_HEADER_BYTES)}`,
    );
  }
  const entries = new Map<string, ZipEntry>();
  for (const entry of readDirectory(source, directory)) {
    budget.takeParts(1, "its zip entries");
    if (entries.has(entry.name)) throw new Error(`the archive has "${shown(entry.name)}" twice`);
    entries.set(entry.name, entry);
  }
  checkSizes([...entries.values()], directory.start, source.size);
  const entryOf = (name: string): ZipEntry => {
    const entry = entries.get(name);
    if (!entry) throw new Error(`the archive has no "${shown(name)}"`);
    return entry;
  };
  return {
    names: [...entries.keys()],
    sizeOf: (name) => entryOf(name).size,
    read: (name) => readEntry(source, entryOf(name), directory.start),
  };
}

interface Directory {
  start: number;
  bytes: number;
  count: number;
}

function findDirectory(source: ByteSource): Directory {
  const tailStart = Math.max(0, source.size - END_BYTES - 0xffff); // a comment of up to 65,535 bytes may follow
  const tail = viewOf(source.read(tailStart, source.size - tailStart));
  let position = tail.byteLength - END_BYTES;
  while (position >= 0 && tail.getUint32(position, true) !== 0x06054b50) position--;
  if (position < 0) throw new Error("it is no whole zip archive: the end of its directory is missing");
  let count = tail.getUint16(position + 10, true);
  let bytes = tail.getUint32(position + 12, true);
  let start = tail.getUint32(position + 16, true);
  if (tail.getUint16(position + 4, true) !== 0 || tail.getUint16(position + 6, true) !== 0) {
    throw new Error("it is one part of a zip archive in several parts");
  }
  let end = tailStart + position;
  if (count === 0xffff || bytes === 0xffffffff || start === 0xffffffff) {
    const locator = viewOf(source.read(end - 20, 20));
    if (locator.getUint32(0, true) !== 0x07064b50) throw new Error("its zip64 locator is missing");
    end = toNumber(locator.getBigUint64(8, true));
    const record = viewOf(source.read(end, 56));
    if (record.getUint32(0, true) !== 0x06064b50) throw new Error("its zip64 directory record is missing");
    count = toNumber(record.getBigUint64(32, true));
    bytes = toNumber(record.getBigUint64(40, true));
    start = toNumber(record.getBigUint64(48, true));
  }
  if (start + bytes > end) throw new Error("its zip directory reaches beyond its own end");
  return { start, bytes, count };
}

function readDirectory(source: ByteSource, { start, bytes, count }: Directory): ZipEntry[] {
  const directory = source.read(start, bytes);
  const view = viewOf(directory);
  const entries: ZipEntry[] = [];
  let position = 0;
  for (let i = 0; i < count; i++) {
    if (position + 46 > bytes || view.getUint32(position, true) !== 0x02014b50) {
      throw new Error(`its zip directory is damaged at entry ${i + 1} of ${count}`);
    }
    const nameBytes = view.getUint16(position + 28, true);
    const extraBytes = view.getUint16(position + 30, true);
    const commentBytes = view.getUint16(position + 32, true);
    const extraStart = position + 46 + nameBytes;
    const next = extraStart + extraBytes + commentBytes;
    if (next > bytes) throw new Error(`its zip directory is damaged at entry ${i + 1} of ${count}`);
    const name = new TextDecoder().decode(directory.subarray(position + 46, extraStart));
    if (view.getUint16(position + 8, true) & 1) throw new Error(`"${shown(name)}" in it is encrypted`);
    const entry: ZipEntry = {
      name,
      method: view.getUint16(position + 10, true),
      crc: view.getUint32(position + 16, true),
      compressedSize: view.getUint32(position + 20, true),
      size: view.getUint32(position + 24, true),
      headerStart: view.getUint32(position + 42, true),
    };
    readZip64Extra(entry, directory.subarray(extraStart, extraStart + extraBytes));
    entries.push(entry);
    position = next;
  }
  return entries;
}

/** Sizes of 4 GiB and more stand in an extra field, in this order, each only if its 32-bit place is full of ones. */
function readZip64Extra(entry: ZipEntry, extra: Uint8Array): void {
  const wide = (["size", "compressedSize", "headerStart"] as const).filter((field) => entry[field] === 0xffffffff);
  if (wide.length === 0) return;
  const view = viewOf(extra);
  for (let position = 0; position + 4 <= extra.length; position += 4 + view.getUint16(position + 2, true)) {
    if (view.getUint16(position, true) !== 1) continue;
    if (position + 4 + 8 * wide.length > extra.length) break;
    wide.forEach((field, i) => {
      entry[field] = toNumber(view.getBigUint64(position + 4 + 8 * i, true));
    });
    return;
  }
  throw new Error(`the zip64 sizes of "${shown(entry.name)}" are missing`);
}

function checkSizes(entries: ZipEntry[], dataEnd: number, fileSize: number): void {
  const inOrder = entries.slice().sort((a, b) => a.headerStart - b.headerStart);
  let total = 0;
  inOrder.forEach((entry, i) => {
    const { name, method, size, compressedSize, headerStart } = entry;
    if (method !== STORED && method !== DEFLATED) throw new Error(`"${shown(name)}" is packed by zip method ${method}`);
    if (method === STORED && size !== compressedSize)
      throw new Error(`"${shown(name)}" is stored, but its two sizes differ`);
    const end = headerStart + LOCAL_HEADER_BYTES + compressedSize;
    const limit = inOrder[i + 1]?.headerStart ?? dataEnd;
    if (end > limit) throw new Error(`"${shown(name)}" reaches into what follows it, at byte ${limit}`);
    total += size;
  });
  checkExpansion(total, fileSize);
}

function readEntry(source: ByteSource, entry: ZipEntry, dataEnd: number): Uint8Array {
  const { name, headerStart, compressedSize, size } = entry;
  const header = viewOf(source.read(headerStart, LOCAL_HEADER_BYTES));
  if (header.getUint32(0, true) !== 0x04034b50) throw new Error(`the header of "${shown(name)}" in it is damaged`);
  // the local extra field is often longer than the directory's, to align the content
  const start = headerStart + LOCAL_HEADER_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  if (start + compressedSize > dataEnd) throw new Error(`"${shown(name)}" reaches into the zip directory`);
  const packed = source.read(start, compressedSize);
  const content = entry.method === STORED ? packed : inflate(name, packed, size);
  if (content.byteLength !== size) throw new Error(`"${shown(name)}" has ${content.byteLength} bytes, not ${size}`);
  if (crc32(content) !== entry.crc)
    throw new Error(`the bytes of "${shown(name)}" do not match their checksum (CRC-32)`);
  return content;
}

function inflate(name: string, packed: Uint8Array, size: number): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    throw new Error(`"${shown(name)}" does not unpack (${(error as Error).message})`);
  }
}

function toNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error(`a zip64 size of ${value} bytes is beyond counting`);
  return Number(value);
}
