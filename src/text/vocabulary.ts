/**
 * A WordPiece vocabulary (Schuster & Nakajima 2012; Devlin et al. 2019) learnt from word counts: starting from single
 * characters, the most frequent pair of neighbouring pieces is merged again and again (Sennrich et al. 2016) until the
 * vocabulary is full.
 */

/** The five special pieces of BERT, in the order of their ids. */
export const SPECIAL_PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] as const;

/** Ids of the special pieces in every vocabulary made here. */
export const SPECIAL_IDS = { pad: 0, unknown: 1, first: 2, separator: 3, mask: 4 } as const;

const ACCENTS = /\p{Mn}/gu;
const CONTROLS = /[\0\ufffd]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;
const CHINESE = "\\u4e00-\\u9fff\\u3400-\\u4dbf\\uf900-\\ufaff\\u{20000}-\\u{2ceaf}\\u{2f800}-\\u{2fa1f}";
const SPLITTING = `\\p{P}$+<=>^\`|~${CHINESE}`;
const WORD = new RegExp(`[${SPLITTING}]|[^\\s${SPLITTING}]+`, "gu");
const PLAIN = /^[\t\n\r -~]*$/;
const PLAIN_WORD = /[a-z0-9]+|[!-/:-@[-`{-~]/g;

/**
 * Words as BERT's uncased pre-tokenizer sees them: lower case, no accents and no control characters, split at white
 * space, with every punctuation mark and Chinese character a word of its own.
 */
export function splitWords(text: string): string[] {
  if (PLAIN.test(text)) return text.toLowerCase().match(PLAIN_WORD) ?? [];
  const clean = text.replace(CONTROLS, "").normalize("NFD").replace(ACCENTS, "").toLowerCase();
  return clean.match(WORD) ?? [];
}

/** Adds the words of `text` to `counts`. */
export function countWords(text: string, counts: Map<string, number>): void {
  for (const word of splitWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
}

/** Choices of `trainVocabulary`. */
export interface VocabularyOptions {
  /** Pieces in all, the special ones included. */
  size: number;
  /** A character seen fewer times is left out, and words that hold it become `[UNK]`. Default 30. */
  minimumCharacterCount?: number;
  /** Rarer words teach no merges. Default 2. */
  minimumWordCount?: number;
}

/**
 * Learns a vocabulary from word counts. Equal counts give equal vocabularies: ties go to the pair that comes first in
 * code-unit order.
 *
 * @returns pieces in the order of their ids; a piece inside a word begins with `##`
 * @throws when `size` does not even hold the alphabet
 */
export function trainVocabulary(counts: ReadonlyMap<string, number>, options: VocabularyOptions): string[] {
  const { size, minimumCharacterCount = 30, minimumWordCount = 2 } = options;
  const pieces: string[] = [...SPECIAL_PIECES, ...characterPieces(counts, minimumCharacterCount)];
  if (pieces.length > size) {
    throw new Error(`A vocabulary of ${size} cannot hold ${pieces.length} single characters; ask for more pieces.`);
  }
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const merges = new MergeTable(pieces);
  for (const word of [...counts.keys()].sort()) {
    const count = counts.get(word)!;
    if (count < minimumWordCount) continue;
    const symbols = [...word].map((character, at) => ids.get(at === 0 ? character : `##${character}`) ?? -1);
    if (!symbols.includes(-1)) merges.addWord(symbols, count);
  }
  merges.start();
  while (pieces.length < size) {
    const best = merges.mostFrequentPair();
    if (!best) break;
    const [left, right] = best;
    const merged = pieces[left] + pieces[right].slice(2);
    let id = ids.get(merged);
    if (id === undefined) {
      id = pieces.push(merged) - 1;
      ids.set(merged, id);
    }
    merges.merge(left, right, id);
  }
  return pieces;
}

/** The single-character pieces, those that begin a word first, then those inside one (`##`). */
function characterPieces(counts: ReadonlyMap<string, number>, minimum: number): string[] {
  const seen = new Map<string, number>();
  const placed = new Map<string, number>();
  for (const [word, count] of counts) {
    [...word].forEach((character, at) => {
      seen.set(character, (seen.get(character) ?? 0) + count);
      const piece = at === 0 ? character : `##${character}`;
      placed.set(piece, (placed.get(piece) ?? 0) + count);
    });
  }
  const character = (piece: string) => (piece.startsWith("##") ? piece.slice(2) : piece) || piece;
  const kept = [...placed.keys()].filter((piece) => seen.get(character(piece))! >= minimum).sort();
  const inner = (piece: string) => piece.startsWith("##") && piece.length > 2;
  return [...kept.filter((piece) => !inner(piece)), ...kept.filter(inner)];
}

const PAIR_BASE = 1 << 20;

/** Words as sequences of pieces, with the counts of neighbouring pairs kept up to date under merging. */
class MergeTable {
  private readonly words: number[][] = [];
  private readonly wordCounts: number[] = [];
  private readonly pairCounts = new Map<number, number>();
  private readonly wordsOfPair = new Map<number, Set<number>>();
  /** Max-heap of [count, pair]; an entry whose count is no longer true is put back with the true one when it surfaces. */
  private readonly heap: [number, number][] = [];

  constructor(private readonly pieces: readonly string[]) {}

  addWord(symbols: number[], count: number): void {
    const word = this.words.push(symbols) - 1;
    this.wordCounts.push(count);
    for (let i = 1; i < symbols.length; i++) this.change(symbols[i - 1] * PAIR_BASE + symbols[i], count, word);
  }

  start(): void {
    for (const [pair, count] of this.pairCounts) this.push(count, pair);
  }

  /** The two pieces that stand side by side most often, or nothing where no pair is left. */
  mostFrequentPair(): [number, number] | undefined {
    for (let top = this.pop(); top; top = this.pop()) {
      const [count, pair] = top;
      const current = this.pairCounts.get(pair) ?? 0;
      if (current === count && count > 0) return [Math.floor(pair / PAIR_BASE), pair % PAIR_BASE];
      if (current > 0) this.push(current, pair);
    }
    return undefined;
  }

  merge(left: number, right: number, merged: number): void {
    const pair = left * PAIR_BASE + right;
    const grown = new Set<number>();
    for (const word of this.wordsOfPair.get(pair) ?? []) {
      const before = this.words[word];
      const count = this.wordCounts[word];
      for (let i = 1; i < before.length; i++) this.change(before[i - 1] * PAIR_BASE + before[i], -count);
      const after: number[] = [];
      for (let i = 0; i < before.length; i++) {
        const both = before[i] === left && before[i + 1] === right;
        after.push(both ? merged : before[i]);
        if (both) i++;
      }
      this.words[word] = after;
      for (let i = 1; i < after.length; i++) {
        const formed = after[i - 1] * PAIR_BASE + after[i];
        this.change(formed, count, word);
        if (after[i - 1] === merged || after[i] === merged) grown.add(formed);
      }
    }
    this.pairCounts.delete(pair);
    this.wordsOfPair.delete(pair);
    for (const formed of grown) this.push(this.pairCounts.get(formed) ?? 0, formed);
  }

  private change(pair: number, by: number, word?: number): void {
    this.pairCounts.set(pair, (this.pairCounts.get(pair) ?? 0) + by);
    if (word === undefined) return;
    const words = this.wordsOfPair.get(pair);
    if (words) words.add(word);
    else this.wordsOfPair.set(pair, new Set([word]));
  }

  private before([countA, pairA]: [number, number], [countB, pairB]: [number, number]): boolean {
    if (countA !== countB) return countA > countB;
    return this.spelling(pairA) < this.spelling(pairB);
  }

  private spelling(pair: number): string {
    return `${this.pieces[Math.floor(pair / PAIR_BASE)]} ${this.pieces[pair % PAIR_BASE]}`;
  }

  private push(count: number, pair: number): void {
    const { heap } = this;
    let at = heap.push([count, pair]) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.before(heap[at], heap[parent])) break;
      [heap[at], heap[parent]] = [heap[parent], heap[at]];
      at = parent;
    }
  }

  private pop(): [number, number] | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      let first = at;
      for (const child of [left, left + 1]) {
        if (child < heap.length && this.before(heap[child], heap[first])) first = child;
      }
      if (first === at) return top;
      [heap[at], heap[first]] = [heap[first], heap[at]];
      at = first;
    }
  }
}
