import type { EncodedCorpus } from "./corpus.js";

/** Where each sentence of a corpus begins and ends, and where each piece occurs. */
export interface SentenceIndex {
  corpus: EncodedCorpus;
  /** First token of each sentence; one entry more than there are sentences, since they leave no gaps. */
  sentences: Uint32Array;
  /** Passage of each sentence. */
  passageOf: Uint32Array;
  /** Sentence of each token. */
  sentenceOf: Uint32Array;
  /** Places of piece p are places[placesFrom[p]] … places[placesFrom[p + 1] − 1]. */
  places: Uint32Array;
  placesFrom: Uint32Array;
  /** What each piece is. */
  kinds: PieceKinds;
}

/** Classes of pieces that the sentence-pair examples tell apart, by id. */
export interface PieceKinds {
  /** 1 where the piece continues a word (`##…`). */
  inner: Uint8Array;
  /** 1 for a whole word that carries content: letters only, neither among the most frequent words nor special. */
  content: Uint8Array;
  /** 1 for digits. */
  number: Uint8Array;
  /** Id of "not", or −1. */
  not: number;
  /** 1 for auxiliary verbs, after which "not" may stand. */
  auxiliary: Uint8Array;
  /** 1 for , ; : and dashes, between clauses. */
  clauseEnd: Uint8Array;
}

const SENTENCE_ENDS = [".", "!", "?"];
const SHORTEST_SENTENCE = 5;
/** Share of the vocabulary, its most frequent words, that counts as function words. */
const FUNCTION_SHARE = 0.018;
const AUXILIARIES = "is are was were will can could would should do does did has have had may might must".split(" ");

/** Sentences, places and kinds of pieces of a corpus. */
export function indexSentences(corpus: EncodedCorpus, pieces: readonly string[]): SentenceIndex {
  const { ids, starts } = corpus;
  const ends = flags(pieces, (piece) => SENTENCE_ENDS.includes(piece));
  const sentences: number[] = [];
  const passageOf: number[] = [];
  const sentenceOf = new Uint32Array(ids.length);
  for (let passage = 0; passage + 1 < starts.length; passage++) {
    let from = starts[passage];
    sentences.push(from);
    passageOf.push(passage);
    for (let at = from; at < starts[passage + 1]; at++) {
      sentenceOf[at] = sentences.length - 1;
      const left = starts[passage + 1] - at - 1;
      if (ends[ids[at]] && at + 1 - from >= SHORTEST_SENTENCE && left >= SHORTEST_SENTENCE && !ends[ids[at + 1]]) {
        from = at + 1;
        sentences.push(from);
        passageOf.push(passage);
      }
    }
  }
  sentences.push(ids.length);
  const { places, placesFrom } = placesOf(ids, pieces.length);
  const kinds = pieceKinds(pieces, placesFrom);
  return {
    corpus,
    sentences: Uint32Array.from(sentences),
    passageOf: Uint32Array.from(passageOf),
    sentenceOf,
    places,
    placesFrom,
    kinds,
  };
}

function placesOf(ids: Uint16Array, vocabSize: number): { places: Uint32Array; placesFrom: Uint32Array } {
  const placesFrom = new Uint32Array(vocabSize + 1);
  for (const id of ids) placesFrom[id + 1]++;
  for (let id = 0; id < vocabSize; id++) placesFrom[id + 1] += placesFrom[id];
  const next = placesFrom.slice();
  const places = new Uint32Array(ids.length);
  for (let at = 0; at < ids.length; at++) places[next[ids[at]]++] = at;
  return { places, placesFrom };
}

function flags(pieces: readonly string[], holds: (piece: string, id: number) => boolean): Uint8Array {
  return Uint8Array.from(pieces, (piece, id) => (holds(piece, id) ? 1 : 0));
}

function pieceKinds(pieces: readonly string[], placesFrom: Uint32Array): PieceKinds {
  const count = (id: number) => placesFrom[id + 1] - placesFrom[id];
  const words = [...pieces.keys()].filter((id) => /^\p{L}+$/u.test(pieces[id]));
  words.sort((a, b) => count(b) - count(a) || a - b);
  const frequent = new Set(words.slice(0, Math.round(FUNCTION_SHARE * pieces.length)));
  return {
    inner: flags(pieces, (piece) => piece.startsWith("##") && piece.length > 2),
    content: flags(pieces, (piece, id) => /^\p{L}{3,}$/u.test(piece) && !frequent.has(id)),
    number: flags(pieces, (piece) => /^\d+$/.test(piece)),
    not: pieces.indexOf("not"),
    auxiliary: flags(pieces, (piece) => AUXILIARIES.includes(piece)),
    clauseEnd: flags(pieces, (piece) => [",", ";", ":", "-", "–", "—"].includes(piece)),
  };
}
