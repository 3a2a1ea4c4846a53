// How an input is changed.

const BYTES = [0, 1, 2, 0x28, 0x2e, 0x7f, 0x80, 0xff, 0x22, 0x5b, 0x5d, 0x7b, 0x7d, 0x2c, 0x0a];
const SIZES = [0, 1, 64, 255, 65535, 2 ** 31, 2 ** 32 - 1];
const NUMBERS = ["0", "-1", "1", "0.5", "1e308", "1e999", "65536", "4294967296", "9007199254740993", "NaN"];

/**
 * @param data bytes to change, which are left alone
 * @param others other inputs, of which pieces are taken
 * @param dictionary words, one character for a byte
 */
export function mutate(data, others, dictionary, random, maxLength) {
  let bytes = Buffer.from(data);
  const at = () => random.integer(bytes.length + 1);
  const replace = (from, to, piece) => {
    bytes = Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(to)]);
  };
  const insert = (piece) => {
    const place = at();
    replace(place, place, piece);
  };
  const piece = (of, length) => {
    const from = random.integer(of.length + 1);
    return of.subarray(from, from + random.integer(length));
  };
  const changes = [
    () => {
      if (bytes.length > 0) bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
    },
    () => {
      if (bytes.length > 0) bytes[random.integer(bytes.length)] = random.choice(BYTES);
    },
    () => insert(Buffer.from([random.choice(BYTES)])),
    () => {
      const from = at();
      replace(from, from + random.integer(32), Buffer.alloc(0));
    },
    () => insert(piece(bytes, 32)),
    () => insert(piece(random.choice(others), 64)),
    () => insert(Buffer.from(random.choice(dictionary), "latin1")),
    () => {
      // a word in place of another: what stands between two letters that are none
      const from = at();
      const length = /^\w*/.exec(bytes.toString("latin1", from, from + 32))[0].length;
      replace(from, from + length, Buffer.from(random.choice(dictionary), "latin1"));
    },
    () => {
      const from = at();
      const number = /-?\d[\d.e+]*/.exec(bytes.toString("latin1", from, from + 256));
      if (number === null) return;
      const start = from + number.index;
      replace(start, start + number[0].length, Buffer.from(random.choice(NUMBERS)));
    },
    () => {
      if (bytes.length >= 4) bytes.writeUInt32LE(random.choice(SIZES), random.integer(bytes.length - 3));
    },
    () => {
      bytes = bytes.subarray(0, at());
    },
    () => {
      // what is nested, repeated or long
      if (random.uniform() < 0.9) return;
      const one = random.uniform() < 0.5 ? piece(bytes, 32) : Buffer.from(random.choice(dictionary), "latin1");
      if (one.length > 0) insert(Buffer.alloc(Math.min(one.length * 2 ** random.integer(12), maxLength), one));
    },
  ];
  for (let i = random.choice([1, 1, 2, 3, 5, 8]); i > 0; i--) random.choice(changes)();
  return bytes.subarray(0, maxLength);
}
