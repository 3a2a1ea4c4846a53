import { crc32 } from "node:zlib";

const ALIGNMENT = 64; // PyTorch maps storages into memory, and asks for this
const UTF8_NAMES = 0x0800;

/**
 * The bytes of a zip archive with every entry stored, its content aligned to 64 bytes, dated 1980-00-00: equal entries
 * give equal bytes.
 *
 * @throws beyond 65,534 entries or 4 GiB, which would need zip64
 */
export function encodeZip(entries: [name: string, content: Uint8Array][]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let position = 0;
  const add = (part: Uint8Array) => {
    parts.push(part);
    position += part.byteLength;
  };
  for (const [entryName, content] of entries) {
    const name = new TextEncoder().encode(entryName);
    const headerStart = position;
    const crc = crc32(content);
    add(fields([0x04034b50, 4], ...common(crc, content, name), [paddingAt(position + 30 + name.length), 2]));
    add(name);
    add(padding(paddingAt(position)));
    add(content);
    directory.push(
      fields(
        [0x02014b50, 4],
        [0, 2],
        ...common(crc, content, name),
        [0, 2],
        [0, 2],
        [0, 2],
        [0, 2],
        [0, 4],
        [headerStart, 4],
      ),
      name,
    );
  }
  const directoryStart = position;
  directory.forEach(add);
  if (position > 0xfffffffe || entries.length > 0xfffe) {
    throw new Error(`${entries.length} entries of ${position} bytes do not fit a zip archive; write safetensors.`);
  }
  const count = entries.length;
  add(
    fields(
      [0x06054b50, 4],
      [0, 4],
      [count, 2],
      [count, 2],
      [position - directoryStart, 4],
      [directoryStart, 4],
      [0, 2],
    ),
  );
  return new Uint8Array(Buffer.concat(parts));
}

/** The fields that an entry's local header and its line in the directory share. */
function common(crc: number, content: Uint8Array, name: Uint8Array): [value: number, bytes: number][] {
  const size = content.byteLength;
  return [
    [20, 2],
    [UTF8_NAMES, 2],
    [0, 2],
    [0, 2],
    [0, 2],
    [crc, 4],
    [size, 4],
    [size, 4],
    [name.byteLength, 2],
  ];
}

/** Length of the extra field (its 4-byte head included) that ends on a multiple of 64. */
function paddingAt(position: number): number {
  return 4 + ((ALIGNMENT - ((position + 4) % ALIGNMENT)) % ALIGNMENT);
}

/** An extra field of PyTorch's kind "FB", filled with Z as PyTorch fills it. */
function padding(length: number): Uint8Array {
  const field = new Uint8Array(length).fill(0x5a, 4);
  field.set(fields([0x4246, 2], [length - 4, 2]));
  return field;
}

/** Little-endian whole numbers of 2 or 4 bytes, one after another. */
function fields(...values: [value: number, bytes: number][]): Uint8Array {
  const out = new Uint8Array(values.reduce((sum, [, bytes]) => sum + bytes, 0));
  const view = new DataView(out.buffer);
  let position = 0;
  for (const [value, bytes] of values) {
    if (bytes === 2) view.setUint16(position, value, true);
    else view.setUint32(position, value, true);
    position += bytes;
  }
  return out;
}
