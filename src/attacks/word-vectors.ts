import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { sha256 } from "../files/hash.js";
import { cacheFolder } from "../files/hub.js";

/** Most numbers of one vector; the longest that are published have some thousands. */
const MOST_NUMBERS = 65_536;

/** Most words of a file; the largest that are published have some two millions. */
const MOST_WORDS = 5_000_000;

/** Most bytes of a line: so many numbers, written at length. */
const MOST_BYTES = 32 * MOST_NUMBERS;

/** Words and their vectors. */
export interface WordVectors {
  words: readonly string[];
  /** Place of each word. */
  places: ReadonlyMap<string, number>;
  /** Numbers of one vector. */
  size: number;
  /** One after the other, each of length 1; one of zeros stays so. [words, size] */
  vectors: Float32Array;
}

/**
 * Reads word vectors in GloVe's text format, one word a line: `word number number …`. A first line of two whole numbers,
 * how many words and how long they are, as word2vec writes it, may stand before them. Of a word that is there twice the
 * first counts.
 *
 * Reading 65,000 vectors of 300 numbers takes seconds, so they are kept as an index in the cache, by path, size and time
 * of the file; from then on they open in a fraction of a second.
 *
 * @throws naming the file and the line, if a line has another number of numbers than the first, or one that is none, or
 * if the file ends in the middle of a line or before its last word
 */
export function openWordVectors(file: string): WordVectors {
  const { size, mtimeMs, ino } = statSync(file);
  const key = sha256(JSON.stringify([resolve(file), size, mtimeMs, ino])).slice(0, 32);
  const index = join(cacheFolder(), "word-vectors", `${key}.index`);
  const kept = readIndex(index);
  if (kept) return kept;
  const read = readText(file);
  writeIndex(index, read);
  return read;
}

/**
 * The nearest words by cosine, the nearest first; words of equal cosine in the order of the file. The word itself is left
 * out; a word without a vector has no neighbour.
 */
export function nearestWords(
  { words, places, vectors, size }: WordVectors,
  word: string,
  { count, leastCosine }: { count: number; leastCosine: number },
): { word: string; cosine: number }[] {
  const at = places.get(word);
  if (at === undefined) return [];
  const own = vectors.subarray(at * size, (at + 1) * size);
  const near: { word: string; cosine: number }[] = [];
  for (let other = 0, from = 0; other < words.length; other++, from += size) {
    let cosine = 0;
    for (let i = 0; i < size; i++) cosine += own[i] * vectors[from + i];
    if (cosine >= leastCosine && other !== at) near.push({ word: words[other], cosine });
  }
  return near.sort((a, b) => b.cosine - a.cosine).slice(0, count); // stable
}

function readText(file: string): WordVectors {
  const words: string[] = [];
  const places = new Map<string, number>();
  let promised: number | undefined;
  let size = 0;
  let vectors = new Float32Array(0);
  eachLine(file, (line, number) => {
    const [word, ...fields] = line.trim().split(/\s+/);
    if (number === 1 && fields.length === 1 && /^\d+$/.test(word) && /^\d+$/.test(fields[0])) {
      [promised, size] = [Number(word), Number(fields[0])];
      return;
    }
    if (size === 0) size = fields.length;
    if (size > MOST_NUMBERS) {
      throw new Error(`"${file}", line ${number}: a vector of ${size} numbers; up to ${MOST_NUMBERS} are read.`);
    }
    if (size === 0) throw new Error(`"${file}" holds no word vectors; each line is a word and its numbers.`);
    const values = fields.map((field) => (field === "" ? Number.NaN : Number(field)));
    if (values.length !== size || !values.every(Number.isFinite)) {
      throw new Error(
        `"${file}", line ${number}: "${word}" is not followed by ${size} numbers, as the first word is; ` +
          "fetch the file again.",
      );
    }
    if (places.has(word)) return;
    if (words.length === MOST_WORDS)
      throw new Error(`"${file}" has more than ${MOST_WORDS} words; take fewer of them.`);
    const at = words.length * size;
    if (at + size > vectors.length) {
      const larger = new Float32Array(Math.max(2 * vectors.length, 64 * size));
      larger.set(vectors);
      vectors = larger;
    }
    const length = Math.hypot(...values) || 1;
    for (const [i, value] of values.entries()) vectors[at + i] = value / length;
    places.set(word, words.length);
    words.push(word);
  });
  if (words.length === 0) throw new Error(`"${file}" holds no word vectors; each line is a word and its numbers.`);
  if (promised !== undefined && words.length < promised) {
    throw new Error(`"${file}" ends after ${words.length} of ${promised} words; fetch the file again.`);
  }
  return { words, places, size, vectors: vectors.slice(0, words.length * size) };
}

/** Reads a file of any length line by line, each with its number from 1; empty lines are left out. */
function eachLine(path: string, visit: (line: string, number: number) => void): void {
  const file = openSync(path, "r");
  try {
    const piece = Buffer.alloc(Math.min(1 << 24, Math.max(1, fstatSync(file).size)));
    let rest = Buffer.alloc(0);
    let number = 0;
    const requireLine = (length: number, at = number) => {
      if (length <= MOST_BYTES) return;
      throw new Error(`"${path}", line ${at}: it is longer than any line of a word and its numbers.`);
    };
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
      const bytes = Buffer.concat([rest, piece.subarray(0, read)]);
      let start = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
        number++;
        requireLine(end - start);
        const line = bytes.toString("utf8", start, end);
        if (line.trim() !== "") visit(line, number);
        start = end + 1;
      }
      rest = bytes.subarray(start);
      requireLine(rest.length, number + 1);
    }
    if (rest.toString("utf8").trim() !== "") {
      throw new Error(
        `"${path}", line ${number + 1}: the file ends in the middle of the line, so it may be cut; fetch it again, ` +
          "or end its last line with a line break if it is whole.",
      );
    }
  } finally {
    closeSync(file);
  }
}

/** An index is a line of JSON and the vectors after it. It only saves time, so that it may fail to be written. */
function writeIndex(path: string, { words, size, vectors }: WordVectors): void {
  const whole = `${path}.${process.pid}`;
  try {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(whole, Buffer.concat([Buffer.from(`${JSON.stringify({ size, words })}\n`), bytesOf(vectors)]));
    renameSync(whole, path);
  } catch {
    rmSync(whole, { force: true });
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** What an index holds, or undefined where there is none, or none that is whole. */
function readIndex(path: string): WordVectors | undefined {
  try {
    const bytes = readFileSync(path);
    const end = bytes.indexOf(10);
    const { size, words } = JSON.parse(bytes.toString("utf8", 0, end)) as { size: number; words: string[] };
    const numbers = new Uint8Array(bytes.subarray(end + 1)).buffer;
    if (numbers.byteLength !== 4 * size * words.length) return undefined;
    return { words, places: new Map(words.map((word, i) => [word, i])), size, vectors: new Float32Array(numbers) };
  } catch {
    return undefined;
  }
}
