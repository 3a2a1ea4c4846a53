/*
 * Parquet writes what it says of a file, and of each page, in Thrift's compact protocol. The library takes a whole number of any
 * length and a list of any size; both are looked at before it reads them.
 */

/** Most bytes of a whole number of 64 bits. */
const MOST_BYTES = 10;
const MOST_DEPTH = 50;

const kinds = { yes: 1, no: 2, byte: 3, int16: 4, int32: 5, int64: 6, double: 7, binary: 8, list: 9, struct: 12 };

/**
 * Walks over one structure.
 *
 * @throws Error where a number is longer than 64 bits, or a text or list than what is left
 */
export function checkThrift(view: DataView, from = 0): void {
  const damaged = new Error("what it says of its columns is damaged");
  let at = from;
  const byte = (): number => {
    if (at >= view.byteLength) throw damaged;
    return view.getUint8(at++);
  };
  const whole = (): number => {
    let value = 0;
    for (let i = 0; i < MOST_BYTES; i++) {
      const next = byte();
      value += (next & 0x7f) * 2 ** (7 * i);
      if (next < 0x80) return value;
    }
    throw damaged;
  };
  const forward = (length: number): void => {
    at += length;
    if (at > view.byteLength) throw damaged;
  };
  const value = (kind: number, depth: number, isMember: boolean): void => {
    if (depth > MOST_DEPTH) throw damaged;
    if (kind === kinds.yes || kind === kinds.no) forward(isMember ? 1 : 0);
    else if (kind === kinds.byte) forward(1);
    else if (kind === kinds.int16 || kind === kinds.int32 || kind === kinds.int64) whole();
    else if (kind === kinds.double) forward(8);
    else if (kind === kinds.binary) forward(whole());
    else if (kind === kinds.list) list(depth);
    else if (kind === kinds.struct) struct(depth);
    else throw damaged;
  };
  const list = (depth: number): void => {
    const head = byte();
    const size = head >> 4 === 15 ? whole() : head >> 4;
    if (size > view.byteLength - at) throw damaged; // a member has a byte at least
    for (let i = 0; i < size; i++) value(head & 15, depth + 1, true);
  };
  const struct = (depth: number): void => {
    for (let head = byte(); (head & 15) !== 0; head = byte()) {
      if (head >> 4 === 0) whole(); // the field's number stands by itself
      value(head & 15, depth + 1, false);
    }
  };
  struct(0);
}
