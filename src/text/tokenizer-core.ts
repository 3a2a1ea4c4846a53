import { Tokenizer as LibraryTokenizer } from "@huggingface/tokenizers";
import { addedTokenSplitter } from "./added-tokens.js";
import { samePreTokenizer } from "./pre-tokenizers.js";
import type { TokenizerDefinition } from "./tokenizer-definition.js";

/** Texts as ids and back, without special tokens around them. */
export interface TokenizerCore {
  ids(text: string): number[];
  decode(ids: number[]): string;
  tokenToId(token: string): number | undefined;
  idToToken(id: number): string | undefined;
  vocabSize: number;
}

/**
 * Normaliser, pre-tokeniser and model of the library, with added tokens cut out as the `tokenizers` library does it: the
 * library here (0.2.0) overlooks `single_word`, and takes added tokens for tokens of the model.
 */
export function tokenizerCore(definition: TokenizerDefinition, splitSpecial: boolean): TokenizerCore {
  const { pre_tokenizer: words } = definition;
  const parts = {
    ...definition,
    added_tokens: [],
    normalizer: smallSigmas(definition.normalizer),
    pre_tokenizer: words && (samePreTokenizer(words) ?? words),
  };
  const { normalizer, pre_tokenizer: preTokenizer, model } = new LibraryTokenizer(parts, {});
  const whole = new LibraryTokenizer(definition, {}); // knows added tokens, for decoding
  const mend = mender(definition);
  const normalise = normalizer ? (text: string) => normalizer(mend(text)) : undefined;
  const splitter = addedTokenSplitter(definition.added_tokens, normalise, splitSpecial);
  const added = new Map(definition.added_tokens.map(({ content, id }) => [content, id]));
  const modelIds = (text: string, atStart: boolean): number[] => {
    const pieces = preTokenizer ? preTokenizer(text, { section_index: atStart ? 0 : 1 }) : [text];
    const tokens: string[] = model?.(pieces) ?? [];
    const ids = tokens.map(
      (token: string): number | undefined => model?.tokens_to_ids.get(token) ?? model?.unk_token_id,
    );
    return ids.filter((id: number | undefined): id is number => id !== undefined);
  };
  return {
    ids(text) {
      const ids: number[] = [];
      for (const piece of splitter.raw(text)) {
        if ("id" in piece) {
          ids.push(piece.id);
          continue;
        }
        const normalised = normalise ? normalise(piece.text) : piece.text;
        for (const part of splitter.normalised(normalised, piece.atStart)) {
          if ("id" in part) ids.push(part.id);
          else for (const id of modelIds(part.text, part.atStart)) ids.push(id);
        }
      }
      return ids;
    },
    decode: (ids) => whole.decode(ids),
    tokenToId: (token) => added.get(token) ?? model?.tokens_to_ids.get(token),
    idToToken: (id) => whole.id_to_token(id),
    vocabSize: whole.get_vocab().size,
  };
}

/**
 * Where the library (0.2.0) does not do as the original: a capital sigma becomes σ at the end of a word too, and Han
 * characters beyond U+FFFF are words of their own for BERT's normaliser.
 */
function mender({ normalizer }: TokenizerDefinition): (text: string) => string {
  if (normalizer?.type !== "BertNormalizer") return (text) => text;
  return (text) => {
    const spaced =
      normalizer.handle_chinese_chars === false
        ? text
        : text.replace(/[\u{20000}-\u{2a6df}\u{2a700}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu, " $& ");
    return normalizer.lowercase ? spaced.replaceAll("Σ", "σ") : spaced;
  };
}

/** A normaliser that makes σ of Σ before each of its parts that makes letters small. */
function smallSigmas(normalizer: TokenizerDefinition["normalizer"]): TokenizerDefinition["normalizer"] {
  if (normalizer === null) return null;
  const { normalizers } = normalizer as { normalizers?: NonNullable<TokenizerDefinition["normalizer"]>[] };
  if (normalizer.type === "Sequence" && Array.isArray(normalizers)) {
    return { ...normalizer, normalizers: normalizers.map(smallSigmas) } as typeof normalizer;
  }
  if (normalizer.type !== "Lowercase") return normalizer;
  const sigma = { type: "Replace", pattern: { String: "Σ" }, content: "σ" };
  return { type: "Sequence", normalizers: [sigma, normalizer] } as typeof normalizer;
}
