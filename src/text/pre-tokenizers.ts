import type { TokenizerDefinition } from "./tokenizer-definition.js";

type PreTokenizer = NonNullable<TokenizerDefinition["pre_tokenizer"]>;

/**
 * Punctuation that Unicode has named so since version 9, which the tables of the `tokenizers` library do not know. Found by asking
 * the library (0.22.2) about every character.
 */
const LATER_PUNCTUATION =
  "\\u061d\\u09fd\\u0a76\\u0c77\\u0c84\\u1b4e-\\u1b4f\\u1b7d-\\u1b7f\\u2e43-\\u2e4f\\u2e52-\\u2e5d" +
  "\\u{10d6e}\\u{10ead}\\u{10ed0}\\u{10f55}-\\u{10f59}\\u{10f86}-\\u{10f89}\\u{113d4}-\\u{113d5}\\u{113d7}-\\u{113d8}" +
  "\\u{1144b}-\\u{1144f}\\u{1145a}-\\u{1145b}\\u{1145d}\\u{11660}-\\u{1166c}\\u{116b9}\\u{1183b}\\u{11944}-\\u{11946}\\u{119e2}" +
  "\\u{11a3f}-\\u{11a46}\\u{11a9a}-\\u{11a9c}\\u{11a9e}-\\u{11aa2}\\u{11b00}-\\u{11b09}\\u{11be1}\\u{11c41}-\\u{11c45}" +
  "\\u{11c70}-\\u{11c71}\\u{11ef7}-\\u{11ef8}\\u{11f43}-\\u{11f4f}\\u{11fff}\\u{12ff1}-\\u{12ff2}\\u{16d6d}-\\u{16d6f}" +
  "\\u{16e97}-\\u{16e9a}\\u{16fe2}\\u{1e5ff}\\u{1e95e}-\\u{1e95f}";
/** Two characters that were punctuation then, and the signs of ASCII that are none in Unicode. */
const SIGNS = "\\p{P}$+<=>^`|~\\u166d\\u{111c9}";
const PUNCTUATION = `(?:(?![${LATER_PUNCTUATION}])[${SIGNS}])`;
const SPACE = "\\p{White_Space}";
/** Rust's \w. */
const WORD = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}";

/** A pre-tokeniser that keeps what a pattern matches. */
const matches = (Regex: string): PreTokenizer =>
  ({ type: "Split", pattern: { Regex }, behavior: "Removed", invert: true }) as PreTokenizer;
/** One that cuts out what a pattern matches, each match a token of its own. */
const isolated = (Regex: string): PreTokenizer =>
  ({ type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false }) as PreTokenizer;

/**
 * The pre-tokeniser in terms that the JavaScript library computes as the original does. Its own classes of white space, punctuation
 * and digits differ from the original's.
 *
 * @returns undefined for a setting that neither way computes
 */
export function samePreTokenizer(given: PreTokenizer): PreTokenizer | undefined {
  const { behavior, invert, individual_digits: individual, pretokenizers } = given as Record<string, unknown>;
  switch (given.type) {
    case "BertPreTokenizer":
      return matches(`(?:[${LATER_PUNCTUATION}]|[^${SPACE}${SIGNS}])+|${PUNCTUATION}`);
    case "Whitespace":
      return matches(`[${WORD}]+|[^${WORD}${SPACE}]+`);
    case "WhitespaceSplit":
      return matches(`[^${SPACE}]+`);
    case "Digits":
      return isolated(individual === true ? "\\p{N}" : "\\p{N}+");
    case "Punctuation":
      if (behavior === "Contiguous") return isolated(`${PUNCTUATION}+`);
      return behavior === "Isolated" || behavior === undefined ? isolated(PUNCTUATION) : undefined;
    case "Split":
      if (invert === true) return behavior === "Removed" ? given : undefined;
      return behavior === "Removed" || behavior === "Isolated" ? given : undefined;
    case "Sequence": {
      const inner = ((pretokenizers ?? []) as PreTokenizer[]).map(samePreTokenizer);
      return inner.every((part) => part !== undefined)
        ? ({ ...given, pretokenizers: inner } as PreTokenizer)
        : undefined;
    }
    default:
      return given;
  }
}
