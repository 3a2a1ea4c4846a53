import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { splitWords } from "../text/vocabulary.js";

/** Texts as token ids, one passage after another in one array. */
export interface EncodedCorpus {
  /** Ids of all passages. Uint16, so a vocabulary has at most 65,536 pieces. */
  ids: Uint16Array;
  /** Passage i is ids[starts[i]] … ids[starts[i + 1] − 1]; one entry more than there are passages. */
  starts: Uint32Array;
}

/** A text file's name and its passages, one a line. */
export interface CorpusFile {
  name: string;
  passages: string[];
}

/**
 * Reads every `.txt` file of a folder, in the order of their names; each line that is not empty is one passage.
 *
 * @param exclude names of files to leave out
 * @throws when the folder is missing or holds no text, or a name to exclude is not in it
 */
export function readCorpus(dir: string, exclude: readonly string[] = []): CorpusFile[] {
  if (!existsSync(dir)) throw new Error(`No folder "${dir}"; give a folder of .txt files, one passage a line.`);
  const names = readdirSync(dir)
    .filter((name) => name.endsWith(".txt"))
    .sort();
  const absent = exclude.find((name) => !names.includes(name));
  if (absent) throw new Error(`"${absent}" is to be left out but is not in "${dir}", which holds ${names.join(", ")}.`);
  const kept = names.filter((name) => !exclude.includes(name));
  if (kept.length === 0) throw new Error(`No .txt file to read in "${dir}".`);
  return kept.map((name) => ({
    name,
    passages: readFileSync(join(dir, name), "utf8")
      .split(/\r?\n/)
      .filter((line) => line.trim() !== ""),
  }));
}

const LONGEST_WORD = 100;

/** WordPiece by greedy longest match (Devlin et al. 2019), with each word split only once. */
export function pieceEncoder(pieces: readonly string[]): (text: string) => number[] {
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const unknown = ids.get("[UNK]") ?? 1;
  const longest = Math.max(...pieces.map((piece) => piece.length));
  const known = new Map<string, number[]>();
  const split = (word: string): number[] => {
    if (word.length > LONGEST_WORD) return [unknown];
    const found: number[] = [];
    for (let from = 0; from < word.length; ) {
      let to = Math.min(word.length, from + longest);
      let id: number | undefined;
      for (; to > from; to--) {
        id = ids.get(from === 0 ? word.slice(0, to) : `##${word.slice(from, to)}`);
        if (id !== undefined) break;
      }
      if (id === undefined) return [unknown];
      found.push(id);
      from = to;
    }
    return found;
  };
  return (text) => {
    const out: number[] = [];
    for (const word of splitWords(text)) {
      let pieceIds = known.get(word);
      if (!pieceIds) {
        pieceIds = split(word);
        known.set(word, pieceIds);
      }
      for (const id of pieceIds) out.push(id);
    }
    return out;
  };
}

/** Encodes passages with a vocabulary; passages that come out empty are left out. */
export function encodeCorpus(passages: Iterable<string>, pieces: readonly string[]): EncodedCorpus {
  const encode = pieceEncoder(pieces);
  let ids = new Uint16Array(1 << 16);
  let length = 0;
  const starts = [0];
  for (const passage of passages) {
    const encoded = encode(passage);
    if (encoded.length === 0) continue;
    if (length + encoded.length > ids.length) {
      const grown = new Uint16Array(2 * (length + encoded.length));
      grown.set(ids.subarray(0, length));
      ids = grown;
    }
    ids.set(encoded, length);
    length += encoded.length;
    starts.push(length);
  }
  return { ids: ids.slice(0, length), starts: Uint32Array.from(starts) };
}
