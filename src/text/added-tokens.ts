import type { AddedToken } from "./tokenizer-definition.js";

/** A piece of a text: an added token, or text between them. */
export type Piece = { id: number } | { text: string; atStart: boolean };

/** Cuts added tokens out of texts, as the `tokenizers` library does. */
export interface AddedTokenSplitter {
  /** Pieces of a text before it is normalised: cut at tokens that stand in texts as they are. */
  raw(text: string): Piece[];
  /** Pieces of a normalised text: cut at tokens that stand in texts in their normalised form. */
  normalised(text: string, atStart: boolean): Piece[];
}

/**
 * A splitter for the tokens of a tokenizer. The leftmost match counts, of those the longest. A `single_word` token counts only
 * between characters that are of no word; `lstrip` and `rstrip` take the white space beside it.
 *
 * @param normalise what the tokenizer does to texts; undefined for nothing
 * @param splitSpecial whether special tokens in a text are read as plain text (`split_special_tokens`)
 */
export function addedTokenSplitter(
  tokens: readonly AddedToken[],
  normalise: ((text: string) => string) | undefined,
  splitSpecial: boolean,
): AddedTokenSplitter {
  const used = tokens.filter(({ content, special }) => content !== "" && !(special && splitSpecial));
  const raw = matcherOf(used.filter(({ normalized }) => !normalized).map((token) => [token.content, token]));
  const normalised = matcherOf(
    used
      .filter(({ normalized }) => normalized)
      .map((token) => [normalise ? normalise(token.content) : token.content, token]),
  );
  return {
    raw: (text) => split(text, true, raw),
    normalised: (text, atStart) => split(text, atStart, normalised),
  };
}

interface Matcher {
  pattern: RegExp;
  byContent: Map<string, AddedToken>;
}

function matcherOf(entries: [string, AddedToken][]): Matcher | undefined {
  const byContent = new Map(entries.filter(([content]) => content !== ""));
  if (byContent.size === 0) return undefined;
  const longestFirst = [...byContent.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    longestFirst.map((content) => content.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|"),
    "gu",
  );
  return { pattern, byContent };
}

// \w of Rust's regular expressions
const WORD_AT_END = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const WORD_AT_START = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;
const SPACE_AT_START = /^\p{White_Space}*/u;

function split(text: string, atStart: boolean, matcher: Matcher | undefined): Piece[] {
  if (!matcher) return text === "" ? [] : [{ text, atStart }];
  const pieces: Piece[] = [];
  let from = 0;
  const pushText = (to: number) => {
    if (to > from) pieces.push({ text: text.slice(from, to), atStart: atStart && from === 0 });
  };
  for (const match of text.matchAll(matcher.pattern)) {
    const token = matcher.byContent.get(match[0]) as AddedToken;
    let start = match.index ?? 0;
    let end = start + match[0].length;
    if (token.single_word && (WORD_AT_END.test(text.slice(0, start)) || WORD_AT_START.test(text.slice(end)))) continue;
    if (token.lstrip) while (start > from && /\p{White_Space}/u.test(text[start - 1])) start--;
    if (token.rstrip) end += SPACE_AT_START.exec(text.slice(end))?.[0].length ?? 0;
    if (start < from) start = from; // the token before took that white space
    pushText(start);
    pieces.push({ id: token.id });
    from = Math.max(from, end);
  }
  pushText(text.length);
  return pieces;
}
